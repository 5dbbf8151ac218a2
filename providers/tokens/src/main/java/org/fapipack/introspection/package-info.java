/**
 * Token introspection with signed responses (RFC 9701).
 *
 * <p>A resource server asks by {@code Accept: application/token-introspection+jwt} and gets a JWT of the type
 * {@code token-introspection+jwt}, signed with a key of the realm and, where it registered an encryption key, encrypted to it:
 *
 * <pre>{@code
 * {"typ":"token-introspection+jwt","alg":"PS256","kid":".."}
 * {"iss":"https://as.example.com/realms/bank","aud":"accounts-api","iat":1767225600,"jti":"..",
 *  "token_introspection":{"active":true,"client_id":"app","scope":"accounts","cnf":{"jkt":".."},"exp":1767225900,..}}
 * }</pre>
 *
 * <p>Holds for clients under a policy that lists {@code fapi-signed-introspection}; everybody else is answered by the stock
 * provider. Where the texts are silent: a client without the marker {@code fapi.resource.server} is told that every token is
 * inactive, {@code scope} is narrowed to the client scopes the resource server itself has, claims about the user are
 * left out unless the resource server's {@code fapi.introspection.claims} names them, and nothing falls back to JSON or to an
 * unencrypted answer when a key is missing.
 */
package org.fapipack.introspection;
