/**
 * Client authentication as FAPI wants it: which methods a client may use, and what a client assertion has to say, at every endpoint
 * that authenticates and before any of its logic, so that a bad assertion costs nobody a code.
 *
 * <p>Keycloak's own authenticators are replaced by id; each asks the client policies first and is stock for a client without rules.
 */
package org.fapipack.clientauth;
