package org.fapipack.core.requestobject;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.fapipack.core.jose.KeyHeaders;
import org.fapipack.core.jose.NumericDate;

/**
 * What a signed request object must say before a pushed authorization request is accepted.
 *
 * <p>Looks at the JOSE header and the claims only; that the signature is the client's has been verified before. Immutable.
 *
 * @param maxLifetime longest time from {@code nbf} to {@code exp}, inclusive
 * @param maxAge longest time since {@code nbf}, inclusive
 * @param clockSkew how far ahead of our clock {@code nbf} and {@code iat} may be, inclusive
 * @param algorithms the JWS algorithms a request object may be signed with
 * @param keyHeaders whether a header may have {@linkplain KeyHeaders key parameters}, which are ignored then
 * @see <a href="https://openid.net/specs/fapi-message-signing-2_0-final.html#section-5.3.1">FAPI 2.0 Message Signing 5.3.1</a>
 */
public record RequestObjectRules(
        Duration maxLifetime, Duration maxAge, Duration clockSkew, List<String> algorithms, boolean keyHeaders) {

    /** RFC 9101 section 10.8: the only explicit type; {@code JWT} is what libraries write by default. */
    private static final Set<String> TYPES = Set.of("oauth-authz-req+jwt", "jwt");

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static final String MEDIA_TYPE_PREFIX = "application/";

    /**
     * Finds the first defect.
     *
     * @param header the JWS header, for an encrypted request object that of the inner JWS
     * @param claims the payload
     * @param clientId the authenticated client
     * @param issuer the issuer identifier of this authorization server
     * @param now the server's time
     * @return empty when the request object keeps all rules
     */
    public Optional<RequestObjectDefect> firstDefect(
            JsonNode header, JsonNode claims, String clientId, String issuer, Instant now) {
        return headerDefect(header)
                .or(() -> partiesDefect(claims, clientId, issuer))
                .or(() -> timeDefect(claims, now))
                .or(() -> contentDefect(claims));
    }

    /**
     * Whether a request object gives a parameter just this value. A member that is no text is compared as JSON: {@code claims} is an object
     * inside and the text of one outside.
     *
     * @param claims the payload
     * @param parameter name of a request parameter
     * @param value its value outside of the request object
     */
    public static boolean isSaidBy(JsonNode claims, String parameter, String value) {
        JsonNode member = claims.path(parameter);
        if (member.isMissingNode() || member.isNull()) {
            return false;
        }
        if (member.isValueNode()) {
            return member.asText().equals(value);
        }
        try {
            return member.equals(MAPPER.readTree(value));
        } catch (JsonProcessingException notJson) {
            return false;
        }
    }

    /**
     * Finds a key parameter.
     *
     * @param header a JOSE header, also the outer one of an encrypted request object
     */
    public Optional<RequestObjectDefect> keyHeaderDefect(JsonNode header) {
        return !keyHeaders && KeyHeaders.areIn(header)
                ? defect("key_in_header", "the request object's header must contain none of " + KeyHeaders.NAMES)
                : Optional.empty();
    }

    private Optional<RequestObjectDefect> headerDefect(JsonNode header) {
        if (!algorithms.contains(header.path("alg").asText())) {
            return defect(
                    "alg_not_allowed",
                    "the request object must be signed with one of " + String.join(", ", algorithms));
        }
        if (header.has("crit")) {
            // RFC 7515 section 4.1.11: an extension we do not understand; we understand none.
            return defect("crit_not_understood", "the request object's header must not contain crit");
        }
        if (header.has("typ") && !TYPES.contains(type(header.path("typ").asText()))) {
            return defect("typ_not_allowed", "the request object's typ must be oauth-authz-req+jwt");
        }
        return keyHeaderDefect(header);
    }

    /** RFC 7515 section 4.1.9: case does not matter and the prefix may be left out. */
    private static String type(String typ) {
        String lower = typ.toLowerCase(Locale.ROOT);
        return lower.startsWith(MEDIA_TYPE_PREFIX) ? lower.substring(MEDIA_TYPE_PREFIX.length()) : lower;
    }

    private static Optional<RequestObjectDefect> partiesDefect(JsonNode claims, String clientId, String issuer) {
        if (!isText(claims.get("iss"), clientId)) {
            return defect("iss_not_client", "the request object's iss must be the client_id");
        }
        if (!isText(claims.get("client_id"), clientId)) {
            return defect(
                    "client_id_not_client", "the request object must contain the client_id of the pushing client");
        }
        if (!names(claims.get("aud"), issuer)) {
            return defect(
                    "aud_not_issuer",
                    "the request object's aud must be the issuer identifier of this authorization server");
        }
        if (isText(claims.get("sub"), clientId)) {
            // RFC 9101 section 10.8: with sub it could pass as a client assertion.
            return defect("sub_is_client", "the request object must not contain sub with the client_id");
        }
        return Optional.empty();
    }

    private Optional<RequestObjectDefect> timeDefect(JsonNode claims, Instant now) {
        JsonNode nbf = claims.get("nbf");
        JsonNode exp = claims.get("exp");
        if (!NumericDate.is(nbf)) {
            return defect("nbf_missing", "the request object must contain nbf as a number of seconds");
        }
        if (!NumericDate.is(exp)) {
            return defect("exp_missing", "the request object must contain exp as a number of seconds");
        }
        if (claims.has("iat") && !NumericDate.is(claims.get("iat"))) {
            return defect("iat_not_a_time", "the request object's iat must be a number of seconds");
        }
        Instant notBefore = NumericDate.of(nbf);
        Instant expires = NumericDate.of(exp);
        if (!now.isBefore(expires)) { // exp equal to now is expired
            return defect(RequestObjectDefect.EXPIRED, "the request object has expired");
        }
        if (notBefore.isAfter(now.plus(clockSkew))) {
            return defect("nbf_in_future", "the request object's nbf lies in the future");
        }
        if (notBefore.isBefore(now.minus(maxAge))) {
            return defect(
                    "nbf_too_old",
                    "the request object's nbf lies more than " + maxAge.toSeconds() + " seconds in the past");
        }
        if (expires.isAfter(notBefore.plus(maxLifetime))) {
            return defect(
                    "lifetime_too_long",
                    "the request object's exp may be at most " + maxLifetime.toSeconds() + " seconds after nbf");
        }
        if (claims.has("iat") && NumericDate.of(claims.get("iat")).isAfter(now.plus(clockSkew))) {
            return defect("iat_in_future", "the request object's iat lies in the future");
        }
        return Optional.empty();
    }

    private static Optional<RequestObjectDefect> contentDefect(JsonNode claims) {
        if (claims.has("request") || claims.has("request_uri")) {
            return defect("nested_request", "the request object must not contain request or request_uri");
        }
        return Optional.empty();
    }

    private static boolean isText(JsonNode node, String expected) {
        return node != null && node.isTextual() && node.asText().equals(expected);
    }

    private static boolean names(JsonNode audience, String issuer) {
        if (audience == null) {
            return false;
        }
        if (!audience.isArray()) {
            return isText(audience, issuer);
        }
        for (JsonNode member : audience) {
            if (isText(member, issuer)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<RequestObjectDefect> defect(String reason, String description) {
        return Optional.of(new RequestObjectDefect(reason, description));
    }
}
