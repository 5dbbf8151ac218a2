package org.fapipack.core.requestobject;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestObjectRulesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ISSUER = "https://as.example.com/realms/bank";
    private static final long NOW = 1_767_225_600L;

    private final RequestObjectRules rules = new RequestObjectRules(
            Duration.ofSeconds(3600),
            Duration.ofSeconds(3600),
            Duration.ofSeconds(10),
            List.of("PS256", "ES256"),
            false);

    private final ObjectNode header =
            JSON.createObjectNode().put("alg", "PS256").put("typ", "oauth-authz-req+jwt");
    private final ObjectNode claims = JSON.createObjectNode()
            .put("iss", "app")
            .put("client_id", "app")
            .put("aud", ISSUER)
            .put("nbf", NOW)
            .put("exp", NOW + 300);

    @Test
    void aCompleteRequestObjectHasNoDefect() {
        assertThat(reason()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"JWT", "jwt", "oauth-authz-req+jwt", "application/oauth-authz-req+jwt", "OAuth-AuthZ-Req+JWT"})
    void theseTypesAreAccepted(String typ) {
        header.put("typ", typ);
        assertThat(reason()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"x5u", "x5c", "jku", "jwk"})
    void aKeyInTheHeaderIsRefusedUnlessItMayBeIgnored(String parameter) {
        header.put(parameter, "");
        assertThat(reason()).contains("key_in_header");
        assertThat(reason(new RequestObjectRules(
                        Duration.ofSeconds(3600),
                        Duration.ofSeconds(3600),
                        Duration.ofSeconds(10),
                        List.of("PS256"),
                        true)))
                .isEmpty();
    }

    @Test
    void aTypeIsNotRequired() {
        header.remove("typ");
        assertThat(reason()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"at+jwt", "dpop+jwt", "logout+jwt", "token-introspection+jwt", ""})
    void otherTypesAreRefused(String typ) {
        header.put("typ", typ);
        assertThat(reason()).contains("typ_not_allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "RS256", "HS256", "PS384", "EdDSA", "ps256", ""})
    void otherAlgorithmsAreRefused(String alg) {
        header.put("alg", alg);
        assertThat(reason()).contains("alg_not_allowed");
    }

    @Test
    void aMissingAlgorithmIsRefused() {
        header.remove("alg");
        assertThat(reason()).contains("alg_not_allowed");
    }

    @Test
    void aCriticalExtensionIsRefused() {
        header.putArray("crit").add("b64");
        assertThat(reason()).contains("crit_not_understood");
    }

    @ParameterizedTest
    @CsvSource({
        "iss, iss_not_client",
        "client_id, client_id_not_client",
        "aud, aud_not_issuer",
        "nbf, nbf_missing",
        "exp, exp_missing"
    })
    void theseClaimsAreRequired(String claim, String reason) {
        claims.remove(claim);
        assertThat(reason()).contains(reason);
    }

    @ParameterizedTest
    @CsvSource({"iss, iss_not_client", "client_id, client_id_not_client", "aud, aud_not_issuer"})
    void theseClaimsNameTheRightParty(String claim, String reason) {
        claims.put(claim, "somebody else");
        assertThat(reason()).contains(reason);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nbf", "exp"})
    void timesAreNumbers(String claim) {
        claims.put(claim, "1767225600");
        assertThat(reason()).contains(claim + "_missing");
    }

    @Test
    void aTimeBeyondEveryCalendarIsRefused() {
        claims.put("exp", Long.MAX_VALUE);
        assertThat(reason()).contains("exp_missing");
    }

    @Test
    void theIssuerMayBeOneOfSeveralAudiences() {
        claims.putArray("aud").add("https://other.example.com").add(ISSUER);
        assertThat(reason()).isEmpty();
    }

    @Test
    void anEmptyAudienceIsRefused() {
        claims.putArray("aud");
        assertThat(reason()).contains("aud_not_issuer");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "0, 1, -", // exp one second ahead is the last accepted
                "0, 0, request_object_expired", // exp equal to now is expired
                "10, 300, -", // nbf as far ahead as the skew allows
                "11, 300, nbf_in_future",
                "-3600, 0, request_object_expired",
                "-3599, 1, -", // lifetime exactly 3600
                "0, 3600, -",
                "0, 3601, lifetime_too_long",
                "-3600, 1, lifetime_too_long",
            })
    void theWindowIsExact(long nbf, long exp, String reason) {
        claims.put("nbf", NOW + nbf).put("exp", NOW + exp);
        assertThat(reason()).isEqualTo(Optional.ofNullable(reason));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"-60, -", "-61, nbf_too_old"})
    void theAgeIsExact(long nbf, String reason) {
        RequestObjectRules shortLived = new RequestObjectRules(
                Duration.ofSeconds(3600), Duration.ofSeconds(60), Duration.ofSeconds(10), List.of("PS256"), true);
        claims.put("nbf", NOW + nbf);
        assertThat(reason(shortLived)).isEqualTo(Optional.ofNullable(reason));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {"10, -", "11, iat_in_future"})
    void iatMayBeAheadByTheSkew(long iat, String reason) {
        claims.put("iat", NOW + iat);
        assertThat(reason()).isEqualTo(Optional.ofNullable(reason));
    }

    @Test
    void iatIsANumber() {
        claims.put("iat", "now");
        assertThat(reason()).contains("iat_not_a_time");
    }

    @Test
    void aSubjectThatIsTheClientIsRefused() {
        claims.put("sub", "app");
        assertThat(reason()).contains("sub_is_client");
    }

    @ParameterizedTest
    @ValueSource(strings = {"request", "request_uri"})
    void aRequestInsideARequestIsRefused(String claim) {
        claims.put(claim, "x");
        assertThat(reason()).contains("nested_request");
    }

    @Test
    void aRequestObjectSaysWhatItContains() {
        claims.put("state", "x").put("max_age", 10).putNull("nonce");
        claims.putObject("claims").putObject("userinfo").put("a", 1).put("b", 2);
        claims.putArray("authorization_details").addObject().put("type", "t");

        assertThat(RequestObjectRules.isSaidBy(claims, "state", "x")).isTrue();
        assertThat(RequestObjectRules.isSaidBy(claims, "max_age", "10")).isTrue();
        assertThat(RequestObjectRules.isSaidBy(claims, "claims", "{\"userinfo\" : {\"b\":2,\"a\":1}}"))
                .isTrue();
        assertThat(RequestObjectRules.isSaidBy(claims, "authorization_details", "[{\"type\":\"t\"}]"))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "state, X",
        "state, ''",
        "unknown, x",
        "nonce, null",
        "nonce, ''",
        "claims, {}",
        "claims, '{\"userinfo\":'",
        "claims, ''"
    })
    void itDoesNotSayAnythingElse(String parameter, String value) {
        claims.put("state", "x").putNull("nonce");
        claims.putObject("claims").putObject("userinfo");
        assertThat(RequestObjectRules.isSaidBy(claims, parameter, value)).isFalse();
    }

    private Optional<String> reason() {
        return reason(rules);
    }

    private Optional<String> reason(RequestObjectRules underTest) {
        return underTest
                .firstDefect(header, claims, "app", ISSUER, Instant.ofEpochSecond(NOW))
                .map(RequestObjectDefect::reason);
    }
}
