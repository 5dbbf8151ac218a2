/**
 * Pushed authorization requests (RFC 9126): a {@code request_uri} is good for one authorization.
 *
 * <p>Stock Keycloak forgets a {@code request_uri} only when a login ends without consent screen, required action and
 * {@code prompt=none}; after each of those the same {@code request_uri} yields another code until it expires. Here it is consumed
 * at the moment the client is answered, whichever way the authorization ended, as section 4 of RFC 9126 and note 3 of FAPI 2.0
 * Security Profile 5.3.2.2 advise. Until then the page may be opened again.
 */
package org.fapipack.par;
