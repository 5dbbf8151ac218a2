package org.fapipack.core.consent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsentReportTest {

    private static final JsonMapper MAPPER = new JsonMapper();

    private static final String TYPES = """
        [{
          "name": "sample", "path": "a/b", "client-scope": "lodge", "id-prefix": "",
          "members": {
            "data": "data", "id": "id", "status": "status", "created": "created", "updated": "updated", "end": "end",
            "permissions": "permissions", "required": ["permissions"], "optional": ["end", "note"]
          },
          "states": {"awaiting": "W", "authorised": "A", "revoked": "R", "expired": "E"},
          "moves": [
            {"from": ["awaiting"], "to": "authorised", "by": ["customer"]},
            {"from": ["awaiting", "authorised"], "to": "expired", "by": ["server"]}
          ],
          "permissions": {"READ": ["read"], "PAY": ["pay"]},
          "unknown-permissions": "refuse", "max-permissions": 2, "max-body-bytes": 256,
          "awaiting-timeout-seconds": 60, "timeout-state": "expired", "max-duration-seconds": 86400
        }]
        """;

    private static final String ANSWER = """
        {
          "id": "c1", "client_id": "app", "type": "sample", "status": "authorised", "version": "7",
          "created": "2026-01-01T01:00:00+01:00", "end": "2026-01-01T06:00:00Z", "updated_by": "customer", "reason": "OK",
          "customer": "4711", "accounts": ["b", "a"], "consent": {"data": {"permissions": ["READ"]}}
        }
        """;

    private static List<ConsentType> types;

    @BeforeAll
    static void readTypes() throws InvalidConsentType {
        types = ConsentType.readAll(TYPES);
    }

    @Test
    void readsWhatAStoreSays() {
        ConsentReport report = read(ANSWER).orElseThrow();
        assertThat(report.type().name()).isEqualTo("sample");
        assertThat(report.id()).isEqualTo("c1");
        assertThat(report.clientId()).isEqualTo("app");
        assertThat(report.state()).isEqualTo(ConsentState.AUTHORISED);
        assertThat(report.version()).isEqualTo("7");
        assertThat(report.created()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
        assertThat(report.end()).contains(Instant.parse("2026-01-01T06:00:00Z"));
        assertThat(report.updatedBy()).isEqualTo(ConsentActor.CUSTOMER);
        assertThat(report.reason()).contains("OK");
        assertThat(report.customer()).contains("4711");
        assertThat(report.accounts()).containsExactlyInAnyOrder("a", "b");
        assertThat(report.type().permissions(report.body())).containsExactly("READ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"end", "updated_by", "reason", "customer", "accounts"})
    void someNeedNotBeSaid(String member) {
        assertThat(read(changed(answer -> answer.remove(member)))).isPresent();
    }

    @Test
    void withoutAnEndWhatWasLodgedAndTheTypeSayIt() {
        assertThat(read(changed(answer -> answer.remove("end"))).orElseThrow().end())
                .contains(Instant.parse("2026-01-02T00:00:00Z"));
        assertThat(read(changed(answer -> {
                            answer.remove("end");
                            ((ObjectNode) answer.at("/consent/data")).put("end", "2026-01-01T03:00:00Z");
                        }))
                        .orElseThrow()
                        .end())
                .contains(Instant.parse("2026-01-01T03:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "client_id", "type", "status", "version", "created", "consent"})
    void theRestMustBeSaidAndBeOfItsKind(String member) {
        assertThat(read(changed(answer -> answer.remove(member)))).isEmpty();
        assertThat(read(changed(answer -> answer.putNull(member)))).isEmpty();
        assertThat(read(changed(answer -> answer.put(member, 1)))).isEmpty();
        assertThat(read(changed(answer -> answer.putArray(member)))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "id | \"c2\"",
                "client_id | \"other\"",
                "type | \"other\"",
                "status | \"AUTHORISED\"",
                "status | \"suspended\"",
                "version | \"\"",
                "version | \"a b\"",
                "created | \"yesterday\"",
                "created | \"2026-01-01T00:00:00\"",
                "created | 1767225600",
                "end | \"2026-02-30T00:00:00Z\"",
                "end | null",
                "updated_by | \"nobody\"",
                "reason | \"two words\"",
                "customer | \" \"",
                "customer | null",
                "accounts | \"a\"",
                "accounts | null",
                "accounts | [\"a\",\"a\"]",
                "accounts | [1]",
                "accounts | [\" \"]",
                "consent | {}",
                "consent | {\"data\":{\"permissions\":[]}}",
                "consent | {\"data\":{\"permissions\":[\"OTHER\"]}}",
                "consent | {\"data\":{\"permissions\":[\"READ\"],\"status\":\"A\"}}",
                "consent | {\"data\":{\"permissions\":[\"READ\"],\"end\":\"2025-12-31T00:00:00Z\"}}",
                "more | 1"
            })
    void whatIsNotAsDescribedIsNothing(String member, String value) throws Exception {
        JsonNode read = MAPPER.readTree(value);
        assertThat(read(changed(answer -> answer.set(member, read)))).isEmpty();
    }

    @Test
    void theLastThatFitsAndTheFirstThatDoesNot() {
        assertThat(read(changed(answer -> answer.put("version", "v".repeat(64)))))
                .isPresent();
        assertThat(read(changed(answer -> answer.put("version", "v".repeat(65)))))
                .isEmpty();
        assertThat(read(changed(answer -> answer.put("reason", "r".repeat(100)))))
                .isPresent();
        assertThat(read(changed(answer -> answer.put("reason", "r".repeat(101)))))
                .isEmpty();
        assertThat(read(changed(answer -> answer.put("customer", "c".repeat(255)))))
                .isPresent();
        assertThat(read(changed(answer -> answer.put("customer", "c".repeat(256)))))
                .isEmpty();
        assertThat(read(changed(answer -> answer.putArray("accounts").add("a".repeat(128)))))
                .isPresent();
        assertThat(read(changed(answer -> answer.putArray("accounts").add("a".repeat(129)))))
                .isEmpty();
        assertThat(read(changed(answer -> accounts(answer, ConsentReport.MAX_ACCOUNTS))))
                .isPresent();
        assertThat(read(changed(answer -> accounts(answer, ConsentReport.MAX_ACCOUNTS + 1))))
                .isEmpty();
        int free = 256 - "{\"data\":{\"permissions\":[\"READ\"],\"note\":\"\"}}".length();
        assertThat(read(changed(answer -> note(answer, free)))).isPresent();
        assertThat(read(changed(answer -> note(answer, free + 1)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{}", "x", "\"c1\""})
    void whatIsNoAnswerIsNothing(String json) {
        assertThat(read(json)).isEmpty();
        assertThat(read(ANSWER + json + "{}")).isEmpty();
    }

    @Test
    void aMemberTwiceIsNothing() {
        assertThat(read(ANSWER.replaceFirst("\\{", "{\"id\":\"c1\","))).isEmpty();
        assertThat(read(ANSWER.replace("\"permissions\"", "\"permissions\":[\"PAY\"],\"permissions\"")))
                .isEmpty();
    }

    private static void accounts(ObjectNode answer, int number) {
        ArrayNode accounts = answer.putArray("accounts");
        for (int i = 0; i < number; i++) {
            accounts.add("a" + i);
        }
    }

    private static void note(ObjectNode answer, int length) {
        ((ObjectNode) answer.at("/consent/data")).put("note", "n".repeat(length));
    }

    private static String changed(Consumer<ObjectNode> change) {
        try {
            ObjectNode answer = (ObjectNode) MAPPER.readTree(ANSWER);
            change.accept(answer);
            return answer.toString();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static Optional<ConsentReport> read(String json) {
        return ConsentReport.read(json.getBytes(StandardCharsets.UTF_8), types, "c1", "app");
    }
}
