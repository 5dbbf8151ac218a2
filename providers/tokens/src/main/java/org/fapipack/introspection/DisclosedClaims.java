package org.fapipack.introspection;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Narrows what is said about an active token to what one resource server may see.
 *
 * @param scopes names of the client scopes the resource server itself has; the token loses all others
 * @param extraClaims claims it may see beyond the protocol's own
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9701.html#section-9">RFC 9701 section 9</a>
 */
record DisclosedClaims(Set<String> scopes, Set<String> extraClaims) {

    /**
     * What a resource server needs to decide about a request: the members of RFC 7662 section 2.2 except {@code username}, and
     * {@code cnf}, {@code acr}, {@code auth_time}, {@code authorization_details} by the RFCs that define them. Everything else
     * may be about a person; {@code act}, too: Keycloak writes the user name of an impersonator into it.
     */
    private static final Set<String> PROTOCOL_CLAIMS = Set.of(
            "active",
            "scope",
            "client_id",
            "token_type",
            "exp",
            "iat",
            "nbf",
            "sub",
            "aud",
            "iss",
            "jti",
            "cnf",
            "acr",
            "auth_time",
            "authorization_details");

    /** Removes from an active token's description whatever is not for this resource server. */
    ObjectNode narrow(ObjectNode description) {
        description.retain(allowed(description));
        String scope = description.path("scope").asText("");
        String narrowed =
                Arrays.stream(scope.split(" ")).filter(scopes::contains).collect(Collectors.joining(" "));
        if (narrowed.isEmpty()) {
            description.remove("scope");
        } else {
            description.put("scope", narrowed);
        }
        return description;
    }

    private Set<String> allowed(ObjectNode description) {
        return description.properties().stream()
                .map(member -> member.getKey())
                .filter(name -> PROTOCOL_CLAIMS.contains(name) || extraClaims.contains(name))
                .collect(Collectors.toSet());
    }
}
