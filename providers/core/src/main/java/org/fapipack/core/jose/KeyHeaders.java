package org.fapipack.core.jose;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/**
 * The header parameters by which a JWS brings the key that it wants to be verified with, or says where to fetch it. They are never used here: a
 * client's keys are those it registered.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8725.html#section-3.10">RFC 8725 section 3.10</a>
 */
public final class KeyHeaders {

    /** The names, as a list for people. */
    public static final String NAMES = "x5u, x5c, jku and jwk";

    private static final List<String> PARAMETERS = List.of("x5u", "x5c", "jku", "jwk");

    private KeyHeaders() {}

    /** Whether a JOSE header has one of them. */
    public static boolean areIn(JsonNode header) {
        return PARAMETERS.stream().anyMatch(header::has);
    }
}
