package org.fapipack.testkit.resource;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fapipack.testkit.http.Json;

/**
 * What a verified introspection response says about a token.
 *
 * @param members the members of {@code token_introspection}; none when the token is not active, whatever was sent
 * @param signedJwt the signed response, worth keeping as evidence
 * @param header of the signed response
 * @param claims of the signed response
 */
public record TokenIntrospection(
        boolean active,
        Map<String, Object> members,
        String signedJwt,
        Map<String, Object> header,
        Map<String, Object> claims) {

    static TokenIntrospection of(
            boolean active,
            Map<String, Object> sent,
            String signedJwt,
            Map<String, Object> header,
            Map<String, Object> claims) {
        return new TokenIntrospection(active, active ? new LinkedHashMap<>(sent) : Map.of(), signedJwt, header, claims);
    }

    public Optional<String> text(String member) {
        return Json.text(members, member);
    }

    public boolean hasScope(String scope) {
        return Arrays.asList(text("scope").orElse("").split(" ", -1)).contains(scope);
    }

    public boolean hasAudience(String audience) {
        Object value = members.get("aud");
        return audience.equals(value) || (value instanceof List<?> list && list.contains(audience));
    }

    /** A member of {@code cnf}, for example {@code jkt} or {@code x5t#S256}. */
    public Optional<String> confirmation(String name) {
        return members.get("cnf") instanceof Map<?, ?> cnf && cnf.get(name) instanceof String value
                ? Optional.of(value)
                : Optional.empty();
    }

    @Override
    public String toString() {
        return "TokenIntrospection[active=" + active + ", " + members.keySet() + "]";
    }
}
