package org.fapipack.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LegibleTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private final Legible legible = new Legible(Style.PLAIN, NOW);

    @ParameterizedTest
    @ValueSource(
            strings = {"code", "code_verifier", "access_token", "refresh_token", "id_token", "token", "response", "sid"
            })
    void cutsWhatCouldBeUsed(String name) {
        assertThat(legible.visible(name, "0123456789abcdef")).isEqualTo("01234567...");
    }

    @Test
    void hidesPasswords() {
        assertThat(legible.visible("password", "short")).isEqualTo("********");
    }

    @Test
    void cutsARequestUriAndOtherLongTextButNoAddress() {
        String uuid = "8136b812-70a2-f34f-f4ec-9dc1c09c20ad";
        String address = "https://localhost:8443/realms/fapi2-message-signing/protocol/openid-connect/token";

        assertThat(legible.visible("request_uri", "urn:ietf:params:oauth:request_uri:" + uuid))
                .isEqualTo("urn:ietf:params:oauth:request_uri:8136b812...");
        assertThat(legible.visible("x", "a".repeat(100))).isEqualTo("aaaaaaaa...");
        assertThat(legible.visible("other", "a".repeat(65))).isEqualTo("a".repeat(42) + "...");
        assertThat(legible.visible("aud", address)).isEqualTo(address);
        assertThat(legible.visible("jti", uuid)).isEqualTo(uuid);
    }

    @Test
    void wrapsASignaturesInputAndLeavesNothingOut() {
        String input = "sig1=(\"@method\" \"@target-uri\" \"authorization\" \"content-digest\";req);created=1767225600"
                + ";keyid=\"e1b8e3f2-46f1-4f1c-a5fd-4b5b1e5f6a7b\";tag=\"fapi-2-request\"";

        List<String> lines = legible.wrapped(input);

        assertThat(lines).hasSizeGreaterThan(1).allMatch(line -> line.length() <= 76);
        assertThat(String.join("", lines).replace(" ", "")).isEqualTo(input.replace(" ", ""));
    }

    @Test
    void expandsOneMemberALineAndExplainsTimes() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("iss", "client");
        object.put("exp", NOW.getEpochSecond() + 300);
        object.put("cnf", Map.of("jkt", "thumb"));
        object.put("list", List.of(Map.of("a", 1L), Map.of("a", 2L)));

        assertThat(legible.expanded(object))
                .containsExactly(
                        "{",
                        "  \"iss\": \"client\",",
                        "  \"exp\": 1767269100,  // 12:05:00 UTC, in 5 min",
                        "  \"cnf\": { \"jkt\": \"thumb\" },",
                        "  \"list\": [",
                        "    { \"a\": 1 },",
                        "    { \"a\": 2 }",
                        "  ]",
                        "}");
    }

    @Test
    void flowsAsManyMembersAsFitOnALine() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("a", "a".repeat(30));
        object.put("b", "b".repeat(30));
        object.put("c", true);

        assertThat(legible.flowed(object))
                .containsExactly(
                        "{ \"a\": \"" + "a".repeat(30) + "\",", "  \"b\": \"" + "b".repeat(30) + "\", \"c\": true }");
        assertThat(legible.flowed(Map.of())).containsExactly("{ }");
    }

    @Test
    void cutsSecretsInNestedObjectsToo() {
        assertThat(legible.expanded(Map.of("a", Map.of("code", "0123456789"))).toString())
                .doesNotContain("0123456789");
    }

    @ParameterizedTest
    @CsvSource({
        "0, now",
        "1, now",
        "-1, now",
        "2, in 2 s",
        "-2, 2 s ago",
        "119, in 119 s",
        "120, in 2 min",
        "-3600, 60 min ago"
    })
    void tellsDistancesInTime(long seconds, String expected) {
        assertThat(Legible.distance(Duration.ofSeconds(seconds))).isEqualTo(expected);
    }
}
