/**
 * What a request object (RFC 9101) must say under FAPI 2.0 Message Signing.
 *
 * <p>Wire example of the claims:
 *
 * <pre>{@code
 * {"iss":"my-client","aud":"https://as.example.com/realms/bank","nbf":1767225600,"exp":1767225900,
 *  "client_id":"my-client","response_type":"code","response_mode":"jwt","redirect_uri":"https://client.example.com/cb",
 *  "scope":"openid accounts","state":"..","code_challenge":"..","code_challenge_method":"S256"}
 * }</pre>
 */
package org.fapipack.core.requestobject;
