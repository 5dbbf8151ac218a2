package org.fapipack.core.clientassertion;

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

class ClientAssertionRulesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ISSUER = "https://as.example.com/realms/bank";
    private static final String TOKEN_ENDPOINT = ISSUER + "/protocol/openid-connect/token";
    private static final long NOW = 1_767_225_600L;

    private final ObjectNode header = JSON.createObjectNode().put("alg", "PS256");
    private final ObjectNode claims = JSON.createObjectNode()
            .put("iss", "app")
            .put("sub", "app")
            .put("aud", ISSUER)
            .put("jti", "1")
            .put("iat", NOW)
            .put("exp", NOW + 60);

    private boolean audienceArrays = false;
    private boolean keyHeaders = false;

    @Test
    void aCompleteAssertionHasNoDefect() {
        assertThat(reason()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PS256", "ES256", "EdDSA", "Ed25519"})
    void theseAlgorithmsAreAccepted(String alg) {
        header.put("alg", alg);
        assertThat(reason()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "RS256", "HS256", "PS384", "ES384", "Ed448", "ps256", ""})
    void otherAlgorithmsAreRefused(String alg) {
        header.put("alg", alg);
        assertThat(reason()).contains("alg_not_allowed");
    }

    @Test
    void aCriticalExtensionIsRefused() {
        header.putArray("crit").add("x");
        assertThat(reason()).contains("crit_not_understood");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x5u", "x5c", "jku", "jwk"})
    void aKeyInTheHeaderIsRefusedUnlessItMayBeIgnored(String parameter) {
        header.put(parameter, "");
        assertThat(reason()).contains("key_in_header");
        keyHeaders = true;
        assertThat(reason()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"kid", "x5t", "x5t#S256", "cty"})
    void otherHeaderParametersDoNotMatter(String parameter) {
        header.put(parameter, "x");
        assertThat(reason()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "client-authentication+jwt", "application/client-authentication+jwt"})
    void theseTypesAreAccepted(String typ) {
        header.put("typ", typ);
        assertThat(reason()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"oauth-authz-req+jwt", "dpop+jwt", "at+jwt", ""})
    void otherTypesAreRefused(String typ) {
        header.put("typ", typ);
        assertThat(reason()).contains("typ_not_allowed");
    }

    @ParameterizedTest
    @CsvSource({
        "iss, iss_not_client",
        "sub, sub_not_client",
        "aud, aud_not_issuer",
        "exp, exp_missing",
        "jti, jti_missing"
    })
    void theseClaimsAreRequired(String claim, String reason) {
        claims.remove(claim);
        assertThat(reason()).contains(reason);
    }

    @ParameterizedTest
    @CsvSource({"iss, other, iss_not_client", "sub, other, sub_not_client", "jti, '', jti_missing"})
    void theirValuesAreChecked(String claim, String value, String reason) {
        claims.put(claim, value);
        assertThat(reason()).contains(reason);
    }

    @Test
    void iatAndNbfAreNotRequired() {
        claims.remove("iat");
        assertThat(reason()).isEmpty();
    }

    @Test
    void anAudienceArrayIsRefusedEvenWithTheIssuerAlone() {
        claims.putArray("aud").add(ISSUER);
        assertThat(reason()).contains("aud_not_issuer");
    }

    @ParameterizedTest
    @ValueSource(strings = {TOKEN_ENDPOINT, ISSUER + "/", "https://as.example.com", ""})
    void onlyTheIssuerIsTheAudience(String audience) {
        claims.put("aud", audience);
        assertThat(reason()).contains("aud_not_issuer");
    }

    @Test
    void fapi1AcceptsArraysAndEndpoints() {
        audienceArrays = true;
        assertThat(reason()).isEmpty();
        claims.put("aud", TOKEN_ENDPOINT);
        assertThat(reason()).isEmpty();
        claims.putArray("aud").add("https://elsewhere.example").add(TOKEN_ENDPOINT);
        assertThat(reason()).isEmpty();
        claims.putArray("aud").add("https://elsewhere.example").addArray().add(ISSUER);
        assertThat(reason()).contains("aud_not_server");
        claims.putArray("aud");
        assertThat(reason()).contains("aud_not_server");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iat", "nbf"})
    void aClockMayBeTenSecondsAhead(String claim) {
        claims.put(claim, NOW + 10);
        assertThat(reason()).isEmpty();
        claims.put(claim, NOW + 11);
        assertThat(reason()).contains(claim + "_in_future");
    }

    @Test
    void expMayBeJustPastByTheSkew() {
        claims.put("exp", NOW - 9);
        assertThat(reason()).isEmpty();
        claims.put("exp", NOW - 10);
        assertThat(reason()).contains("assertion_expired");
    }

    @Test
    void expMayLieTheLifetimeAhead() {
        claims.put("exp", NOW + 300);
        assertThat(reason()).isEmpty();
        claims.put("exp", NOW + 301);
        assertThat(reason()).contains("exp_too_far");
    }

    @Test
    void iatMayLieTheLifetimeBack() {
        claims.put("iat", NOW - 300);
        assertThat(reason()).isEmpty();
        claims.put("iat", NOW - 301);
        assertThat(reason()).contains("iat_too_old");
    }

    @ParameterizedTest
    @CsvSource({"exp, exp_missing", "iat, iat_not_a_time", "nbf, nbf_not_a_time"})
    void timesAreNumbers(String claim, String reason) {
        claims.put(claim, Long.toString(NOW + 5));
        assertThat(reason()).contains(reason);
        claims.put(claim, -1);
        assertThat(reason()).contains(reason);
        claims.put(claim, Double.MAX_VALUE);
        assertThat(reason()).contains(reason);
    }

    @Test
    void aJtiHasAtMost512Characters() {
        claims.put("jti", "j".repeat(512));
        assertThat(reason()).isEmpty();
        claims.put("jti", "j".repeat(513));
        assertThat(reason()).contains("jti_too_long");
    }

    @Test
    void itIsRememberedUntilNobodyAcceptsIt() {
        claims.put("exp", NOW - 9);
        assertThat(rules().remainingLife(claims, Instant.ofEpochSecond(NOW))).isEqualTo(Duration.ofSeconds(1));
        claims.put("exp", NOW + 300);
        assertThat(rules().remainingLife(claims, Instant.ofEpochSecond(NOW))).isEqualTo(Duration.ofSeconds(310));
    }

    private ClientAssertionRules rules() {
        return new ClientAssertionRules(
                List.of("PS256", "ES256", "EdDSA"),
                Duration.ofSeconds(300),
                Duration.ofSeconds(10),
                audienceArrays,
                keyHeaders);
    }

    private Optional<String> reason() {
        return rules().firstDefect(header, claims, "app", ISSUER, this::endpoints, Instant.ofEpochSecond(NOW))
                .map(ClientAssertionDefect::reason);
    }

    private List<String> endpoints() {
        assertThat(audienceArrays).as("only FAPI 1.0 needs the endpoints").isTrue();
        return List.of(TOKEN_ENDPOINT);
    }
}
