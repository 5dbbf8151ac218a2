package org.fapipack.consent;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.keycloak.OAuthErrorException;
import org.keycloak.util.JsonSerialization;

/** What a member of staff may say about an action: {@code {"comment": "..."}}, or no body at all. */
final class StaffComment {

    static final int MAX_CHARACTERS = 500;
    static final int MAX_BODY_BYTES = 8192;

    private static final String COMMENT = "comment";

    private static final ObjectReader READER = JsonSerialization.mapper
            .reader()
            .with(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature())
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private StaffComment() {}

    /** @param type of the body; null where there is none */
    static Optional<String> in(InputStream body, MediaType type) throws StaffRefusal {
        byte[] bytes = bytes(body);
        if (bytes.length == 0) {
            return Optional.empty();
        }
        if (bytes.length > MAX_BODY_BYTES) {
            throw new StaffRefusal(
                    Response.Status.REQUEST_ENTITY_TOO_LARGE,
                    OAuthErrorException.INVALID_REQUEST,
                    "the body may have " + MAX_BODY_BYTES + " bytes");
        }
        if (type == null || !MediaType.APPLICATION_JSON_TYPE.isCompatible(type)) {
            throw new StaffRefusal(
                    Response.Status.UNSUPPORTED_MEDIA_TYPE,
                    OAuthErrorException.INVALID_REQUEST,
                    "the body must be application/json");
        }
        return read(bytes);
    }

    private static byte[] bytes(InputStream body) throws StaffRefusal {
        try {
            return body == null ? new byte[0] : body.readNBytes(MAX_BODY_BYTES + 1);
        } catch (IOException unreadable) {
            throw malformed("the body cannot be read");
        }
    }

    private static Optional<String> read(byte[] bytes) throws StaffRefusal {
        JsonNode object;
        try {
            object = READER.readTree(bytes);
        } catch (IOException notJson) {
            throw malformed("the body must be a JSON object, with no member twice");
        }
        if (!object.isObject()) {
            throw malformed("the body must be a JSON object, with no member twice");
        }
        if (object.isEmpty()) {
            return Optional.empty();
        }
        JsonNode comment = object.path(COMMENT);
        if (object.size() > 1 || !comment.isTextual()) {
            throw malformed("the body may have a text 'comment', and nothing else");
        }
        return Optional.of(checked(comment.textValue()));
    }

    private static String checked(String comment) throws StaffRefusal {
        boolean readable = comment.chars().noneMatch(c -> Character.isISOControl(c) && c != '\n');
        if (comment.length() > MAX_CHARACTERS || comment.isBlank() || !readable) {
            throw malformed(
                    "'comment' must be a text of 1 to " + MAX_CHARACTERS + " characters, without control characters");
        }
        return comment;
    }

    private static StaffRefusal malformed(String description) {
        return new StaffRefusal(Response.Status.BAD_REQUEST, OAuthErrorException.INVALID_REQUEST, description);
    }
}
