package org.fapipack.core.dpop;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fapipack.core.jose.NumericDate;

/**
 * What a DPoP proof must say before its signature is worth a look.
 *
 * <p>Looks at the JOSE header and the claims only. Immutable.
 *
 * @param algorithms the JWS algorithms a proof may be signed with
 * @param maxAge longest time since {@code iat}, inclusive
 * @param clockSkew how far ahead of our clock {@code iat} and {@code nbf} may be, inclusive
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9449.html#section-4.3">RFC 9449 section 4.3</a>
 */
public record DpopProofRules(List<String> algorithms, Duration maxAge, Duration clockSkew) {

    private static final String TYPE = "dpop+jwt";

    /** RFC 7518 section 6: the members of a JWK that only its owner may know. */
    private static final Set<String> PRIVATE_MEMBERS = Set.of("d", "p", "q", "dp", "dq", "qi", "oth", "k");

    /** Longer ones are nobody's random value; the limit keeps what the replay guard has to read small. */
    private static final int MAX_JTI_LENGTH = 512;

    /**
     * The request a proof is for.
     *
     * @param method HTTP method, upper case
     * @param uri the address the request was sent to
     * @param accessTokenHash what {@code ath} must be; empty where no access token comes with the proof
     */
    public record Request(String method, String uri, Optional<String> accessTokenHash) {}

    /**
     * Finds the first defect.
     *
     * @param header the JWS header
     * @param claims the payload
     * @param now the server's time
     * @return empty when the proof keeps all rules
     */
    public Optional<DpopProofDefect> firstDefect(JsonNode header, JsonNode claims, Request request, Instant now) {
        return headerDefect(header)
                .or(() -> requestDefect(claims, request))
                .or(() -> timeDefect(claims, now))
                .or(() -> idDefect(claims));
    }

    /** How long the proof could be used again if nobody remembered it; not negative for a proof without defect. */
    public Duration remainingLife(JsonNode claims, Instant now) {
        return Duration.between(now, NumericDate.of(claims.get("iat")).plus(maxAge))
                .plusSeconds(1);
    }

    private Optional<DpopProofDefect> headerDefect(JsonNode header) {
        if (!TYPE.equals(header.path("typ").asText())) {
            return defect("typ_not_allowed", "the DPoP proof's typ must be dpop+jwt");
        }
        if (!algorithms.contains(header.path("alg").asText())) {
            return defect(
                    "alg_not_allowed", "the DPoP proof must be signed with one of " + String.join(", ", algorithms));
        }
        if (header.has("crit")) {
            // RFC 7515 section 4.1.11: an extension we do not understand; we understand none.
            return defect("crit_not_understood", "the DPoP proof's header must not contain crit");
        }
        JsonNode key = header.path("jwk");
        if (!key.isObject()) {
            return defect("jwk_missing", "the DPoP proof's header must contain jwk");
        }
        return PRIVATE_MEMBERS.stream().anyMatch(key::has)
                ? defect("jwk_private", "the DPoP proof's jwk must not contain private or symmetric key members")
                : Optional.empty();
    }

    private static Optional<DpopProofDefect> requestDefect(JsonNode claims, Request request) {
        if (!isText(claims.get("htm"), request.method())) {
            return defect("htm_wrong", "the DPoP proof's htm must be the HTTP method of the request");
        }
        JsonNode htu = claims.get("htu");
        Optional<String> target =
                htu != null && htu.isTextual() ? TargetUri.normalized(htu.asText()) : Optional.empty();
        if (target.isEmpty() || !target.equals(TargetUri.normalized(request.uri()))) {
            return defect("htu_wrong", "the DPoP proof's htu must be the address of the request");
        }
        return request.accessTokenHash().isPresent()
                        && !isText(claims.get("ath"), request.accessTokenHash().get())
                ? defect("ath_wrong", "the DPoP proof's ath must be the hash of the access token")
                : Optional.empty();
    }

    private Optional<DpopProofDefect> timeDefect(JsonNode claims, Instant now) {
        if (!NumericDate.is(claims.get("iat"))) {
            return defect("iat_missing", "the DPoP proof must contain iat as a number of seconds");
        }
        Instant issuedAt = NumericDate.of(claims.get("iat"));
        if (issuedAt.isAfter(now.plus(clockSkew))) {
            return defect("iat_in_future", "the DPoP proof's iat lies in the future");
        }
        if (issuedAt.isBefore(now.minus(maxAge))) {
            return defect(
                    "proof_too_old", "the DPoP proof's iat may lie at most " + maxAge.toSeconds() + " seconds back");
        }
        for (String member : List.of("nbf", "exp")) {
            if (claims.has(member) && !NumericDate.is(claims.get(member))) {
                return defect(member + "_not_a_time", "the DPoP proof's " + member + " must be a number of seconds");
            }
        }
        if (claims.has("nbf") && NumericDate.of(claims.get("nbf")).isAfter(now.plus(clockSkew))) {
            return defect("nbf_in_future", "the DPoP proof's nbf lies in the future");
        }
        if (claims.has("exp") && !now.isBefore(NumericDate.of(claims.get("exp")).plus(clockSkew))) {
            return defect("proof_expired", "the DPoP proof has expired");
        }
        return Optional.empty();
    }

    private static Optional<DpopProofDefect> idDefect(JsonNode claims) {
        JsonNode id = claims.get("jti");
        if (id == null || !id.isTextual() || id.asText().isBlank()) {
            return defect("jti_missing", "the DPoP proof must contain jti");
        }
        return id.asText().length() > MAX_JTI_LENGTH
                ? defect("jti_too_long", "the DPoP proof's jti may have at most " + MAX_JTI_LENGTH + " characters")
                : Optional.empty();
    }

    private static boolean isText(JsonNode node, String expected) {
        return node != null && node.isTextual() && node.asText().equals(expected);
    }

    private static Optional<DpopProofDefect> defect(String reason, String description) {
        return Optional.of(new DpopProofDefect(reason, description));
    }
}
