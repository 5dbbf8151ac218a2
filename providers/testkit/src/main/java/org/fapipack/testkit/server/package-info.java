/** A real Keycloak to talk to: the unpacked distribution as a child process, or a server that already runs. */
package org.fapipack.testkit.server;
