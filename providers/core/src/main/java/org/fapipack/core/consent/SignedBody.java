package org.fapipack.core.consent;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Base64;
import java.util.regex.Pattern;

/**
 * The body of a request as a JWS, taken apart; whether the signature is good is for others to say. Base64url without padding, as it came.
 *
 * @param header the JOSE header, a JSON object without duplicate members
 * @param signingInput header and payload with a dot between
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7515.html#section-7.1">RFC 7515 section 7.1</a>
 */
public record SignedBody(JsonNode header, String signingInput, String signature) {

    private static final Pattern COMPACT = Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]*\\.[A-Za-z0-9_-]+");

    /** Reads the compact serialisation; a JWE has more parts. */
    static SignedBody read(String compact) throws ConsentRefusal {
        if (!COMPACT.matcher(compact).matches()) {
            throw malformed("the signature must be a JWS in compact serialisation");
        }
        int dot = compact.lastIndexOf('.');
        String signingInput = compact.substring(0, dot);
        JsonNode header = StrictJson.read(octets(signingInput.substring(0, signingInput.indexOf('.'))))
                .filter(JsonNode::isObject)
                .orElseThrow(() -> malformed("the JOSE header must be a JSON object, with no member twice"));
        octets(compact.substring(dot + 1));
        return new SignedBody(header, signingInput, compact.substring(dot + 1));
    }

    /** The {@code alg} of the header; empty where it has none. */
    public String algorithm() {
        return header.path("alg").asText();
    }

    /** The {@code kid} of the header; empty where it has none. */
    public String keyId() {
        return header.path("kid").asText();
    }

    byte[] payload() throws ConsentRefusal {
        return octets(signingInput.substring(signingInput.indexOf('.') + 1));
    }

    ObjectNode claims() throws ConsentRefusal {
        return StrictJson.read(payload())
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .orElseThrow(() -> malformed("the payload must be a JSON object, with no member twice"));
    }

    static String base64Url(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static byte[] octets(String base64Url) throws ConsentRefusal {
        try {
            return Base64.getUrlDecoder().decode(base64Url.getBytes(US_ASCII));
        } catch (IllegalArgumentException cutOff) {
            throw malformed("the parts of the signature must be base64url");
        }
    }

    static ConsentRefusal malformed(String description) {
        return new ConsentRefusal(ConsentDefect.MALFORMED_SIGNATURE, description);
    }
}
