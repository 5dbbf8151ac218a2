/** Parameters of authorization requests (RFC 6749 section 4.1.1), read without Keycloak's parser, which throws at what it does not know. */
package org.fapipack.core.authorization;
