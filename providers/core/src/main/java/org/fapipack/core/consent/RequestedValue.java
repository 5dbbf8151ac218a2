package org.fapipack.core.consent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an authorization request wants a claim about the customer to say (OpenID Connect Core, section 5.5.1).
 *
 * @param userAttribute name of the attribute of the user that says it
 * @param anyOf what one of its values has to be
 */
public record RequestedValue(String userAttribute, Set<String> anyOf) {

    /**
     * Reads the parameter {@code claims}. A {@code value} that is a list has to be the user's as a whole.
     *
     * @param attributes by the names of the claims that are looked at
     * @throws AuthorizationRefusal if the parameter, or a value in it, does not have the right form
     */
    static List<RequestedValue> in(String claims, Map<String, String> attributes) throws AuthorizationRefusal {
        ObjectNode requested = StrictJson.read(claims)
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .orElseThrow(RequestedValue::malformed);
        List<RequestedValue> values = new ArrayList<>();
        for (String target : List.of("id_token", "userinfo")) {
            for (Map.Entry<String, String> known : attributes.entrySet()) {
                JsonNode claim = requested.path(target).path(known.getKey());
                if (claim.has("value")) {
                    for (String value : texts(claim.get("value"))) {
                        values.add(new RequestedValue(known.getValue(), Set.of(value)));
                    }
                }
                if (claim.has("values")) {
                    values.add(new RequestedValue(known.getValue(), texts(claim.get("values"))));
                }
            }
        }
        return List.copyOf(values);
    }

    /** A text is a list of one. */
    private static Set<String> texts(JsonNode node) throws AuthorizationRefusal {
        Set<String> texts = new HashSet<>();
        if (node.isTextual()) {
            texts.add(node.textValue());
        }
        for (JsonNode element : node) {
            if (!node.isArray() || !element.isTextual()) {
                throw malformed();
            }
            texts.add(element.textValue());
        }
        if (texts.isEmpty()) {
            throw malformed();
        }
        return Set.copyOf(texts);
    }

    private static AuthorizationRefusal malformed() {
        return new AuthorizationRefusal(
                AuthorizationDefect.MALFORMED, "the value that a claim is requested with must be a text or texts");
    }
}
