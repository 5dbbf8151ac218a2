package org.fapipack.core.consent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsentVerdictTest {

    private static final String TYPE = """
        {
          "name": "sample", "path": "a/b", "client-scope": "lodge", "id-prefix": "",
          "members": {
            "data": "data", "id": "id", "status": "status", "created": "created", "updated": "updated", "required": ["sum"]
          },
          "states": {"awaiting": "W", "authorised": "A", "expired": "E"},
          "moves": [
            {"from": ["awaiting"], "to": "authorised", "by": ["customer"]},
            {"from": ["awaiting", "authorised"], "to": "expired", "by": ["server"]}
          ],
          "permissions": {"PAY": ["pay"]},
          "unknown-permissions": "refuse", "max-permissions": 1, "max-body-bytes": 256,
          "awaiting-timeout-seconds": 60, "timeout-state": "expired",
          "errors": {"refused-by-store": {"status": 422, "code": "NO"}}, "refusal-codes": ["TOO_MUCH"]
        }
        """;

    private static ConsentType type;

    @BeforeAll
    static void readType() throws InvalidConsentType {
        type = ConsentType.readAll("[" + TYPE + "]").get(0);
    }

    @Test
    void aYesIsAYes() {
        assertThat(read("{\"verdict\":\"accepted\"}")).contains(new ConsentVerdict(Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"code\":\"TOO_MUCH\",\"description\":\"at most 5\" | TOO_MUCH | at most 5",
                "\"code\":\"NO\" | NO | the consent is not accepted",
                "\"description\":\"\u0627\u0644\u0645\u0628\u0644\u063a \u20ac <5> \ud83d\ude00\" | NO |"
                        + " \u0627\u0644\u0645\u0628\u0644\u063a \u20ac <5> \ud83d\ude00"
            })
    void aNoHasTheStatusOfTheTypeAndACodeThatItKnows(String why, String code, String description) {
        ConsentRefusal refusal = refusal("{\"verdict\":\"refused\"," + why + "}");
        assertThat(type.answer(refusal)).isEqualTo(new ConsentAnswer(422, code));
        assertThat(refusal).hasMessage(description);
    }

    @Test
    void theTypeNeedNotSayHowRefusalsAreAnswered() throws InvalidConsentType {
        ConsentType plain = ConsentType.readAll("["
                        + TYPE.replace("\"errors\": {\"refused-by-store\": {\"status\": 422, \"code\": \"NO\"}},", "")
                        + "]")
                .get(0);
        byte[] refused = "{\"verdict\":\"refused\"}".getBytes(StandardCharsets.UTF_8);
        ConsentRefusal refusal =
                ConsentVerdict.read(refused, plain).orElseThrow().refusal().orElseThrow();
        assertThat(plain.answer(refusal)).isEqualTo(new ConsentAnswer(400, "invalid_request"));
    }

    @Test
    void theLongestDescriptionIsTakenAndNoLongerOne() throws JsonProcessingException {
        assertThat(refusal(described("\u00e9".repeat(255)))).hasMessage("\u00e9".repeat(255));
        assertThat(refusal(described("\ud83d\ude00".repeat(255)))).isNotNull();
        assertThat(read(described("x".repeat(256)))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", " ", "a\nb", "\t", "\u0000", "\u007f", "\u0085", "\u200b", "\u202e", "\u2028", "\u2066", "\ue000",
                "\ufeff"
            })
    void whatCannotBeShownIsNoDescription(String text) throws JsonProcessingException {
        assertThat(read(described(text))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "\"accepted\"",
                "{}",
                "{\"verdict\":true}",
                "{\"verdict\":null}",
                "{\"verdict\":\"Accepted\"}",
                "{\"verdict\":\"accepted\",\"verdict\":\"refused\"}",
                "{\"verdict\":\"accepted\"}{}",
                "{\"verdict\":\"accepted\",\"code\":\"TOO_MUCH\"}",
                "{\"verdict\":\"accepted\",\"description\":\"x\"}",
                "{\"verdict\":\"accepted\",\"more\":1}",
                "{\"verdict\":\"refused\",\"code\":\"MADE_UP\"}",
                "{\"verdict\":\"refused\",\"code\":\"\"}",
                "{\"verdict\":\"refused\",\"code\":null}",
                "{\"verdict\":\"refused\",\"code\":1}",
                "{\"verdict\":\"refused\",\"description\":null}",
                "{\"verdict\":\"refused\",\"description\":\"\\ud800\"}",
                "{\"verdict\":\"refused\",\"status\":500}"
            })
    void whatIsNoVerdictIsNothing(String answer) {
        assertThat(read(answer)).isEmpty();
    }

    private static String described(String text) throws JsonProcessingException {
        ObjectNode answer = new JsonMapper().createObjectNode();
        return new JsonMapper()
                .writeValueAsString(answer.put("verdict", "refused").put("description", text));
    }

    private static ConsentRefusal refusal(String answer) {
        return read(answer).orElseThrow().refusal().orElseThrow();
    }

    private static Optional<ConsentVerdict> read(String answer) {
        return ConsentVerdict.read(answer.getBytes(StandardCharsets.UTF_8), type);
    }
}
