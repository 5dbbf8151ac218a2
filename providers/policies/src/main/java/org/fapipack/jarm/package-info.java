/**
 * JWT-secured authorization responses (JARM): demanded, signed with an algorithm FAPI allows, and with {@code iss} once.
 *
 * <p>Stock Keycloak 26.7 writes {@code iss} twice into the payload (once as the JWT's own claim, once as the authorization response
 * parameter of RFC 9207); RFC 7519 section 4 lets a client refuse such a JWT, and strict clients do.
 */
package org.fapipack.jarm;
