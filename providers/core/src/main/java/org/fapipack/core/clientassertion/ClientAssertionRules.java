package org.fapipack.core.clientassertion;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.fapipack.core.jose.FapiAlgorithms;
import org.fapipack.core.jose.KeyHeaders;
import org.fapipack.core.jose.NumericDate;

/**
 * What a client assertion must say before its signature is worth a look.
 *
 * <p>Looks at the JOSE header and the claims only. Immutable.
 *
 * @param algorithms the JWS algorithms an assertion may be signed with, by the names of {@link FapiAlgorithms}
 * @param maxLifetime longest time from now to {@code exp}, and since {@code iat}, inclusive
 * @param clockSkew how far the client's clock may be off: {@code iat} and {@code nbf} may lie so far ahead, inclusive, and {@code exp}
 *     so far back, exclusive
 * @param audienceArrays whether {@code aud} may be an array and name an endpoint, as FAPI 1.0 asks; FAPI 2.0 wants the issuer as one string
 * @param keyHeaders whether the header may have {@linkplain KeyHeaders key parameters}, which are ignored then
 * @see <a href="https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.3.2.1">FAPI 2.0 Security Profile 5.3.2.1</a>
 */
public record ClientAssertionRules(
        List<String> algorithms, Duration maxLifetime, Duration clockSkew, boolean audienceArrays, boolean keyHeaders) {

    /** RFC 7519 section 5.1 and the explicit type that the successor of RFC 7523 defines. */
    private static final Set<String> TYPES = Set.of("jwt", "client-authentication+jwt");

    private static final String MEDIA_TYPE_PREFIX = "application/";

    /** Longer ones are nobody's random value; the limit keeps what the replay guard has to read small. */
    private static final int MAX_JTI_LENGTH = 512;

    /**
     * Finds the first defect.
     *
     * @param header the JWS header
     * @param claims the payload
     * @param clientId the client that the request says it comes from
     * @param issuer the issuer identifier of this authorization server
     * @param endpoints the addresses of its endpoints that an audience may name where {@code audienceArrays} is on; not asked otherwise
     * @param now the server's time
     * @return empty when the assertion keeps all rules
     */
    public Optional<ClientAssertionDefect> firstDefect(
            JsonNode header,
            JsonNode claims,
            String clientId,
            String issuer,
            Supplier<List<String>> endpoints,
            Instant now) {
        return headerDefect(header)
                .or(() -> partiesDefect(claims, clientId, issuer, endpoints))
                .or(() -> timeDefect(claims, now))
                .or(() -> idDefect(claims));
    }

    /**
     * How long the assertion could be used again if nobody remembered it.
     *
     * @return at least one second for an assertion without defect
     */
    public Duration remainingLife(JsonNode claims, Instant now) {
        return Duration.between(now, NumericDate.of(claims.get("exp")).plus(clockSkew));
    }

    private Optional<ClientAssertionDefect> headerDefect(JsonNode header) {
        if (!algorithms.contains(FapiAlgorithms.canonical(header.path("alg").asText()))) {
            return defect(
                    "alg_not_allowed",
                    "the client assertion must be signed with one of " + String.join(", ", algorithms));
        }
        if (header.has("crit")) {
            // RFC 7515 section 4.1.11: an extension we do not understand; we understand none.
            return defect("crit_not_understood", "the client assertion's header must not contain crit");
        }
        if (!keyHeaders && KeyHeaders.areIn(header)) {
            return defect("key_in_header", "the client assertion's header must contain none of " + KeyHeaders.NAMES);
        }
        if (header.has("typ") && !TYPES.contains(type(header.path("typ").asText()))) {
            return defect("typ_not_allowed", "the client assertion's typ must be client-authentication+jwt");
        }
        return Optional.empty();
    }

    private static String type(String typ) {
        String lower = typ.toLowerCase(Locale.ROOT);
        return lower.startsWith(MEDIA_TYPE_PREFIX) ? lower.substring(MEDIA_TYPE_PREFIX.length()) : lower;
    }

    private Optional<ClientAssertionDefect> partiesDefect(
            JsonNode claims, String clientId, String issuer, Supplier<List<String>> endpoints) {
        if (!isText(claims.get("iss"), clientId)) {
            return defect("iss_not_client", "the client assertion's iss must be the client_id");
        }
        if (!isText(claims.get("sub"), clientId)) {
            return defect("sub_not_client", "the client assertion's sub must be the client_id");
        }
        JsonNode audience = claims.get("aud");
        if (audienceArrays) {
            return namesAny(audience, issuer, endpoints)
                    ? Optional.empty()
                    : defect(
                            "aud_not_server",
                            "the client assertion's aud must name the issuer identifier or the endpoint of this authorization server");
        }
        return isText(audience, issuer)
                ? Optional.empty()
                : defect(
                        "aud_not_issuer",
                        "the client assertion's aud must be the issuer identifier of this authorization server, as one string");
    }

    private static boolean namesAny(JsonNode audience, String issuer, Supplier<List<String>> endpoints) {
        if (audience == null) {
            return false;
        }
        if (audience.isTextual()) {
            return audience.asText().equals(issuer) || endpoints.get().contains(audience.asText());
        }
        for (JsonNode member : audience) {
            if (member.isTextual() && namesAny(member, issuer, endpoints)) {
                return true;
            }
        }
        return false;
    }

    private Optional<ClientAssertionDefect> timeDefect(JsonNode claims, Instant now) {
        if (!NumericDate.is(claims.get("exp"))) {
            return defect("exp_missing", "the client assertion must contain exp as a number of seconds");
        }
        for (String member : List.of("iat", "nbf")) {
            if (claims.has(member) && !NumericDate.is(claims.get(member))) {
                return defect(
                        member + "_not_a_time", "the client assertion's " + member + " must be a number of seconds");
            }
            if (claims.has(member) && NumericDate.of(claims.get(member)).isAfter(now.plus(clockSkew))) {
                return defect(member + "_in_future", "the client assertion's " + member + " lies in the future");
            }
        }
        Instant expires = NumericDate.of(claims.get("exp"));
        if (!now.isBefore(expires.plus(clockSkew))) {
            return defect("assertion_expired", "the client assertion has expired");
        }
        if (expires.isAfter(now.plus(maxLifetime))) {
            return defect(
                    "exp_too_far",
                    "the client assertion's exp may lie at most " + maxLifetime.toSeconds() + " seconds ahead");
        }
        if (claims.has("iat") && NumericDate.of(claims.get("iat")).isBefore(now.minus(maxLifetime))) {
            return defect(
                    "iat_too_old",
                    "the client assertion's iat may lie at most " + maxLifetime.toSeconds() + " seconds back");
        }
        return Optional.empty();
    }

    private static Optional<ClientAssertionDefect> idDefect(JsonNode claims) {
        JsonNode id = claims.get("jti");
        if (id == null || !id.isTextual() || id.asText().isEmpty()) {
            return defect("jti_missing", "the client assertion must contain jti");
        }
        if (id.asText().length() > MAX_JTI_LENGTH) {
            return defect(
                    "jti_too_long", "the client assertion's jti may have at most " + MAX_JTI_LENGTH + " characters");
        }
        return Optional.empty();
    }

    private static boolean isText(JsonNode node, String expected) {
        return node != null && node.isTextual() && node.asText().equals(expected);
    }

    private static Optional<ClientAssertionDefect> defect(String reason, String description) {
        return Optional.of(new ClientAssertionDefect(reason, description));
    }
}
