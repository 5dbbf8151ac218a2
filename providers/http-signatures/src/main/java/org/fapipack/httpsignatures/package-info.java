/**
 * HTTP message signatures (RFC 9421) and content digests (RFC 9530) for FAPI 2.0 resource requests and responses: the working group's draft 01
 * of "FAPI 2.0 Http Signatures", experimental until that is final.
 *
 * <p>On the wire:
 *
 * <pre>{@code
 * POST /payments HTTP/1.1
 * Host: api.bank.example
 * Authorization: DPoP at-2Yot..
 * DPoP: eyJ0..
 * Content-Digest: sha-256=:u3H6..=:
 * Signature-Input: sig1=("@method" "@target-uri" "authorization" "dpop" "content-digest");created=1767225600;keyid="k1";tag="fapi-2-request"
 * Signature: sig1=:BTle..==:
 * }</pre>
 *
 * <p>Messages are {@link org.fapipack.httpsignatures.HttpMessage}s. A client signs with {@link org.fapipack.httpsignatures.RequestSigner} and
 * verifies with {@link org.fapipack.httpsignatures.ResponseVerifier}; a resource server has the other two. Nothing here knows Keycloak, a servlet or
 * a JSON library.
 */
package org.fapipack.httpsignatures;
