/**
 * Sender-constrained access tokens: bound to a key by DPoP (RFC 9449) or to a certificate by mutual TLS (RFC 8705), whichever the client
 * registered. Proofs are checked before Keycloak's own check and before any grant logic, so that a bad one costs nobody a code.
 */
package org.fapipack.senderconstraint;
