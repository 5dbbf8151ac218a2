package org.fapipack.clientmetadata.registration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.keycloak.models.Constants;

/** The JSON types of client metadata, and how a value of each is kept in a client attribute. */
enum MemberType {
    TEXT("a string of at most %d characters".formatted(MemberType.MAX_CHARACTERS)) {
        @Override
        boolean fits(JsonNode value) {
            return isText(value, MAX_CHARACTERS);
        }
    },
    /** Kept by Keycloak in a column of that width. */
    SHORT_TEXT("a string of at most %d characters".formatted(MemberType.COLUMN_CHARACTERS)) {
        @Override
        boolean fits(JsonNode value) {
            return isText(value, COLUMN_CHARACTERS);
        }
    },
    TEXTS("an array of strings") {
        @Override
        boolean fits(JsonNode value) {
            return value.isArray()
                    && StreamSupport.stream(value.spliterator(), false).allMatch(MemberType::isListed);
        }

        @Override
        String toAttribute(JsonNode value) {
            return String.join(
                    Constants.CFG_DELIMITER,
                    StreamSupport.stream(value.spliterator(), false)
                            .map(JsonNode::asText)
                            .toList());
        }

        @Override
        JsonNode fromAttribute(String attribute) {
            List<JsonNode> texts = new ArrayList<>();
            for (String text : attribute.split(Pattern.quote(Constants.CFG_DELIMITER), -1)) {
                texts.add(TextNode.valueOf(text));
            }
            return JsonNodeFactory.instance.arrayNode().addAll(texts);
        }
    },
    BOOLEAN("true or false") {
        @Override
        boolean fits(JsonNode value) {
            return value.isBoolean();
        }

        @Override
        JsonNode fromAttribute(String attribute) {
            return JsonNodeFactory.instance.booleanNode(Boolean.parseBoolean(attribute));
        }
    },
    SECONDS("a number of seconds, 0 to %d".formatted(Integer.MAX_VALUE)) {
        @Override
        boolean fits(JsonNode value) {
            return value.isIntegralNumber() && value.canConvertToInt() && value.intValue() >= 0;
        }

        @Override
        JsonNode fromAttribute(String attribute) {
            return IntNode.valueOf(Integer.parseInt(attribute));
        }
    },
    OBJECT("a JSON object") {
        @Override
        boolean fits(JsonNode value) {
            return value.isObject();
        }
    };

    static final int MAX_CHARACTERS = 2000;
    static final int COLUMN_CHARACTERS = 255;

    private final String description;

    MemberType(String description) {
        this.description = description;
    }

    abstract boolean fits(JsonNode value);

    /** For the text of a refusal. */
    String description() {
        return description;
    }

    String toAttribute(JsonNode value) {
        return value.asText();
    }

    JsonNode fromAttribute(String attribute) {
        return TextNode.valueOf(attribute);
    }

    private static boolean isListed(JsonNode value) {
        return isText(value, MAX_CHARACTERS)
                && !value.asText().isEmpty()
                && !value.asText().contains(Constants.CFG_DELIMITER);
    }

    /** No database stores NUL, and no log should get a line break from a stranger. */
    private static boolean isText(JsonNode value, int maxCharacters) {
        return value.isTextual()
                && value.asText().length() <= maxCharacters
                && value.asText().chars().noneMatch(Character::isISOControl);
    }
}
