package org.fapipack.core.consent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * A signature beside the body, in an HTTP header, with what it says in its JOSE header.
 *
 * @param header of HTTP, with the JWS without its payload
 * @param claimPrefix how the JOSE header calls {@code iat}, {@code iss} and {@code tan}
 * @param trustAnchor the {@code tan}: who vouches for the keys
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7515.html#appendix-F">RFC 7515 appendix F</a>
 */
record DetachedSignature(String header, String claimPrefix, String trustAnchor) {

    private static final Pattern DETACHED = Pattern.compile("[A-Za-z0-9_-]+\\.\\.[A-Za-z0-9_-]+");

    private static final Set<String> REGISTERED = Set.of("alg", "typ", "cty", "kid", "crit");
    private static final String TYPE = "JOSE";
    private static final String CONTENT_TYPE = "application/json";
    private static final Set<String> CONTENT_TYPES = Set.of("json", CONTENT_TYPE);

    SignedBody read(byte[] body, List<String> sent) throws ConsentRefusal {
        if (sent.isEmpty()) {
            throw new ConsentRefusal(ConsentDefect.MISSING_SIGNATURE, "the header " + header + " is missing");
        }
        if (sent.size() > 1 || !DETACHED.matcher(sent.get(0)).matches()) {
            throw SignedBody.malformed("the header " + header + " must have one JWS without its payload");
        }
        return SignedBody.read(sent.get(0).replace("..", '.' + SignedBody.base64Url(body) + '.'));
    }

    /** The JOSE header has what is listed in the ecosystem's rules, all of it, and nothing else. */
    void checkHeader(JsonNode jose) throws ConsentRefusal {
        Set<String> critical = critical();
        for (Iterator<String> names = jose.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!REGISTERED.contains(name) && !critical.contains(name)) {
                throw SignedBody.malformed("the JOSE header has a member that is not known here");
            }
        }
        for (String name : critical) {
            if (!jose.has(name)) {
                throw new ConsentRefusal(ConsentDefect.MISSING_CLAIM, "the JOSE header must have " + name);
            }
        }
        if (!jose.has("crit") || !jose.has("kid")) {
            throw new ConsentRefusal(ConsentDefect.MISSING_CLAIM, "the JOSE header must have kid and crit");
        }
        JsonNode crit = jose.get("crit");
        if (!crit.isArray()
                || crit.size() != critical.size()
                || !StreamSupport.stream(crit.spliterator(), false)
                        .map(JsonNode::asText)
                        .collect(Collectors.toSet())
                        .equals(critical)) {
            throw wrong("crit must list "
                    + String.join(", ", critical.stream().sorted().toList()));
        }
        if (jose.has("typ") && !TYPE.equals(jose.get("typ").textValue())) {
            throw wrong("typ must be " + TYPE);
        }
        if (jose.has("cty") && !CONTENT_TYPES.contains(jose.get("cty").asText())) {
            throw wrong("cty must be " + CONTENT_TYPE);
        }
    }

    void checkTrustAnchor(JsonNode jose) throws ConsentRefusal {
        if (!trustAnchor.equals(jose.path(claimPrefix + "tan").textValue())) {
            throw wrong(claimPrefix + "tan must be " + trustAnchor);
        }
    }

    JsonNode issuer(JsonNode jose) {
        return jose.path(claimPrefix + "iss");
    }

    JsonNode issued(JsonNode jose) {
        return jose.path(claimPrefix + "iat");
    }

    /** The JOSE header of an answer, without {@code alg} and {@code kid}. */
    ObjectNode joseHeader(String server, Instant now) {
        ObjectNode jose = JsonNodeFactory.instance
                .objectNode()
                .put("typ", TYPE)
                .put("cty", CONTENT_TYPE)
                .put(claimPrefix + "iat", now.getEpochSecond())
                .put(claimPrefix + "iss", server)
                .put(claimPrefix + "tan", trustAnchor);
        critical().stream().sorted().forEach(jose.putArray("crit")::add);
        return jose;
    }

    private Set<String> critical() {
        return Set.of(claimPrefix + "iat", claimPrefix + "iss", claimPrefix + "tan");
    }

    private static ConsentRefusal wrong(String description) {
        return new ConsentRefusal(ConsentDefect.WRONG_CLAIM, description);
    }
}
