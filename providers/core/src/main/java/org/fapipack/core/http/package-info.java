/** The few rules of HTTP (RFC 9110) that Keycloak does not apply for us. */
package org.fapipack.core.http;
