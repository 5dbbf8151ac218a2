package org.fapipack.core.authorization;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The claims about a person that an authorization request asks for: by a scope, or by name for the ID token.
 *
 * @see <a href="https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims">OpenID Connect Core 5.4</a>
 */
public final class RequestedClaims {

    private static final Map<String, List<String>> OF_SCOPE = Map.of(
            "profile",
            List.of(
                    "name",
                    "family_name",
                    "given_name",
                    "middle_name",
                    "nickname",
                    "preferred_username",
                    "profile",
                    "picture",
                    "website",
                    "gender",
                    "birthdate",
                    "zoneinfo",
                    "locale",
                    "updated_at"),
            "email",
            List.of("email", "email_verified"),
            "address",
            List.of("address"),
            "phone",
            List.of("phone_number", "phone_number_verified"));

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Set<String> scopes;
    private final JsonNode claims;

    private RequestedClaims(Set<String> scopes, JsonNode claims) {
        this.scopes = scopes;
        this.claims = claims;
    }

    /**
     * What a request asks for.
     *
     * @param scope the parameter {@code scope}; null where it has none
     * @param claims the parameter {@code claims}; null where it has none; what is no JSON asks for nothing
     */
    public static RequestedClaims of(String scope, String claims) {
        return new RequestedClaims(
                scope == null ? Set.of() : Arrays.stream(scope.split(" ", -1)).collect(Collectors.toUnmodifiableSet()),
                read(claims));
    }

    private static JsonNode read(String claims) {
        try {
            return claims == null ? MAPPER.createObjectNode() : MAPPER.readTree(claims);
        } catch (JsonProcessingException notJson) {
            return MAPPER.createObjectNode();
        }
    }

    /** The standard claims about a person that nobody asked to have in the ID token. */
    public Set<String> notForTheIdToken() {
        return OF_SCOPE.entrySet().stream()
                .filter(scope -> !scopes.contains(scope.getKey()))
                .flatMap(scope -> scope.getValue().stream())
                .filter(claim -> !claims.path("id_token").has(claim))
                .collect(Collectors.toUnmodifiableSet());
    }
}
