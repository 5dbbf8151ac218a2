package org.fapipack.core.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fapipack.core.consent.ConsentActor.CLIENT;
import static org.fapipack.core.consent.ConsentActor.CUSTOMER;
import static org.fapipack.core.consent.ConsentActor.SERVER;
import static org.fapipack.core.consent.ConsentActor.STAFF;
import static org.fapipack.core.consent.ConsentState.AUTHORISED;
import static org.fapipack.core.consent.ConsentState.AWAITING;
import static org.fapipack.core.consent.ConsentState.EXPIRED;
import static org.fapipack.core.consent.ConsentState.PARTIALLY_AUTHORISED;
import static org.fapipack.core.consent.ConsentState.REJECTED;
import static org.fapipack.core.consent.ConsentState.REVOKED;
import static org.fapipack.core.consent.ConsentState.SUSPENDED;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsentTypeTest {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Instant LODGED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Optional<Instant> END = Optional.of(LODGED.plusSeconds(7200));

    private static final String TEXT = """
        [{
          "name": "sample",
          "path": "a/b",
          "client-scope": "lodge",
          "id-prefix": "urn:x:",
          "members": {
            "data": "data", "id": "id", "status": "status", "created": "created", "updated": "updated", "end": "end",
            "permissions": "permissions", "reason": "why.code", "actor": "why.who",
            "required": ["permissions"], "optional": ["end"], "beside-data": ["risk"]
          },
          "states": {"awaiting": "W", "authorised": "A", "rejected": "R", "revoked": "R", "suspended": "S", "expired": "E"},
          "actors": {"client": "C"},
          "moves": [
            {"from": ["awaiting"], "to": "authorised", "by": ["customer"]},
            {"from": ["revoked"], "to": "authorised", "by": ["customer"]},
            {"from": ["awaiting", "authorised"], "to": "revoked", "by": ["client", "staff"], "reason": "CHANGED_MIND"},
            {"from": ["authorised"], "to": "suspended", "by": ["staff"]},
            {"from": ["awaiting"], "to": "rejected", "by": ["server"], "reason": "LATE"},
            {"from": ["awaiting", "authorised", "suspended", "revoked"], "to": "expired", "by": ["server"], "reason": "END"}
          ],
          "permissions": {"READ": ["accounts"], "WRITE": ["accounts", "payments"], "LOOK": []},
          "unknown-permissions": "refuse",
          "max-permissions": 3,
          "max-body-bytes": 256,
          "awaiting-timeout-seconds": 3600,
          "timeout-state": "rejected",
          "max-duration-seconds": 7200
        }]\
        """;

    private static ConsentType type() throws InvalidConsentType {
        return ConsentType.readAll(TEXT).get(0);
    }

    @Test
    void aReasonIsAnEntryOfAListWhereTheDataSaySo() throws InvalidConsentType {
        String text = TEXT.replace("\"reason\": \"why.code\"", "\"reasons\": \"why.all\"")
                .replace(
                        "\"actors\"",
                        "\"reason-entry\": {\"c\": \"{code}\", \"d\": \"{description}\", \"n\": 1},"
                                + " \"reason-details\": {\"CHANGED_MIND\": \"no more\", \"LATE\": \"late\", \"END\":"
                                + " \"over\"}, \"actors\"");
        ConsentType type = ConsentType.readAll(text).get(0);

        assertThat(shown(type, REVOKED, Optional.of("CHANGED_MIND")))
                .contains("\"all\":[{\"c\":\"CHANGED_MIND\",\"d\":\"no more\",\"n\":1}]");
        assertThat(shown(type, AUTHORISED, Optional.empty())).doesNotContain("why");
    }

    private static String shown(ConsentType type, ConsentState state, Optional<String> reason) {
        return type.show(
                new ConsentView(
                        "urn:x:1",
                        state,
                        reason,
                        CLIENT,
                        LODGED,
                        LODGED,
                        Optional.empty(),
                        "{\"data\":{\"permissions\":[\"READ\"]}}"),
                "https://x",
                LODGED);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"reasons\": \"why.all\", \"data\"', '', reason-entry",
        "'\"data\"', '\"reason-entry\": {\"c\": \"{code}\"},', reason-entry",
        "'\"reasons\": \"why.all\", \"data\"', '\"reason-entry\": {\"c\": \"{now}\"},', reason-entry",
        "'\"reasons\": \"why.all\", \"data\"', '\"reason-entry\": {\"c\": \"{description}\"},', reason-details",
        "'\"reasons\": \"id\", \"data\"', '\"reason-entry\": {\"c\": \"{code}\"},', id"
    })
    void aListOfReasonsThatIsNotRightIsRefused(String members, String more, String member) {
        String text = TEXT.replaceFirst("\"data\"", members).replace("\"actors\"", more + " \"actors\"");
        assertThatThrownBy(() -> ConsentType.readAll(text))
                .isInstanceOf(InvalidConsentType.class)
                .hasMessageContaining("'" + member + "'");
    }

    /** Every triple of states and actor: the moves in the text are allowed, and no other. */
    static Stream<ConsentMove> everyMove() {
        List<ConsentMove> all = new ArrayList<>();
        for (ConsentState from : ConsentState.values()) {
            for (ConsentState to : ConsentState.values()) {
                for (ConsentActor by : ConsentActor.values()) {
                    all.add(new ConsentMove(from, to, by, Optional.empty(), false));
                }
            }
        }
        return all.stream();
    }

    private static final Map<List<?>, Optional<String>> ALLOWED = Map.ofEntries(
            Map.entry(List.of(AWAITING, AUTHORISED, CUSTOMER), Optional.empty()),
            Map.entry(List.of(REVOKED, AUTHORISED, CUSTOMER), Optional.empty()),
            Map.entry(List.of(AWAITING, REVOKED, CLIENT), Optional.of("CHANGED_MIND")),
            Map.entry(List.of(AUTHORISED, REVOKED, CLIENT), Optional.of("CHANGED_MIND")),
            Map.entry(List.of(AWAITING, REVOKED, STAFF), Optional.of("CHANGED_MIND")),
            Map.entry(List.of(AUTHORISED, REVOKED, STAFF), Optional.of("CHANGED_MIND")),
            Map.entry(List.of(AUTHORISED, SUSPENDED, STAFF), Optional.empty()),
            Map.entry(List.of(AWAITING, ConsentState.REJECTED, SERVER), Optional.of("LATE")),
            Map.entry(List.of(AWAITING, EXPIRED, SERVER), Optional.of("END")),
            Map.entry(List.of(AUTHORISED, EXPIRED, SERVER), Optional.of("END")),
            Map.entry(List.of(SUSPENDED, EXPIRED, SERVER), Optional.of("END")),
            Map.entry(List.of(REVOKED, EXPIRED, SERVER), Optional.of("END")));

    @ParameterizedTest
    @MethodSource("everyMove")
    void onlyTheMovesOfTheDataAreAllowed(ConsentMove wanted) throws InvalidConsentType {
        Optional<ConsentMove> move = type().move(wanted.from(), wanted.to(), wanted.by());
        List<?> key = List.of(wanted.from(), wanted.to(), wanted.by());
        assertThat(move.isPresent()).isEqualTo(ALLOWED.containsKey(key));
        move.ifPresent(found -> assertThat(found.reason()).isEqualTo(ALLOWED.get(key)));
    }

    @Test
    void aConsentThatNobodyDecidesOnEndsAtItsTimeout() throws InvalidConsentType {
        assertThat(type().due(AWAITING, LODGED, LODGED, Optional.empty(), LODGED.plusSeconds(3599)))
                .isEmpty();
        assertThat(type().due(AWAITING, LODGED, LODGED, Optional.empty(), LODGED.plusSeconds(3600)))
                .hasValueSatisfying(move -> {
                    assertThat(move.to()).isEqualTo(ConsentState.REJECTED);
                    assertThat(move.reason()).contains("LATE");
                });
    }

    /** Without a setting they have thirty days. */
    @ParameterizedTest
    @CsvSource({"'', 2592000", "'\"partially-authorised-timeout-seconds\": 5000,', 5000"})
    void aConsentThatOthersDoNotAgreeToInTimeExpires(String setting, long seconds) throws InvalidConsentType {
        ConsentType type = ConsentType.readAll(jointly(setting)).get(0);
        Instant agreed = LODGED.plusSeconds(3599);

        assertThat(type.due(PARTIALLY_AUTHORISED, LODGED, agreed, Optional.empty(), agreed.plusSeconds(seconds - 1)))
                .isEmpty();
        assertThat(type.due(PARTIALLY_AUTHORISED, LODGED, agreed, Optional.empty(), agreed.plusSeconds(seconds)))
                .hasValueSatisfying(move -> {
                    assertThat(move.to()).isEqualTo(EXPIRED);
                    assertThat(move.reason()).contains("END");
                });
        assertThat(type.due(PARTIALLY_AUTHORISED, LODGED, agreed, END, END.get()))
                .hasValueSatisfying(move -> assertThat(move.to()).isEqualTo(EXPIRED));
        assertThat(type.due(AWAITING, agreed, LODGED, Optional.empty(), LODGED.plusSeconds(6000)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, false", "1, true", "2592000, true", "2592001, false"})
    void theTimeOfOthersHasBounds(String seconds, boolean isAccepted) throws InvalidConsentType {
        String text = jointly("\"partially-authorised-timeout-seconds\": " + seconds + ",");
        if (isAccepted) {
            assertThat(ConsentType.readAll(text)).hasSize(1);
        } else {
            assertInvalid(text, "'partially-authorised-timeout-seconds'");
        }
    }

    private static String jointly(String setting) {
        return TEXT.replace("\"states\": {", "\"states\": {\"partially-authorised\": \"P\", ")
                .replace("\"suspended\", \"revoked\"]", "\"suspended\", \"revoked\", \"partially-authorised\"]")
                .replace("\"timeout-state\"", setting + "\"timeout-state\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"authorised", "suspended", "revoked", "awaiting"})
    void aConsentEndsAtItsEnd(String key) throws InvalidConsentType {
        ConsentState state = ConsentState.of(key).orElseThrow();
        Instant lodged = LODGED.plusSeconds(7000);
        assertThat(type().due(state, lodged, lodged, END, END.get().minusSeconds(1)))
                .isEmpty();
        assertThat(type().due(state, lodged, lodged, END, END.get()))
                .hasValueSatisfying(move -> assertThat(move.to()).isEqualTo(EXPIRED));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rejected", "expired", "consumed"})
    void whatIsOverStaysAsItIs(String key) throws InvalidConsentType {
        assertThat(type().due(
                                ConsentState.of(key).orElseThrow(),
                                LODGED,
                                LODGED,
                                END,
                                END.get().plusSeconds(9)))
                .isEmpty();
    }

    @Test
    void aConsentIsReauthorisableWhereACustomerMayAgreeAgain() throws InvalidConsentType {
        assertThat(type().isReauthorisable(REVOKED)).isTrue();
        assertThat(type().isReauthorisable(AWAITING)).isFalse();
        assertThat(type().isReauthorisable(AUTHORISED)).isFalse();
    }

    @Test
    void permissionsHaveScopes() throws InvalidConsentType {
        assertThat(type().scopes(List.of("READ", "WRITE"))).isEqualTo(Set.of("accounts", "payments"));
        assertThat(type().scopes(List.of("LOOK"))).isEmpty();
    }

    @Test
    void aPathIsACollectionOrOneConsent() throws InvalidConsentType {
        assertThat(type().isCollection("a/b")).isTrue();
        assertThat(type().isCollection("a/b/")).isFalse();
        assertThat(type().idIn("a/b/1")).contains("1");
        assertThat(type().idIn("a/b/")).isEmpty();
        assertThat(type().idIn("a/b/1/2")).isEmpty();
        assertThat(type().idIn("a/bc/1")).isEmpty();
    }

    /** What the ecosystem knows and nobody gets here is no mistake of the client's; what it does not know is. */
    @Test
    void aPermissionThatIsNotOfferedIsLeftOutAndAnUnknownOneRefused() throws Exception {
        ConsentType type = ConsentType.readAll(with("/unoffered-permissions", "[\"DIG\",\"FILL\"]"))
                .get(0);
        assertThat(type.request(bytes("{\"data\":{\"permissions\":[\"DIG\",\"READ\"]}}"), LODGED)
                        .permissions())
                .containsExactly("READ");
        assertThatThrownBy(() -> type.request(bytes("{\"data\":{\"permissions\":[\"DIG\",\"FILL\"]}}"), LODGED))
                .isInstanceOfSatisfying(
                        ConsentRefusal.class,
                        refusal -> assertThat(refusal.defect()).isEqualTo(ConsentDefect.NO_PERMISSIONS));
        assertThatThrownBy(() -> type.request(bytes("{\"data\":{\"permissions\":[\"DIG\",\"READ\",\"X\"]}}"), LODGED))
                .isInstanceOfSatisfying(
                        ConsentRefusal.class,
                        refusal -> assertThat(refusal.defect()).isEqualTo(ConsentDefect.UNKNOWN_PERMISSION));
    }

    @Test
    void whyAConsentEndedIsAlsoSaidInWords() throws Exception {
        ArrayNodeText types = new ArrayNodeText();
        ((ObjectNode) types.first().at("/members")).put("reason-detail", "why.text");
        types.first()
                .putObject("reason-details")
                .put("CHANGED_MIND", "Whoever asked does not want it any more.")
                .put("LATE", "Nobody decided in time.")
                .put("END", "Its time is over.");
        ConsentType type = ConsentType.readAll(types.text()).get(0);
        ConsentRequest request = type.request(bytes("{\"data\":{\"permissions\":[\"READ\"]}}"), LODGED);
        assertThat(shownWhy(type, request, Optional.of("LATE")))
                .isEqualTo(MAPPER.readTree("{\"code\":\"LATE\",\"text\":\"Nobody decided in time.\"}"));
        assertThat(shownWhy(type, request, Optional.of("ELSEWHERE")))
                .isEqualTo(MAPPER.readTree("{\"code\":\"ELSEWHERE\"}"));
        assertThat(shownWhy(type, request, Optional.empty()).isMissingNode()).isTrue();
        ((ObjectNode) types.first().at("/reason-details")).remove("END");
        assertInvalid(types.text(), "'reason-details'");
        ((ObjectNode) types.first().at("/reason-details")).put("END", "Over.").put("MORE", "More.");
        assertInvalid(types.text(), "'reason-details'");
    }

    private static JsonNode shownWhy(ConsentType type, ConsentRequest request, Optional<String> reason)
            throws JsonProcessingException {
        ConsentView view =
                new ConsentView("urn:x:1", REJECTED, reason, SERVER, LODGED, LODGED, Optional.empty(), request.body());
        return MAPPER.readTree(type.show(view, "https://bank.example/a/b/urn:x:1", LODGED))
                .at("/data/why");
    }

    @Test
    void whatTheServerSaysIsAddedToWhatTheClientLodged() throws Exception {
        ConsentRequest request = type().request(bytes("""
            {"risk":{"a":1.10},"data":{"permissions":["READ"],"end":"2026-01-01T01:00:00+00:30"}}\
            """), LODGED);
        assertThat(request.end()).contains(LODGED.plusSeconds(1800));
        ConsentView view = new ConsentView(
                "urn:x:1", REVOKED, Optional.of("CHANGED_MIND"), CLIENT, LODGED, LODGED, request.end(), request.body());
        assertThat(MAPPER.readTree(type().show(view, "https://bank.example/a/b/urn:x:1", LODGED)))
                .isEqualTo(MAPPER.readTree("""
                    {"risk":{"a":1.1},"data":{"permissions":["READ"],"end":"2026-01-01T00:30:00Z","id":"urn:x:1","status":"R",
                    "created":"2026-01-01T00:00:00Z","updated":"2026-01-01T00:00:00Z","why":{"code":"CHANGED_MIND","who":"C"}}}\
                    """));
    }

    @Test
    void withoutAnEndTheLongestDurationHolds() throws Exception {
        assertThat(type().request(bytes("{\"data\":{\"permissions\":[\"READ\"]}}"), LODGED)
                        .end())
                .contains(LODGED.plusSeconds(7200));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-01T00:00:01Z, true",
        "2026-01-01T00:00:00Z, false",
        "2025-12-31T23:59:59Z, false",
        "2026-01-01T02:00:00Z, true",
        "2026-01-01T02:00:01Z, false"
    })
    void anEndLiesAheadButNotTooFar(String end, boolean accepted) throws Exception {
        byte[] body = bytes("{\"data\":{\"permissions\":[\"READ\"],\"end\":\"" + end + "\"}}");
        if (accepted) {
            assertThat(type().request(body, LODGED).end()).contains(Instant.parse(end));
        } else {
            assertRefused(body, ConsentDefect.INVALID_END);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"x\"",
                "{",
                "{}{}",
                "{\"data\":null}",
                "{\"data\":[]}",
                "{\"data\":{\"permissions\":[\"READ\"]},\"data\":{\"permissions\":[\"READ\"]}}",
                "{\"data\":{\"permissions\":[\"READ\"],\"permissions\":[\"READ\"]}}",
                "{\"data\":{\"permissions\":[\"READ\"],\"id\":\"mine\"}}",
                "{\"data\":{\"permissions\":[\"READ\"],\"status\":\"A\"}}",
                "{\"data\":{\"permissions\":[\"READ\"]},\"more\":1}",
                "{\"data\":{\"permissions\":\"READ\"}}",
                "{\"data\":{\"permissions\":[]}}",
                "{\"data\":{\"permissions\":[1]}}",
                "{\"data\":{\"permissions\":[\"READ\",\"READ\"]}}",
                "{\"data\":{\"permissions\":[\"a\",\"b\",\"c\",\"d\"]}}",
                "{\"data\":{\"permissions\":[\"READ\"],\"end\":null}}",
                "{\"data\":{\"permissions\":[\"READ\"],\"end\":1}}",
                "{\"data\":{\"permissions\":[\"READ\"],\"end\":\"tomorrow\"}}",
                "{\"data\":{\"permissions\":[\"READ\"],\"end\":\"2026-01-01T00:00:01\"}}",
                "{\"data\":{\"permissions\":[\"READ\"]},\"risk\":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}"
            })
    void whatIsNotAsDescribedIsMalformed(String body) {
        assertRefused(bytes(body), ConsentDefect.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"data\":{}}", "{\"data\":{\"permissions\":null}}"})
    void whatHasToBeThereIsMissing(String body) {
        assertRefused(bytes(body), ConsentDefect.MISSING);
    }

    @Test
    void octetsThatAreNotUtf8AreMalformed() {
        assertRefused(new byte[] {'"', (byte) 0xC3, '"'}, ConsentDefect.MALFORMED);
    }

    @Test
    void anUnknownPermissionIsRefusedOrDropped() throws Exception {
        byte[] body = bytes("{\"data\":{\"permissions\":[\"FLY\",\"READ\"]}}");
        assertRefused(body, ConsentDefect.UNKNOWN_PERMISSION);
        ConsentType dropping =
                ConsentType.readAll(TEXT.replace("\"refuse\"", "\"drop\"")).get(0);
        ConsentRequest kept = dropping.request(body, LODGED);
        assertThat(kept.permissions()).containsExactly("READ");
        assertThat(kept.body()).isEqualTo("{\"data\":{\"permissions\":[\"READ\"]}}");
        assertThatThrownBy(() -> dropping.request(bytes("{\"data\":{\"permissions\":[\"FLY\"]}}"), LODGED))
                .isInstanceOfSatisfying(
                        ConsentRefusal.class,
                        refusal -> assertThat(refusal.defect()).isEqualTo(ConsentDefect.NO_PERMISSIONS));
    }

    @Test
    void whatIsKeptIsAscii() throws Exception {
        ConsentRequest request = type().request(
                        bytes("{\"data\":{\"permissions\":[\"READ\"]},\"risk\":\"\\ud800 \\u0000 \u00e9\"}"), LODGED);
        assertThat(request.body())
                .isEqualTo("{\"data\":{\"permissions\":[\"READ\"]},\"risk\":\"\\uD800 \\u0000 \\u00E9\"}");
    }

    private static void assertRefused(byte[] body, ConsentDefect defect) {
        assertThatThrownBy(() -> type().request(body, LODGED))
                .isInstanceOfSatisfying(
                        ConsentRefusal.class,
                        refusal -> assertThat(refusal.defect()).isEqualTo(defect));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/name | \"UPPER\" | 'name'",
                "/name | \"\" | 'name'",
                "/name | 1 | 'name'",
                "/path | \"/a\" | 'path'",
                "/path | \"a//b\" | 'path'",
                "/path | \"a/..\" | 'path'",
                "/client-scope | \"two scopes\" | 'client-scope'",
                "/id-prefix | \"9:\" | 'id-prefix'",
                "/id-prefix | \"a/\" | 'id-prefix'",
                "/members/id | \"a..b\" | 'id'",
                "/members/id | \"a.b.c.d.e\" | 'id'",
                "/members/id | \"status\" | 'id'",
                "/members/id | \"permissions\" | 'required'",
                "/members/required | [] | 'required'",
                "/members/optional | [] | 'optional'",
                "/members/optional | [\"end\", \"end\"] | 'optional'",
                "/members/beside-data | [\"data\"] | 'beside-data'",
                "/members/more | 1 | 'more'",
                "/states/alive | \"X\" | 'alive'",
                "/states/awaiting | \"\" | 'awaiting'",
                "/states/consumed | \"a b\" | 'consumed'",
                "/actors/bank | \"X\" | 'bank'",
                "/moves | [] | 'moves'",
                "/moves/0/from | [\"consumed\"] | 'from'",
                "/moves/0/by | [\"bank\"] | 'by'",
                "/moves/0/more | 1 | 'more'",
                "/moves/1/from | [\"awaiting\"] | 'moves'",
                "/moves/4/by | [\"staff\"] | 'moves'",
                "/moves/5/from | [\"awaiting\", \"authorised\", \"revoked\"] | 'moves'",
                "/moves/5/from | [\"awaiting\", \"authorised\", \"suspended\"] | 'moves'",
                "/permissions | {} | 'permissions'",
                "/permissions/READ | \"accounts\" | 'READ'",
                "/permissions/READ | [\"a b\"] | 'READ'",
                "/unknown-permissions | \"keep\" | 'unknown-permissions'",
                "/unoffered-permissions | \"DIG\" | 'unoffered-permissions'",
                "/refusal-codes | \"CLOSED\" | 'refusal-codes'",
                "/refusal-codes | [\"CLOSED\", \"CLOSED\"] | 'refusal-codes'",
                "/refusal-codes | [\"two words\"] | 'refusal-codes'",
                "/unoffered-permissions | [\"READ\"] | 'unoffered-permissions'",
                "/members/reason-detail | \"why.text\" | 'reason-details'",
                "/members/reason-detail | \"why.code\" | 'id'",
                "/reason-details | {\"CHANGED_MIND\":\"a\",\"LATE\":\"b\",\"END\":\"c\"} | 'reason-details'",
                "/max-permissions | 0 | 'max-permissions'",
                "/max-permissions | 501 | 'max-permissions'",
                "/max-permissions | 1.5 | 'max-permissions'",
                "/max-permissions | \"5\" | 'max-permissions'",
                "/max-body-bytes | 255 | 'max-body-bytes'",
                "/max-body-bytes | 262145 | 'max-body-bytes'",
                "/awaiting-timeout-seconds | 0 | 'awaiting-timeout-seconds'",
                "/awaiting-timeout-seconds | 2592001 | 'awaiting-timeout-seconds'",
                "/partially-authorised-timeout-seconds | 60 | 'partially-authorised-timeout-seconds'",
                "/timeout-state | \"revoked\" | 'timeout-state'",
                "/max-duration-seconds | 59 | 'max-duration-seconds'",
                "/max-duration-seconds | 315360001 | 'max-duration-seconds'",
                "/max-duration-seconds | 99999999999 | 'max-duration-seconds'",
                "/errors | {\"lost\":{\"status\":404,\"code\":\"x\"}} | 'lost'",
                "/errors | {\"not-found\":{\"status\":500,\"code\":\"x\"}} | 'status'",
                "/errors | {\"not-found\":{\"status\":401,\"code\":\"x\"}} | 'status'",
                "/errors | {\"not-found\":{\"status\":404}} | 'code'",
                "/error-format | \"xml\" | 'error-format'",
                "/more | 1 | 'more'"
            })
    void aDescriptionOutOfBoundsIsRefusedByTheNameOfTheMember(String pointer, String value, String named)
            throws JsonProcessingException {
        assertInvalid(with(pointer, value), named.strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/id-prefix | \"\"",
                "/max-permissions | 1",
                "/max-permissions | 500",
                "/max-body-bytes | 256",
                "/max-body-bytes | 262144",
                "/awaiting-timeout-seconds | 1",
                "/awaiting-timeout-seconds | 2592000",
                "/max-duration-seconds | 60",
                "/max-duration-seconds | 315360000",
                "/errors | {\"not-found\":{\"status\":410,\"code\":\"x\"}}",
                "/error-format | \"list\"",
                "/members/id | \"a.b.c.d\""
            })
    void theLastValuesInsideTheBoundsAreAccepted(String pointer, String value) throws Exception {
        assertThat(ConsentType.readAll(with(pointer, value))).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name",
                "path",
                "client-scope",
                "id-prefix",
                "members",
                "states",
                "moves",
                "permissions",
                "unknown-permissions",
                "max-permissions",
                "max-body-bytes",
                "awaiting-timeout-seconds",
                "timeout-state"
            })
    void aMemberThatIsMissingIsNamed(String member) throws JsonProcessingException {
        ArrayNodeText types = new ArrayNodeText();
        types.first().remove(member);
        assertInvalid(types.text(), "'" + member + "'");
    }

    @Test
    void optionalMembersMayBeMissing() throws Exception {
        ArrayNodeText types = new ArrayNodeText();
        types.first().remove(List.of("max-duration-seconds", "actors"));
        ((ObjectNode) types.first().get("members")).remove(List.of("reason", "actor", "beside-data"));
        ConsentType type = ConsentType.readAll(types.text()).get(0);
        assertThat(type.maxDuration()).isEmpty();
        assertThat(type.awaitingTimeout()).isEqualTo(Duration.ofHours(1));
        assertThat(type.answer(new ConsentRefusal(ConsentDefect.WRONG_STATE, "sample")))
                .isEqualTo(new ConsentAnswer(409, "invalid_state"));
        assertThat(type.request(
                                bytes("{\"data\":{\"permissions\":[\"READ\"],\"end\":\"9999-12-31T23:59:59Z\"}}"),
                                LODGED)
                        .end())
                .contains(Instant.parse("9999-12-31T23:59:59Z"));
        assertThatThrownBy(() -> type.request(
                        bytes("{\"data\":{\"permissions\":[\"READ\"],\"end\":\"+10000-01-01T00:00:00Z\"}}"), LODGED))
                .isInstanceOf(ConsentRefusal.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "[1]", "null", "[{\"name\":\"a\",\"name\":\"a\"}]", "[]]"})
    void whatIsNoListOfTypesIsRefused(String text) {
        assertThatThrownBy(() -> ConsentType.readAll(text)).isInstanceOf(InvalidConsentType.class);
    }

    @Test
    void noTypeAtAllIsFine() throws InvalidConsentType {
        assertThat(ConsentType.readAll("[]")).isEmpty();
    }

    @Test
    void twoTypesShareNeitherNameNorPath() throws Exception {
        assertThat(ConsentType.readAll(twice("other", "a/c"))).hasSize(2);
        assertInvalid(twice("sample", "a/c"), "same name or path");
        assertInvalid(twice("other", "a/b"), "same name or path");
        assertInvalid(twice("other", "a/b/c"), "same name or path");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "brazil-data.json",
                "brazil-payment.json",
                "uk-accounts.json",
                "uk-payment.json",
                "uk-funds-confirmation.json"
            })
    void theShippedTypesAreValid(String file) throws Exception {
        Path shipped = Path.of("..", "..", "client-policies", "consent-types", file);
        assertThat(ConsentType.readAll(Files.readString(shipped))).hasSize(1);
    }

    @Test
    void everyShippedTypeIsTested() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("..", "..", "client-policies", "consent-types"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder(
                            "brazil-data.json",
                            "brazil-payment.json",
                            "uk-accounts.json",
                            "uk-payment.json",
                            "uk-funds-confirmation.json");
        }
    }

    private static void assertInvalid(String text, String named) {
        assertThatThrownBy(() -> ConsentType.readAll(text))
                .isInstanceOf(InvalidConsentType.class)
                .hasMessageContaining(named);
    }

    private static String twice(String name, String path) throws JsonProcessingException {
        ArrayNodeText types = new ArrayNodeText();
        ObjectNode second = types.first().deepCopy();
        types.array.insert(1, second.put("name", name).put("path", path));
        return types.text();
    }

    private static String with(String pointer, String value) throws JsonProcessingException {
        ArrayNodeText types = new ArrayNodeText();
        int slash = pointer.lastIndexOf('/');
        JsonNode parent = types.first().at(pointer.substring(0, slash));
        ((ObjectNode) parent).set(pointer.substring(slash + 1).strip(), MAPPER.readTree(value));
        return types.text();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** {@link #TEXT} to be changed. */
    private static final class ArrayNodeText {
        private final ArrayNode array;

        ArrayNodeText() throws JsonProcessingException {
            array = (ArrayNode) MAPPER.readTree(TEXT);
        }

        ObjectNode first() {
            return (ObjectNode) array.get(0);
        }

        String text() {
            return array.toString();
        }
    }
}
