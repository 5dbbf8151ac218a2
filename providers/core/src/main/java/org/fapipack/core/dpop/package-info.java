/**
 * What a DPoP proof (RFC 9449) must say under FAPI.
 *
 * <p>Wire example, header and claims:
 *
 * <pre>{@code
 * {"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"..","y":".."}}
 * {"jti":"4f0c..","htm":"POST","htu":"https://as.example.com/realms/bank/protocol/openid-connect/token","iat":1767225600}
 * }</pre>
 */
package org.fapipack.core.dpop;
