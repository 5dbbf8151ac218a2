package org.fapipack.core.consent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * JSON with gaps: a text that is nothing but <code>{name}</code> stands for a text that is known later. Other texts, numbers and so on stay.
 */
record JsonTemplate(ObjectNode json) {

    private static final Pattern GAP = Pattern.compile("\\{([a-z-]+)\\}");

    /** Whether it has no gap but these. */
    boolean hasOnly(Set<String> gaps) {
        return hasOnly(json, gaps);
    }

    private static boolean hasOnly(JsonNode node, Set<String> gaps) {
        if (node.isTextual()) {
            Matcher gap = GAP.matcher(node.textValue());
            return gap.matches()
                    ? gaps.contains(gap.group(1))
                    : node.textValue().indexOf('{') < 0;
        }
        for (JsonNode child : node) {
            if (!hasOnly(child, gaps)) {
                return false;
            }
        }
        return true;
    }

    /** Of its members. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        json.fieldNames().forEachRemaining(names::add);
        return names;
    }

    /** A copy with the gaps filled. */
    ObjectNode filled(Map<String, String> values) {
        return (ObjectNode) filled(json, values);
    }

    private static JsonNode filled(JsonNode node, Map<String, String> values) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = JsonNodeFactory.instance.objectNode();
            object.properties().forEach(member -> copy.set(member.getKey(), filled(member.getValue(), values)));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = JsonNodeFactory.instance.arrayNode();
            array.forEach(element -> copy.add(filled(element, values)));
            return copy;
        }
        Matcher gap = GAP.matcher(node.isTextual() ? node.textValue() : "");
        return gap.matches() ? JsonNodeFactory.instance.textNode(values.get(gap.group(1))) : node;
    }
}
