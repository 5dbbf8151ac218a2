package org.fapipack.introspection;

import org.fapipack.core.http.AcceptHeader;

/**
 * In which form an introspection request is answered.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9701.html#section-4">RFC 9701 section 4</a>
 */
enum IntrospectionFormat {
    /** Plain JSON, RFC 7662. */
    JSON,
    /** A JWT, RFC 9701. */
    JWT,
    /** The request accepts neither what exists nor what is allowed: 406. */
    NOT_ACCEPTABLE;

    /** The media type of RFC 9701. */
    static final String TOKEN_INTROSPECTION_JWT = "application/token-introspection+jwt";

    private static final String APPLICATION_JSON = "application/json";

    /**
     * Chooses the form.
     *
     * <p>The JWT is chosen when it is named and not less wanted than JSON, so wildcards keep getting JSON as RFC 7662 promises.
     *
     * @param accept what the request accepts
     * @param signedOnly whether this resource server gets signed responses only: then a wildcard means the JWT, and a request that
     *     accepts only JSON is not acceptable, which stops a downgrade by a forged {@code Accept}
     */
    static IntrospectionFormat choose(AcceptHeader accept, boolean signedOnly) {
        double jwt = accept.quality(TOKEN_INTROSPECTION_JWT);
        double json = accept.quality(APPLICATION_JSON);
        if (signedOnly) {
            return jwt > 0 ? JWT : NOT_ACCEPTABLE;
        }
        if (accept.names(TOKEN_INTROSPECTION_JWT) && jwt >= json) {
            return JWT;
        }
        return json > 0 ? JSON : NOT_ACCEPTABLE;
    }
}
