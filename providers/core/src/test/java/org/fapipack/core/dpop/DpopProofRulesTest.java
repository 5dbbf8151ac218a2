package org.fapipack.core.dpop;

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

class DpopProofRulesTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOKEN_ENDPOINT = "https://as.example.com/token";
    private static final long NOW = 1_767_225_600L;

    private final DpopProofRules rules =
            new DpopProofRules(List.of("PS256", "ES256"), Duration.ofSeconds(24), Duration.ofSeconds(10));

    private final ObjectNode header =
            JSON.createObjectNode().put("alg", "ES256").put("typ", "dpop+jwt");
    private final ObjectNode claims = JSON.createObjectNode()
            .put("jti", "1")
            .put("htm", "POST")
            .put("htu", TOKEN_ENDPOINT)
            .put("iat", NOW);

    private Optional<String> accessTokenHash = Optional.empty();

    DpopProofRulesTest() {
        header.putObject("jwk").put("kty", "EC");
    }

    @Test
    void aCompleteProofHasNoDefect() {
        assertThat(reason()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "RS256", "HS256", "ES384", "EdDSA", "es256", ""})
    void otherAlgorithmsAreRefused(String alg) {
        header.put("alg", alg);
        assertThat(reason()).contains("alg_not_allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"JWT", "DPOP+JWT", "application/dpop+jwt", ""})
    void otherTypesAreRefused(String typ) {
        header.put("typ", typ);
        assertThat(reason()).contains("typ_not_allowed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
    void aKeyThatOnlyItsOwnerMayKnowIsRefused(String member) {
        header.putObject("jwk").put("kty", "EC").put(member, "x");
        assertThat(reason()).contains("jwk_private");
    }

    @Test
    void theKeyIsRequired() {
        header.remove("jwk");
        assertThat(reason()).contains("jwk_missing");
        header.put("jwk", "{}");
        assertThat(reason()).contains("jwk_missing");
    }

    @Test
    void aCriticalExtensionIsRefused() {
        header.putArray("crit").add("b64");
        assertThat(reason()).contains("crit_not_understood");
    }

    @ParameterizedTest
    @CsvSource({"htm, htm_wrong", "htu, htu_wrong", "iat, iat_missing", "jti, jti_missing"})
    void theseClaimsAreRequired(String claim, String reason) {
        claims.remove(claim);
        assertThat(reason()).contains(reason);
        claims.putArray(claim);
        assertThat(reason()).contains(reason);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://as.example.com/tokens",
                "https://rs.example.com/token",
                "http://as.example.com/token",
                ""
            })
    void anotherAddressIsRefused(String htu) {
        claims.put("htu", htu);
        assertThat(reason()).contains("htu_wrong");
    }

    @Test
    void theMethodIsComparedExactly() {
        claims.put("htm", "post");
        assertThat(reason()).contains("htm_wrong");
    }

    @Test
    void theHashIsThatOfTheAccessToken() {
        accessTokenHash = Optional.of("hash");
        assertThat(reason()).contains("ath_wrong");
        claims.put("ath", "other");
        assertThat(reason()).contains("ath_wrong");
        claims.put("ath", "hash");
        assertThat(reason()).isEmpty();
    }

    @Test
    void aProofMayBeTwentyFourSecondsOld() {
        claims.put("iat", NOW - 24);
        assertThat(reason()).isEmpty();
        claims.put("iat", NOW - 25);
        assertThat(reason()).contains("proof_too_old");
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
    void expCountsWhereItIsThere() {
        claims.put("exp", NOW - 9);
        assertThat(reason()).isEmpty();
        claims.put("exp", NOW - 10);
        assertThat(reason()).contains("proof_expired");
        claims.put("exp", "soon");
        assertThat(reason()).contains("exp_not_a_time");
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
        claims.put("iat", NOW - 24);
        assertThat(rules.remainingLife(claims, Instant.ofEpochSecond(NOW))).isEqualTo(Duration.ofSeconds(1));
        claims.put("iat", NOW + 10);
        assertThat(rules.remainingLife(claims, Instant.ofEpochSecond(NOW))).isEqualTo(Duration.ofSeconds(35));
    }

    private Optional<String> reason() {
        return rules.firstDefect(
                        header,
                        claims,
                        new DpopProofRules.Request("POST", TOKEN_ENDPOINT, accessTokenHash),
                        Instant.ofEpochSecond(NOW))
                .map(DpopProofDefect::reason);
    }
}
