package org.fapipack.core.jose;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;

/**
 * The readable parts of a JWS in compact serialisation. Reads only; whoever uses the claims has the signature verified elsewhere.
 *
 * @param header the JOSE header, a JSON object without duplicate members
 * @param claims the payload, a JSON object without duplicate members
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7515.html#section-3.1">RFC 7515 section 3.1</a>
 */
public record CompactJws(JsonNode header, JsonNode claims) {

    private static final JsonMapper STRICT = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** Reads {@code header.payload.signature}; empty for anything else, for duplicate members and for JSON that is no object. */
    public static Optional<CompactJws> read(String compact) {
        int first = compact.indexOf('.');
        int second = compact.indexOf('.', first + 1);
        if (first <= 0 || second < 0 || compact.indexOf('.', second + 1) >= 0) {
            return Optional.empty();
        }
        try {
            JsonNode header = object(compact.substring(0, first));
            JsonNode claims = object(compact.substring(first + 1, second));
            return header.isObject() && claims.isObject()
                    ? Optional.of(new CompactJws(header, claims))
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException notJsonOrNotBase64Url) {
            return Optional.empty();
        }
    }

    /** Reads the header of a JWS or JWE; empty where it is no JSON object or has a member twice. */
    public static Optional<JsonNode> readHeader(String compact) {
        try {
            return Optional.of(object(compact.substring(0, Math.max(0, compact.indexOf('.')))))
                    .filter(JsonNode::isObject);
        } catch (IOException | IllegalArgumentException notJsonOrNotBase64Url) {
            return Optional.empty();
        }
    }

    private static JsonNode object(String base64Url) throws IOException {
        return STRICT.readTree(Base64.getUrlDecoder().decode(base64Url));
    }
}
