package org.fapipack.core.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A consent that comes to last longer, in an invented ecosystem. */
class ExtensionRuleTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private static final String RULE = """
        {
          "path": "longer", "list-path": "lengths", "required": ["who"], "optional": ["until", "firm"], "max-duration-seconds": 3600,
          "same": ["who.id", "firm"], "several-approvers": [{"member": "firm", "user-attribute": "not-alone"}],
          "headers": {"x-from": "from.address"}, "shown": ["who"], "requested": "asked", "previous-end": "before", "total": "count",
          "pages": "see.pages", "errors": {"wrong-state": {"status": 422, "code": "STATE"}, "several-approvers": {"status": 422, "code": "ALL"}}
        }\
        """;

    private static final String TEXT = """
        [{
          "name": "lease", "path": "leases", "client-scope": "lease", "id-prefix": "l.",
          "members": {
            "data": "lease", "id": "id", "status": "status", "created": "created", "updated": "updated", "end": "until",
            "permissions": "rooms", "required": ["rooms"], "optional": ["until", "who", "firm", "note"],
            "inside": {
              "who.id": {"form": "text", "required": true, "max-characters": 3},
              "note": {"form": "text", "required": true}
            }
          },
          "envelope": {"see": {"self": "{self}"}},
          "states": {"awaiting": "W", "authorised": "A", "rejected": "R", "expired": "E"},
          "moves": [
            {"from": ["awaiting"], "to": "authorised", "by": ["customer"]},
            {"from": ["awaiting"], "to": "rejected", "by": ["server"]},
            {"from": ["awaiting", "authorised"], "to": "expired", "by": ["server"]}
          ],
          "permissions": {"ONE": []},
          "unknown-permissions": "refuse", "max-permissions": 1, "max-body-bytes": 1000,
          "awaiting-timeout-seconds": 60, "timeout-state": "rejected",
          "errors": {"missing": {"status": 400, "code": "MISSING"}},
          "extension": RULE
        }]\
        """;

    private static final Map<String, List<String>> HEADERS = Map.of("x-from", List.of("192.0.2.1"));

    private static ConsentType type() throws InvalidConsentType {
        return read(RULE);
    }

    private static ConsentType read(String rule) throws InvalidConsentType {
        return ConsentType.readAll(TEXT.replace("RULE", rule)).get(0);
    }

    private static ConsentExtension wanted(String data, Map<String, List<String>> headers)
            throws ConsentRefusal, InvalidConsentType {
        return type().extension(
                        "{\"lease\":%s}".formatted(json(data)).getBytes(StandardCharsets.UTF_8),
                        name -> headers.getOrDefault(name, List.of()));
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static ConsentView consent(ConsentState state, String data) {
        return new ConsentView(
                "l.1",
                state,
                Optional.empty(),
                ConsentActor.CUSTOMER,
                NOW,
                NOW,
                Optional.of(NOW.plusSeconds(60)),
                "{\"lease\":%s}".formatted(json(data)));
    }

    private static Optional<Instant> extend(ConsentView consent, String data, String... notAlone)
            throws ConsentRefusal, InvalidConsentType {
        return type().extend(
                        consent,
                        0,
                        wanted(data, HEADERS),
                        attribute -> "not-alone".equals(attribute) ? List.of(notAlone) : List.of(),
                        NOW);
    }

    private static void assertRefused(ConsentAnswer expected, Throwable thrown) throws InvalidConsentType {
        assertThat(thrown).isInstanceOf(ConsentRefusal.class);
        assertThat(type().answer((ConsentRefusal) thrown)).isEqualTo(expected);
    }

    /** The parts around the text, and the header, have 58 characters. */
    @ParameterizedTest
    @CsvSource({"4038, true", "4039, false"})
    void anEntryIsSmall(int characters, boolean good) {
        assertThat(Optional.ofNullable(catchThrowableOfType(
                                ConsentRefusal.class,
                                () -> wanted(
                                        "{'who':{'id':'ann','x':'%s'}}".formatted("a".repeat(characters)), HEADERS)))
                        .isEmpty())
                .isEqualTo(good);
    }

    @ParameterizedTest
    @CsvSource({"999, true", "1000, false"})
    void aConsentIsExtendedAThousandTimesAtMost(long before, boolean good) throws Exception {
        ConsentExtension wanted = wanted("{'who':{'id':'ann'}}", HEADERS);
        ConsentView known = consent(ConsentState.AUTHORISED, "{'who':{'id':'ann'},'until':'2026-01-01T00:01:00Z'}");

        Throwable thrown = catchThrowable(() -> type().extend(known, before, wanted, attribute -> List.of(), NOW));

        if (good) {
            assertThat(thrown).isNull();
        } else {
            assertRefused(new ConsentAnswer(422, "STATE"), thrown);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "leases/l.1/longer, l.1, ",
        "leases/l.1/lengths, , l.1",
        "leases/l.1, , ",
        "leases/longer, , ",
        "leases//longer, , ",
        "leases/l.1/x/longer, , ",
        "leases/l.1/longer/, , ",
        "leases/l.1longer, , "
    })
    void pathsBelowAConsent(String path, String extended, String listed) throws InvalidConsentType {
        assertThat(type().extendedIn(path)).isEqualTo(Optional.ofNullable(extended));
        assertThat(type().listedIn(path)).isEqualTo(Optional.ofNullable(listed));
    }

    @Test
    void theNewEndIsTheWantedOne() throws Exception {
        ConsentView consent = consent(ConsentState.AUTHORISED, "{'rooms':['ONE'],'who':{'id':'a'}}");
        assertThat(extend(consent, "{'who':{'id':'a'},'until':'2026-01-01T02:30:00+02:00'}"))
                .contains(NOW.plusSeconds(1800));
        assertThat(extend(consent, "{'who':{'id':'a'}}")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"00:00:01, true", "01:00:00, true", "00:00:00, false", "01:00:01, false"})
    void theNewEndLiesAheadAndNotTooFar(String time, boolean good) {
        ConsentView consent = consent(ConsentState.AUTHORISED, "{'rooms':['ONE'],'who':{'id':'a'}}");
        String data = "{'who':{'id':'a'},'until':'2026-01-01T%sZ'}".formatted(time);
        if (good) {
            assertThatCode(() -> extend(consent, data)).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> extend(consent, data))
                    .satisfies(thrown -> assertRefused(new ConsentAnswer(400, "invalid_request"), thrown));
        }
    }

    @ParameterizedTest
    @EnumSource(ConsentState.class)
    void onlyWhatIsInForceLastsLonger(ConsentState state) {
        ConsentView consent = consent(state, "{'rooms':['ONE'],'who':{'id':'a'}}");
        switch (state) {
            case AUTHORISED ->
                assertThatCode(() -> extend(consent, "{'who':{'id':'a'}}")).doesNotThrowAnyException();
            case PARTIALLY_AUTHORISED ->
                assertThatThrownBy(() -> extend(consent, "{'who':{'id':'a'}}"))
                        .satisfies(thrown -> assertRefused(new ConsentAnswer(422, "ALL"), thrown));
            default ->
                assertThatThrownBy(() -> extend(consent, "{'who':{'id':'a'}}"))
                        .satisfies(thrown -> assertRefused(new ConsentAnswer(422, "STATE"), thrown));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'rooms':['ONE'],'who':{'id':'a'}}; {'who':{'id':'b'}}",
                "{'rooms':['ONE'],'who':{'id':'a'}}; {'who':{'id':'a'},'firm':'f'}",
                "{'rooms':['ONE'],'who':{'id':'a'},'firm':'f'}; {'who':{'id':'a'}}",
                "{'rooms':['ONE'],'who':{'id':'a'},'firm':'f'}; {'who':{'id':'a'},'firm':'g'}",
                "{'rooms':['ONE']}; {'who':{'id':'a'}}"
            },
            quoteCharacter = '"')
    void whoAsksIsWhomTheConsentIsFor(String stored, String sent) {
        assertThatThrownBy(() -> extend(consent(ConsentState.AUTHORISED, stored), sent))
                .satisfies(thrown -> assertRefused(new ConsentAnswer(403, "access_denied"), thrown));
    }

    @Test
    void whoDoesNotDecideAloneDoesNotDecideHere() throws Exception {
        ConsentView consent = consent(ConsentState.AUTHORISED, "{'rooms':['ONE'],'who':{'id':'a'},'firm':'f'}");
        String data = "{'who':{'id':'a'},'firm':'f'}";
        assertThat(extend(consent, data, "g")).isEmpty();
        assertThatThrownBy(() -> extend(consent, data, "g", "f"))
                .satisfies(thrown -> assertRefused(new ConsentAnswer(422, "ALL"), thrown));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'who':{'id':'long'}}",
                "{'who':{'id':7}}",
                "{'who':{'id':'a'},'rooms':['ONE']}",
                "{'who':{'id':'a'},'note':'n'}",
                "{'who':{'id':'a'},'until':'tomorrow'}",
                "{'who':{'id':'a'},'until':null}",
                "[]"
            })
    void whatIsNotDescribedIsRefused(String data) {
        assertThatThrownBy(() -> wanted(data, HEADERS))
                .satisfies(thrown -> assertRefused(new ConsentAnswer(400, "invalid_request"), thrown));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'who':null}", "{'who':{}}"})
    void whatHasToBeThereIsThere(String data) {
        assertThatThrownBy(() -> wanted(data, HEADERS))
                .satisfies(thrown -> assertRefused(new ConsentAnswer(400, "MISSING"), thrown));
    }

    @Test
    void headersAreThereOnceAndNotTooLong() {
        String data = "{'who':{'id':'a'}}";
        assertThatCode(() -> wanted(data, Map.of("x-from", List.of("x".repeat(255)))))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> wanted(data, Map.of()))
                .satisfies(thrown -> assertRefused(new ConsentAnswer(400, "MISSING"), thrown));
        for (List<String> bad : List.of(List.of("x".repeat(256)), List.of(" "), List.of("\u00e9"), List.of("a", "a"))) {
            assertThatThrownBy(() -> wanted(data, Map.of("x-from", bad)))
                    .satisfies(thrown -> assertRefused(new ConsentAnswer(400, "invalid_request"), thrown));
        }
    }

    @Test
    void theListShowsWhatWasAsked() throws Exception {
        ConsentType type = type();
        ConsentExtension done = wanted("{'who':{'id':'a'},'until':'2026-01-01T00:30:00Z'}", HEADERS);
        String entry = type.entry(done, NOW, done.end(), Optional.of(NOW.plusSeconds(60)));
        String endless = type.entry(wanted("{'who':{'id':'a'}}", HEADERS), NOW, Optional.empty(), Optional.empty());

        assertThat(type.showExtensions(List.of(entry, endless), "https://x/list", NOW))
                .isEqualTo(json("{'lease':["
                        + "{'who':{'id':'a'},'from':{'address':'192.0.2.1'},'asked':'2026-01-01T00:00:00Z',"
                        + "'until':'2026-01-01T00:30:00Z',"
                        + "'before':'2026-01-01T00:01:00Z'},"
                        + "{'who':{'id':'a'},'from':{'address':'192.0.2.1'},'asked':'2026-01-01T00:00:00Z'}],"
                        + "'see':{'self':'https://x/list','pages':1},'count':2}"));
        assertThat(type.showExtensions(List.of(), "https://x/list", NOW)).contains(json("'lease':[]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\"lengths\"; \"longer\"; list-path",
                "\"path\": \"longer\"; \"path\": \"a/b\"; path",
                "\"required\": [\"who\"]; \"required\": [\"id\"]; required",
                "\"optional\": [\"until\", \"firm\"]; \"optional\": [\"firm\"]; optional",
                "\"shown\": [\"who\"]; \"shown\": [\"note\"]; same",
                "\"same\": [\"who.id\", \"firm\"]; \"same\": [\"note\"]; same",
                "3600; 59; max-duration-seconds",
                "3600; 315360001; max-duration-seconds",
                "wrong-state; not-found; not-found",
                "\"x-from\"; \"x from\"; x from",
                "\"asked\"; \"asked\", \"more\": 1; more"
            },
            quoteCharacter = '|')
    void anExtensionThatIsNotRightIsRefused(String text, String bad, String member) {
        assertThat(RULE).contains(text);
        assertThatThrownBy(() -> read(RULE.replace(text, bad)))
                .isInstanceOf(InvalidConsentType.class)
                .hasMessageContaining("'" + member + "'");
    }
}
