/** Keycloak's Admin API over plain HTTP: realms, clients, users, policies, keys, events. */
package org.fapipack.testkit.admin;
