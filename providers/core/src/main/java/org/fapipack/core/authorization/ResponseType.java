package org.fapipack.core.authorization;

import java.util.List;
import java.util.Set;

/**
 * A {@code response_type} as it was sent: a set of words, known or not.
 *
 * @param values the words, without order; empty where the parameter is missing
 * @see <a href="https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html">OAuth 2.0 Multiple Response Type Encoding Practices</a>
 */
public record ResponseType(Set<String> values) {

    private static final String CODE = "code";
    private static final String ID_TOKEN = "id_token";
    private static final String TOKEN = "token";

    /** Reads the parameter; null is none. */
    public static ResponseType of(String parameter) {
        return new ResponseType(
                parameter == null || parameter.isBlank()
                        ? Set.of()
                        : Set.copyOf(List.of(parameter.trim().split(" +", -1))));
    }

    /** Whether the answer must not be in the query: section 5, for everything that carries a token. */
    public boolean carriesToken() {
        return values.contains(ID_TOKEN) || values.contains(TOKEN);
    }

    /** Whether it asks for an access token at the authorization endpoint. */
    public boolean carriesAccessToken() {
        return values.contains(TOKEN);
    }

    /** Whether it is {@code code id_token}. */
    public boolean isCodeWithIdToken() {
        return values.equals(Set.of(CODE, ID_TOKEN));
    }
}
