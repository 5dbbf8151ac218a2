package org.fapipack.core.consent;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.fapipack.core.jose.FapiAlgorithms;
import org.fapipack.core.jose.KeyHeaders;
import org.fapipack.core.jose.NumericDate;

/**
 * How the bodies of an ecosystem's consent API are signed: what requests have to say, and what answers do. Immutable.
 *
 * @param algorithms that requests may be signed with, by the names of {@link FapiAlgorithms}; answers have the first
 * @param maxAge longest time since a request was signed, inclusive
 * @param clockSkew how far that may lie ahead, inclusive
 * @param remembered how long the {@code jti} of a request is used up; of no interest where signatures are detached
 * @param clientAttribute with the client's name in bodies; where that is empty, or the client has no such attribute, it is the client id
 * @param audienceIsIssuer whether requests are for the realm's issuer identifier, not for the address they are sent to
 * @param serverName the server's name in bodies; the realm's issuer identifier where it is empty
 * @param statuses of answers that are signed; all where it is empty
 * @param detached where signatures are beside the bodies; where that is empty, bodies are JWTs
 */
public record SignedBodies(
        List<String> algorithms,
        Duration maxAge,
        Duration clockSkew,
        Duration remembered,
        Optional<String> clientAttribute,
        boolean audienceIsIssuer,
        Optional<String> serverName,
        Set<Integer> statuses,
        Optional<DetachedSignature> detached) {

    /** What a JWT has beside the consent. */
    static final Set<String> CLAIMS = Set.of("iss", "aud", "iat", "jti", "exp", "nbf");

    private static final String TYPE = "JWT";

    /** Longer ones are nobody's random value; the limit keeps what the replay guard has to read small. */
    private static final int MAX_ID_CHARACTERS = 512;

    /** Of bodies, both ways. */
    public String mediaType() {
        return detached.isPresent() ? "application/json" : "application/jwt";
    }

    /** The HTTP header with the signature; empty where it is in the body. */
    public Optional<String> header() {
        return detached.map(DetachedSignature::header);
    }

    /** Whether answers with the status are signed. */
    public boolean areSigned(int status) {
        return statuses.isEmpty() || statuses.contains(status);
    }

    /**
     * Takes a request apart.
     *
     * @param sent the values of {@link #header}
     * @throws ConsentRefusal if it is no JWS, or one whose signature need not be looked at
     */
    public SignedBody read(byte[] body, List<String> sent) throws ConsentRefusal {
        SignedBody signed =
                detached.isPresent() ? detached.get().read(body, sent) : SignedBody.read(new String(body, UTF_8));
        checkHeader(signed.header());
        return signed;
    }

    private void checkHeader(JsonNode header) throws ConsentRefusal {
        if (detached.isPresent()) {
            detached.get().checkHeader(header);
        } else if (header.has("crit")) {
            // RFC 7515 section 4.1.11: an extension we do not understand; we understand none.
            throw bad("the JOSE header must not have crit");
        } else if (header.has("typ") && !TYPE.equals(header.get("typ").asText().toUpperCase(Locale.ROOT))) {
            throw bad("typ must be " + TYPE);
        }
        if (!algorithms.contains(FapiAlgorithms.canonical(header.path("alg").asText()))) {
            throw bad("the body must be signed with one of " + String.join(", ", algorithms));
        }
        if (KeyHeaders.areIn(header)) {
            throw bad("the JOSE header must have none of " + KeyHeaders.NAMES);
        }
        if (!header.path("kid").isTextual()) {
            throw bad("the JOSE header must have kid");
        }
    }

    /**
     * Checks what a request says of itself.
     *
     * @param body whose signature is the client's
     * @return its {@code jti}, which can be used once; empty where signatures are detached, which have none
     */
    public Optional<String> check(SignedBody body, BodyParties parties, Instant now) throws ConsentRefusal {
        if (detached.isPresent()) {
            JsonNode header = body.header();
            detached.get().checkTrustAnchor(header);
            checkIssuer(detached.get().issuer(header), parties);
            checkIssued(detached.get().issued(header), now);
            return Optional.empty();
        }
        ObjectNode claims = body.claims();
        checkIssuer(claims.path("iss"), parties);
        checkAudience(claims.path("aud"), parties);
        checkIssued(claims.path("iat"), now);
        checkValidity(claims, now);
        return Optional.of(id(claims.path("jti")));
    }

    /** The consent that a request is about, as JSON; the octets received where signatures are detached. */
    public byte[] json(SignedBody body) throws ConsentRefusal {
        return detached.isPresent()
                ? body.payload()
                : StrictJson.write(body.claims().remove(CLAIMS)).getBytes(UTF_8);
    }

    private static void checkIssuer(JsonNode issuer, BodyParties parties) throws ConsentRefusal {
        if (isMissing(issuer)) {
            throw missing("iss");
        }
        if (!parties.client().equals(issuer.textValue())) {
            throw wrong("iss must be the name of the client");
        }
    }

    private static void checkAudience(JsonNode audience, BodyParties parties) throws ConsentRefusal {
        if (isMissing(audience)) {
            throw missing("aud");
        }
        boolean isFor = audience.isArray()
                ? StreamSupport.stream(audience.spliterator(), false)
                        .anyMatch(one -> parties.audience().equals(one.textValue()))
                : parties.audience().equals(audience.textValue());
        if (!isFor) {
            throw wrong("aud must be " + parties.audience());
        }
    }

    private void checkIssued(JsonNode issued, Instant now) throws ConsentRefusal {
        if (isMissing(issued)) {
            throw missing("iat");
        }
        if (!NumericDate.is(issued)) {
            throw wrong("iat must be a number of seconds");
        }
        Instant at = NumericDate.of(issued);
        Instant second = now.truncatedTo(ChronoUnit.SECONDS);
        if (at.isBefore(second.minus(maxAge)) || at.isAfter(second.plus(clockSkew))) {
            throw wrong("iat may lie at most %d seconds back and %d seconds ahead"
                    .formatted(maxAge.toSeconds(), clockSkew.toSeconds()));
        }
    }

    /** RFC 7519 sections 4.1.4 and 4.1.5: nobody needs them, but they hold. */
    private void checkValidity(ObjectNode claims, Instant now) throws ConsentRefusal {
        JsonNode expires = claims.path("exp");
        if (!expires.isMissingNode() && !(NumericDate.is(expires) && now.isBefore(NumericDate.of(expires)))) {
            throw wrong("exp must be a number of seconds that lies ahead");
        }
        JsonNode notBefore = claims.path("nbf");
        if (!notBefore.isMissingNode()
                && !(NumericDate.is(notBefore) && !NumericDate.of(notBefore).isAfter(now.plus(clockSkew)))) {
            throw wrong("nbf must be a number of seconds that has passed");
        }
    }

    private static String id(JsonNode id) throws ConsentRefusal {
        if (isMissing(id) || id.asText().isEmpty()) {
            throw missing("jti");
        }
        if (!id.isTextual() || id.textValue().length() > MAX_ID_CHARACTERS) {
            throw wrong("jti must be a text of %d characters at most".formatted(MAX_ID_CHARACTERS));
        }
        return id.textValue();
    }

    /**
     * What the server signs: JOSE header and payload of an answer, with a dot between.
     *
     * @param json of the answer
     * @param id the {@code jti}; of no interest where signatures are detached
     */
    public String signingInput(String json, BodyParties parties, String keyId, String id, Instant now) {
        ObjectNode header = detached.map(signature -> signature.joseHeader(parties.server(), now))
                .orElseGet(() -> JsonNodeFactory.instance.objectNode().put("typ", TYPE));
        header.put("alg", algorithms.get(0)).put("kid", keyId);
        String payload = detached.isPresent() ? json : withClaims(json, parties, id, now);
        return SignedBody.base64Url(StrictJson.write(header).getBytes(UTF_8))
                + '.'
                + SignedBody.base64Url(payload.getBytes(UTF_8));
    }

    private static String withClaims(String json, BodyParties parties, String id, Instant now) {
        ObjectNode claims = (ObjectNode) StrictJson.read(json).orElseThrow();
        claims.put("iss", parties.server())
                .put("aud", parties.client())
                .put("iat", now.getEpochSecond())
                .put("jti", id);
        return StrictJson.write(claims);
    }

    /** The signed answer: the body, or the value of {@link #header}. */
    public String signed(String signingInput, byte[] signature) {
        String kept = detached.isPresent() ? signingInput.substring(0, signingInput.indexOf('.') + 1) : signingInput;
        return kept + '.' + SignedBody.base64Url(signature);
    }

    private static boolean isMissing(JsonNode claim) {
        return claim.isMissingNode() || claim.isNull();
    }

    private static ConsentRefusal bad(String description) {
        return new ConsentRefusal(ConsentDefect.BAD_SIGNATURE, description);
    }

    private static ConsentRefusal missing(String claim) {
        return new ConsentRefusal(ConsentDefect.MISSING_CLAIM, claim + " is missing");
    }

    private static ConsentRefusal wrong(String description) {
        return new ConsentRefusal(ConsentDefect.WRONG_CLAIM, description);
    }
}
