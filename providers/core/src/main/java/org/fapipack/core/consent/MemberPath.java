package org.fapipack.core.consent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Where a value is in a JSON object: the names of the members on the way, the last of which holds it. */
record MemberPath(List<String> names) {

    /** Reads names with dots in between. */
    static MemberPath of(String text) {
        return new MemberPath(List.of(text.split("\\.", -1)));
    }

    String first() {
        return names.get(0);
    }

    /** The value, or a missing node. */
    JsonNode in(ObjectNode object) {
        JsonNode node = object;
        for (String name : names) {
            node = node.isObject() ? node.path(name) : MissingNode.getInstance();
        }
        return node;
    }

    /** Whether something that is no object stands on the way, so that no value can be put there. */
    boolean isBlockedIn(ObjectNode object) {
        JsonNode node = object;
        for (String name : names.subList(0, names.size() - 1)) {
            node = node.path(name);
            if (!node.isMissingNode() && !node.isObject()) {
                return true;
            }
        }
        return false;
    }

    /** Puts a value there; members on the way are made where they are missing. */
    void put(ObjectNode object, JsonNode value) {
        ObjectNode node = object;
        for (String name : names.subList(0, names.size() - 1)) {
            node = node.withObjectProperty(name);
        }
        node.set(names.get(names.size() - 1), value);
    }

    @Override
    public String toString() {
        return String.join(".", names);
    }
}
