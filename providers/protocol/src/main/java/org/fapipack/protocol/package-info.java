/**
 * The pack's override of Keycloak's {@code openid-connect} protocol. It decides nothing: each class hands one stock seam to the
 * capability that needs it, and behaves as stock for clients that no policy of ours applies to.
 *
 * <p>Only one extension per server can override this protocol; another one that does is a conflict an operator has to solve.
 */
package org.fapipack.protocol;
