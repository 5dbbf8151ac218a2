package org.fapipack.core.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be inside of members, which permissions go together, envelopes, errors and keys: all of an invented ecosystem. */
class ConsentWordingTest {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static final String TEXT = """
        {
          "name": "gift", "path": "gifts", "client-scope": "give", "id-prefix": "g.",
          "members": {
            "data": "gift", "id": "id", "status": "status", "created": "created", "updated": "updated",
            "permissions": "wants", "required": ["wants"], "optional": ["sum", "on", "at", "giver", "note"],
            "inside": {
              "sum.amount": {"form": "decimal", "required": true, "pattern": "[0-9.]{1,12}"},
              "sum.currency": {"form": "currency", "required": true},
              "on": {"form": "date"},
              "at": {"form": "date-time"},
              "giver.name": {"form": "text", "required": true, "max-characters": 5},
              "giver.home": {"form": "object"},
              "giver.home.street": {"form": "text", "required": true}
            }
          },
          "envelope": {"see": {"self": "{self}", "pages": 1}, "when": ["{now}"]},
          "states": {"awaiting": "W", "authorised": "A", "rejected": "R", "revoked": "G", "expired": "E"},
          "moves": [
            {"from": ["awaiting", "authorised"], "to": "authorised", "by": ["customer"]},
            {"from": ["awaiting"], "to": "rejected", "by": ["server"]},
            {"from": ["authorised"], "to": "revoked", "by": ["customer"]},
            {"from": ["awaiting", "authorised"], "to": "revoked", "by": ["client"], "forgets": true},
            {"from": ["awaiting", "authorised"], "to": "expired", "by": ["server"]}
          ],
          "permissions": {"BASE": [], "ONE": [], "TWO": [], "OTHER": [], "ODD": []},
          "permission-rules": [
            {"any-of": ["ONE", "TWO", "OTHER"], "status": 422, "code": "NOTHING"},
            {"all-of": ["BASE"], "status": 422, "code": "NO_BASE"},
            {"asked": ["ONE", "TWO"], "none-of": ["OTHER"], "status": 422, "code": "MIXED"},
            {"asked": ["OTHER"], "member": "giver", "status": 422, "code": "NO_GIVER"},
            {"with-member": "giver", "none-of": ["TWO"], "status": 422, "code": "GIVER"},
            {"asked": ["ODD"], "all-of": ["ONE", "TWO"]}
          ],
          "unknown-permissions": "refuse", "max-permissions": 9, "max-body-bytes": 1000,
          "awaiting-timeout-seconds": 60, "timeout-state": "rejected", "use-within-seconds": 100,
          "idempotency": {"header": "x-key", "required": true},
          "errors": {"permission-combination": {"status": 409, "code": "TOGETHER"}},
          "error-body": {"mistakes": [{"code": "{code}", "text": "{description}", "at": "{now}"}]}
        }\
        """;

    private static ConsentType type() throws InvalidConsentType {
        return read(TEXT);
    }

    private static ConsentType read(String text) throws InvalidConsentType {
        return ConsentType.readAll("[" + text + "]").get(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'sum':{'amount':'0.01','currency':'EUR'}}",
                "{'sum':{'amount':'999999999999','currency':'BRL','more':[1]}}",
                "{'on':'2026-02-28'}",
                "{'at':'2026-02-28T23:59:59.9+01:00'}",
                "{'giver':{'name':'Zo\u00eb'}}",
                "{'giver':{'name':'12345','home':{'street':'x'}}}",
                "{'note':{'anything':[1]}}"
            })
    void whatIsInsideIsAsDescribed(String members) {
        assertThatCode(() -> type().request(body(members), NOW)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "{'sum':{}} | MISSING",
                "{'sum':{'amount':'1'}} | MISSING",
                "{'sum':{'amount':null,'currency':'EUR'}} | MISSING",
                "{'sum':'1'} | MALFORMED",
                "{'sum':null} | MALFORMED",
                "{'sum':[]} | MALFORMED",
                "{'sum':{'amount':1,'currency':'EUR'}} | MALFORMED",
                "{'sum':{'amount':'0','currency':'EUR'}} | MALFORMED",
                "{'sum':{'amount':'0.00','currency':'EUR'}} | MALFORMED",
                "{'sum':{'amount':'-1','currency':'EUR'}} | MALFORMED",
                "{'sum':{'amount':'1e3','currency':'EUR'}} | MALFORMED",
                "{'sum':{'amount':'.5','currency':'EUR'}} | MALFORMED",
                "{'sum':{'amount':'1.','currency':'EUR'}} | MALFORMED",
                "{'sum':{'amount':'1,5','currency':'EUR'}} | MALFORMED",
                "{'sum':{'amount':'\u0661','currency':'EUR'}} | MALFORMED",
                "{'sum':{'amount':'9999999999999','currency':'EUR'}} | MALFORMED",
                "{'sum':{'amount':'1','currency':'eur'}} | MALFORMED",
                "{'sum':{'amount':'1','currency':'ZZZ'}} | MALFORMED",
                "{'on':'2026-02-29'} | MALFORMED",
                "{'on':'2026-02-28T00:00:00Z'} | MALFORMED",
                "{'at':'2026-02-28'} | MALFORMED",
                "{'at':'2026-02-28T00:00:00'} | MALFORMED",
                "{'at':''} | MALFORMED",
                "{'giver':{'name':'123456'}} | MALFORMED",
                "{'giver':{'name':' '}} | MALFORMED",
                "{'giver':{'name':{}}} | MALFORMED",
                "{'giver':{'name':'x','home':'y'}} | MALFORMED",
                "{'giver':{'name':'x','home':null}} | MALFORMED",
                "{'giver':{'name':'x','home':{}}} | MISSING"
            })
    void whatIsInsideOtherwiseIsRefused(String members, ConsentDefect defect) {
        assertThatThrownBy(() -> type().request(body(members), NOW))
                .isInstanceOfSatisfying(
                        ConsentRefusal.class,
                        refused -> assertThat(refused.defect()).isEqualTo(defect));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "'BASE' | {} | NOTHING",
                "'ODD' | {} | NOTHING",
                "'ONE' | {} | NO_BASE",
                "'BASE','ONE','OTHER' | {} | MIXED",
                "'BASE','OTHER' | {} | NO_GIVER",
                "'BASE','ONE','TWO' | {'giver':{'name':'x'}} | GIVER",
                "'BASE','ONE','ODD' | {} | TOGETHER",
                "'BASE','ONE' | {} | ",
                "'BASE','ONE','TWO','ODD' | {} | ",
                "'BASE','OTHER' | {'giver':{'name':'x'}} | "
            })
    void permissionsGoTogetherAsDescribed(String wants, String members, String code) throws Exception {
        byte[] body = body("{'wants':[" + wants + "]" + (members.equals("{}") ? "}" : "," + members.substring(1)));
        if (code == null) {
            assertThat(type().request(body, NOW).permissions()).isNotEmpty();
            return;
        }
        assertThatThrownBy(() -> type().request(body, NOW)).isInstanceOfSatisfying(ConsentRefusal.class, refused -> {
            assertThat(refused.defect()).isEqualTo(ConsentDefect.PERMISSION_COMBINATION);
            assertThat(answer(refused)).isEqualTo(new ConsentAnswer(code.equals("TOGETHER") ? 409 : 422, code));
        });
    }

    private static ConsentAnswer answer(ConsentRefusal refused) {
        try {
            return type().answer(refused);
        } catch (InvalidConsentType impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void whatIsMissingIsAnsweredLikeWhatIsMalformedUnlessTheDataSayMore() throws Exception {
        ConsentRefusal missing = new ConsentRefusal(ConsentDefect.MISSING, "x");
        String malformed =
                TEXT.replace("\"errors\": {", "\"errors\": {\"malformed\": {\"status\": 422, \"code\": \"BAD\"},");
        assertThat(type().answer(missing)).isEqualTo(new ConsentAnswer(400, "invalid_request"));
        assertThat(read(malformed).answer(missing)).isEqualTo(new ConsentAnswer(422, "BAD"));
        assertThat(read(malformed.replace(
                                "\"errors\": {", "\"errors\": {\"missing\": {\"status\": 400, \"code\": \"GONE\"},"))
                        .answer(missing))
                .isEqualTo(new ConsentAnswer(400, "GONE"));
    }

    @Test
    void anAnswerHasItsEnvelope() throws Exception {
        ConsentRequest request = type().request(body("{}"), NOW);
        ConsentView view = new ConsentView(
                "g.1",
                ConsentState.AWAITING,
                Optional.empty(),
                ConsentActor.CLIENT,
                NOW,
                NOW,
                Optional.empty(),
                request.body());
        String shown = type().show(view, "https://bank.example/gifts/g.1", NOW.plusSeconds(5));
        assertThat(MAPPER.readTree(shown)).isEqualTo(MAPPER.readTree("""
            {"gift":{"wants":["BASE","ONE"],"id":"g.1","status":"W","created":"2026-01-01T00:00:00Z","updated":"2026-01-01T00:00:00Z"},
            "see":{"self":"https://bank.example/gifts/g.1","pages":1},"when":["2026-01-01T00:00:05Z"]}\
            """));
    }

    @Test
    void anErrorHasItsBody() throws Exception {
        assertThat(MAPPER.readTree(type().showError("BAD", "a \"bad\" {code}", NOW)))
                .isEqualTo(MAPPER.readTree("""
            {"mistakes":[{"code":"BAD","text":"a \\"bad\\" {code}","at":"2026-01-01T00:00:00Z"}]}\
            """));
    }

    @Test
    void whatTheClientRevokedIsForgottenAndWhatTheCustomerRevokedIsNot() throws InvalidConsentType {
        assertThat(type().isForgotten(ConsentState.REVOKED, ConsentActor.CLIENT))
                .isTrue();
        assertThat(type().isForgotten(ConsentState.REVOKED, ConsentActor.CUSTOMER))
                .isFalse();
        assertThat(type().isForgotten(ConsentState.AWAITING, ConsentActor.CLIENT))
                .isFalse();
        assertThat(type().isRevocable()).isTrue();
        assertThat(read(TEXT.replace("\"by\": [\"client\"], \"forgets\": true", "\"by\": [\"staff\"]"))
                        .isRevocable())
                .isFalse();
    }

    @Test
    void aConsentIsUsedInTime() throws InvalidConsentType {
        Instant agreed = NOW.plusSeconds(50);
        assertThat(due(ConsentState.AUTHORISED, agreed, agreed.plusSeconds(99))).isEmpty();
        assertThat(due(ConsentState.AUTHORISED, agreed, agreed.plusSeconds(100)))
                .hasValueSatisfying(move -> assertThat(move.to()).isEqualTo(ConsentState.EXPIRED));
        assertThat(due(ConsentState.AWAITING, NOW, NOW.plusSeconds(59))).isEmpty();
    }

    private static Optional<ConsentMove> due(ConsentState state, Instant updated, Instant now)
            throws InvalidConsentType {
        return type().due(state, NOW, updated, Optional.empty(), now);
    }

    @Test
    void aKeyIsOneShortText() throws Exception {
        IdempotencyRule rule = type().idempotency().orElseThrow();
        assertThat(rule.key(List.of("k".repeat(40)))).contains("k".repeat(40));
        for (List<String> sent : List.of(
                List.<String>of(),
                List.of(""),
                List.of("k".repeat(41)),
                List.of("a", "b"),
                List.of("a b"),
                List.of("\u00e9"))) {
            assertThatThrownBy(() -> rule.key(sent)).isInstanceOf(ConsentRefusal.class);
        }
        assertThat(new IdempotencyRule("x-key", false).key(List.of())).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"form\": \"date\" | \"form\": \"day\" | 'form'",
                "\"sum.amount\" | \"other.amount\" | 'other.amount'",
                "\"sum.amount\" | \"sum..amount\" | 'sum..amount'",
                "\"max-characters\": 5 | \"max-characters\": 0 | 'max-characters'",
                "\"pattern\": \"[0-9.]{1,12}\" | \"pattern\": \"[\" | 'pattern'",
                "\"required\": true, \"pattern\" | \"required\": 1, \"pattern\" | 'required'",
                "\"forgets\": true | \"forgets\": \"yes\" | 'forgets'",
                "\"forgets\": true}, | \"forgets\": true}, {\"from\": [\"rejected\"], \"to\": \"revoked\", \"by\": [\"client\"]}, | 'moves'",
                "{self} | {elsewhere} | 'envelope'",
                "\"see\": | \"gift\": | 'envelope'",
                "{description} | a {description} | 'error-body'",
                "\"asked\": [\"ODD\"] | \"asked\": [\"EVEN\"] | 'all-of'",
                "\"asked\": [\"ODD\"], \"all-of\" | \"asked\": [\"ODD\"], \"some-of\" | 'any-of'",
                "\"asked\": [\"ODD\"] | \"any-of\": [\"ODD\"] | 'any-of'",
                "\"status\": 422, \"code\": \"MIXED\" | \"status\": 500, \"code\": \"MIXED\" | 'status'",
                "\"header\": \"x-key\" | \"header\": \"x key\" | 'header'",
                "\"use-within-seconds\": 100 | \"use-within-seconds\": 0 | 'use-within-seconds'"
            })
    void anInvalidDescriptionIsRefused(String good, String bad, String named) {
        String text = TEXT.replace(good, bad);
        assertThat(text).isNotEqualTo(TEXT);
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(InvalidConsentType.class)
                .hasMessageContaining(named);
    }

    /** A body with these members, and with good permissions where it has none. */
    private static byte[] body(String members) {
        try {
            ObjectNode gift = (ObjectNode) MAPPER.readTree(members.replace('\'', '"'));
            if (!gift.has("wants")) {
                gift.putArray("wants").add("BASE").add("ONE");
            }
            return MAPPER.createObjectNode()
                    .<ObjectNode>set("gift", gift)
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
        } catch (JsonProcessingException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
