/**
 * What a client assertion (RFC 7523) must say under FAPI.
 *
 * <p>Wire example of the claims:
 *
 * <pre>{@code
 * {"iss":"my-client","sub":"my-client","aud":"https://as.example.com/realms/bank","jti":"4f0c..","iat":1767225600,"exp":1767225660}
 * }</pre>
 */
package org.fapipack.core.clientassertion;
