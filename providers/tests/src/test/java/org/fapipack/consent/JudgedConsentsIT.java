package org.fapipack.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.consent.ConsentRealm.CARDS;
import static org.fapipack.consent.ConsentRealm.HASTY_CARDS;
import static org.fapipack.consent.ConsentRealm.ROOMS;
import static org.fapipack.consent.ConsentRealm.SCOPE;
import static org.fapipack.consent.ConsentRealm.server;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.consentstore.AmountLimit;
import org.fapipack.testkit.consentstore.ConsentStoreServer;
import org.fapipack.testkit.consentstore.ReceivedCall;
import org.fapipack.testkit.consentstore.Trouble;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Json;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Consents that are kept here, and that a bank judges before they are made. */
class JudgedConsentsIT {

    private static final String WISH = "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"]}}}";
    private static final String ROOM = "{\"wish\":{\"day\":\"monday\"}}";
    private static final String URL = "\"kept-at\":\"here\",\"store-url\":\"https://bank.example.test\"";

    private static ConsentRealm consents;
    private static FapiRealm realm;
    private static FapiClient reader;
    private static ConsentStoreServer bank;

    @BeforeAll
    static void prepareRealm() {
        consents = ConsentRealm.prepare().withConsentPage("novels");
        realm = consents.realm();
        reader = consents.addReader("reader");
        bank = consents.store(reader).start();
    }

    @AfterAll
    static void closeBank() {
        bank.close();
    }

    @BeforeEach
    void theBankAcceptsEverything() {
        bank.getInto(Trouble.NONE);
        bank.judgeBy(asked -> AmountLimit.ACCEPTED);
        judgeAt(bank);
    }

    @Test
    void aConsentThatTheBankAcceptsIsMadeAndKeptHere() {
        realm.admin().setClientAttribute(realm.name(), "reader", "fapi.legal.name", "Readers & S\u00f6hne");
        int before = calls();

        Exchange lodged = consents.call(
                reader,
                "POST",
                CARDS,
                "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"]},\"note\":{\"fee\":0.12345678901234567891}}}");

        assertThat(lodged.status()).as(lodged.body()).isEqualTo(201);
        assertThat(calls()).isEqualTo(before + 1);
        ReceivedCall call = bank.calls().get(before);
        StoreDescription.read().check(call);
        assertThat(call.refusal()).isEmpty();
        assertThat(call.interactionId()).isPresent().isEqualTo(lodged.header("x-fapi-interaction-id"));
        assertThat(call.body()).contains("0.12345678901234567891");
        Map<String, Object> asked = Json.object(call.body());
        assertThat(asked)
                .containsEntry("client_id", "reader")
                .containsEntry("type", "library-card")
                .containsEntry("organisation", "Readers & S\u00f6hne");
        assertThat(Json.object(asked.get("consent")))
                .containsOnlyKeys("wish")
                .extracting("wish")
                .extracting("terms")
                .isEqualTo(Map.of("shelves", List.of("NOVELS")));

        String id = (String) server(lodged).get("number");
        assertThat(consents.call(reader, "GET", CARDS + "/" + id, "").status()).isEqualTo(200);
        Exchange pushed = reader.pushedAuthorizationRequest(reader.requestObject(reader.begin())
                        .claim("scope", "openid novels")
                        .claim("claims", "{\"library_card\":\"" + id + "\"}"))
                .send();
        assertThat(pushed.status()).as(pushed.body()).isEqualTo(201);
        assertThat(consents.call(reader, "DELETE", CARDS + "/" + id, "").status())
                .isEqualTo(204);
        assertThat(calls()).as("the bank keeps nothing, so it is asked nothing").isEqualTo(before + 1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                CARDS + "|SHELF_EMPTY|409|{'error':'SHELF_EMPTY','error_description':'<b>no</b> \"\u00e9\"'}",
                CARDS + "|NOT_LENT|409|{'error':'NOT_LENT','error_description':'<b>no</b> \"\u00e9\"'}",
                CARDS + "||409|{'error':'NOT_LENT','error_description':'<b>no</b> \"\u00e9\"'}",
                ROOMS + "|ROOM_CLOSED|400|{'error':'ROOM_CLOSED','error_description':'<b>no</b> \"\u00e9\"'}",
                HASTY_CARDS
                        + "||400|{'errors':[{'code':'invalid_request','title':'invalid_request','detail':'<b>no</b> \"\u00e9\"'}]}"
            })
    void whatTheBankRefusesIsNotMade(String path, String code, int status, String body) {
        Map<String, Object> verdict =
                new LinkedHashMap<>(Map.of("verdict", "refused", "description", "<b>no</b> \"\u00e9\""));
        Optional.ofNullable(code).ifPresent(named -> verdict.put("code", named));
        bank.judgeBy(asked -> verdict);
        Object before = kept();

        Exchange answer = consents.call(reader, "POST", path, wish(path));

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.header("cache-control")).contains("no-store");
        assertThat(answer.json())
                .isEqualTo(Json.object(body.replace("\"", "\\\"").replace('\'', '"')));
        assertThat(kept()).isEqualTo(before);
        assertThat(realm.lastEvent("UPDATE_CONSENT_ERROR"))
                .hasFieldOrPropertyWithValue("clientId", "reader")
                .extracting("details")
                .hasFieldOrPropertyWithValue("reason", "<b>no</b> \"\u00e9\"");
    }

    @Test
    void theBankNeedNotSayWhy() {
        bank.judgeBy(asked -> Map.of("verdict", "refused"));
        assertThat(consents.call(reader, "POST", CARDS, WISH).json())
                .isEqualTo(Map.of("error", "NOT_LENT", "error_description", "the consent is not accepted"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"verdict\":\"accepted\",\"code\":\"SHELF_EMPTY\"}",
                "{\"verdict\":\"refused\",\"code\":\"CARD_GONE\"}",
                "{\"verdict\":\"refused\",\"status\":500}",
                "{\"verdict\":\"refused\",\"description\":\"\u202e\"}"
            })
    void whatIsNoVerdictIsNeitherYesNorNo(String verdict) {
        bank.judgeBy(asked -> Json.object(verdict));
        assertUnavailable(consents.call(reader, "POST", CARDS, WISH));
    }

    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            names = {"SILENT", "CUT", "ERROR_503", "UNAUTHORIZED", "REDIRECT", "HTML", "TOO_LARGE"})
    void whileTheBankDoesNotAnswerNothingIsMadeAndTheSameKeyIsGoodLater(Trouble trouble) {
        String key = UUID.randomUUID().toString();
        Object before = kept();
        bank.getInto(trouble);

        assertUnavailable(room(key));

        assertThat(kept()).isEqualTo(before);
        bank.getInto(Trouble.NONE);
        assertThat(room(key).status()).isEqualTo(201);
    }

    @Test
    void aQuestionIsRepeatedOnceAndNotAfterATimeOut() {
        int before = calls();
        bank.getInto(Trouble.ERROR_503);
        assertUnavailable(consents.call(reader, "POST", CARDS, WISH));
        assertThat(calls()).isEqualTo(before + 2);
        bank.getInto(Trouble.SILENT);
        assertUnavailable(consents.call(reader, "POST", CARDS, WISH));
        assertThat(calls()).isEqualTo(before + 3);
    }

    @Test
    void aStoreThatDoesNotJudgeAndOneThatIsNotThereAcceptNothing() {
        ConsentStoreServer other = consents.store(reader).start();
        try (other) {
            judgeAt(other);
            assertUnavailable(consents.call(reader, "POST", CARDS, WISH));
            assertThat(other.calls()).hasSize(1);
        }
        assertUnavailable(consents.call(reader, "POST", CARDS, WISH));
        judgeAt(bank);
        assertThat(consents.call(reader, "POST", CARDS, WISH).status()).isEqualTo(201);
    }

    @Test
    void whatWasAcceptedUnderAKeyIsNotAskedAgainAndWhatWasRefusedIs() {
        String key = UUID.randomUUID().toString();
        int before = calls();
        bank.judgeBy(asked -> Map.of("verdict", "refused"));
        assertThat(room(key).status()).isEqualTo(400);
        assertThat(room(key).status()).isEqualTo(400);
        assertThat(calls()).isEqualTo(before + 2);

        bank.judgeBy(asked -> AmountLimit.ACCEPTED);
        Exchange lodged = room(key).expect(201);
        assertThat(calls()).isEqualTo(before + 3);

        bank.judgeBy(asked -> Map.of("verdict", "refused"));
        assertThat(room(key).expect(201).json()).isEqualTo(lodged.json());
        assertThat(consents.call(reader, token(), "POST", ROOMS, key(key), "{\"wish\":{\"day\":\"friday\"}}")
                        .status())
                .isEqualTo(409);
        assertThat(calls()).isEqualTo(before + 3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"wish\":{}}",
                "{\"wish\":{\"terms\":{\"shelves\":[\"EVERYTHING\"]}}}",
                "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"],\"until\":\"2020-01-01T00:00:00Z\"}}}",
                "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"]},\"more\":1}}"
            })
    void theBankIsNotAskedAboutWhatIsRefusedAnyway(String body) {
        int before = calls();
        assertThat(consents.call(reader, "POST", CARDS, body).status()).isEqualTo(400);
        assertThat(calls()).isEqualTo(before);
    }

    @Test
    void theBankIsNotAskedForClientsThatMayNotLodge() {
        int before = calls();
        Headers json = Headers.of("Content-Type", "application/json");
        assertThat(consents.send("POST", CARDS, json, WISH).status()).isEqualTo(401);
        assertThat(consents.call(reader, token(), "POST", CARDS, Headers.of("Content-Type", "text/plain"), WISH)
                        .status())
                .isEqualTo(415);
        assertThat(calls()).isEqualTo(before);
    }

    @Test
    void withoutTheExecutorNobodyIsAsked() {
        realm.admin().setClientProfiles(realm.name(), ConsentRealm.withConsents(realm, ConsentRealm.types()));
        int before = calls();
        assertThat(consents.call(reader, "POST", CARDS, WISH).status()).isEqualTo(201);
        assertThat(calls()).isEqualTo(before);
    }

    /** One says here, the other at the store; or both say here, and name two stores. */
    @ParameterizedTest
    @CsvSource({"store, 403, access_denied", "here, 503, temporarily_unavailable"})
    void whereTwoPoliciesDisagreeNothingIsLodged(String keptAt, int status, String error) {
        String name = "second-" + keptAt;
        realm.addPolicy(
                name,
                name,
                "true",
                List.of(Map.of(
                        "executor",
                        "fapi-consent-store",
                        "configuration",
                        Map.of("kept-at", keptAt, "store-url", "https://bank.example.test"))));
        FapiClient torn = consents.addReader(name);
        assertThat(consents.call(torn, "POST", CARDS, WISH).status()).isEqualTo(201);
        realm.admin().setClientAttribute(realm.name(), name, name, "true");
        int before = calls();

        Exchange answer = consents.call(torn, "POST", CARDS, WISH);

        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.error()).contains(error);
        assertThat(calls()).isEqualTo(before);
        assertThat(consents.call(reader, "POST", CARDS, WISH).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"kept-at\":\"nowhere\"}",
                "{\"kept-at\":true}",
                "{\"kept-at\":\"here\"}",
                "{\"kept-at\":\"here\",\"store-url\":\"http://bank.example.test\"}",
                "{" + URL + ",\"check-tokens\":\"issue\"}",
                "{" + URL + ",\"customer-attribute\":\"number\"}",
                "{" + URL + ",\"notice-issuer\":\"https://bank.example.test\"}"
            })
    void settingsThatContradictEachOtherCannotBeSaved(String settings) {
        assertThat(realm.admin()
                        .trySetClientProfiles(realm.name(), profiles(Json.object(settings)))
                        .status())
                .isEqualTo(400);
    }

    private static void judgeAt(ConsentStoreServer store) {
        realm.admin()
                .setClientProfiles(
                        realm.name(),
                        profiles(Map.of(
                                "kept-at",
                                "here",
                                "store-url",
                                store.url().toString(),
                                "private-addresses",
                                true,
                                "timeout-seconds",
                                2,
                                "max-answer-bytes",
                                ConsentStoreServer.LARGE,
                                "failures-to-pause",
                                100)));
    }

    private static List<Map<String, Object>> profiles(Map<String, Object> settings) {
        return ConsentRealm.withStore(ConsentRealm.withConsents(realm, ConsentRealm.types()), settings);
    }

    private static int calls() {
        return bank.calls().size();
    }

    /** How many consents of the client there are. */
    private static Object kept() {
        return realm.admin()
                .get("/" + realm.name() + "/fapi-consents?client=reader")
                .expect(200)
                .json()
                .get("total");
    }

    private static String wish(String path) {
        return switch (path) {
            case CARDS -> WISH;
            case ROOMS -> ROOM;
            default -> "{\"wish\":{\"shelves\":[\"NOVELS\"]}}";
        };
    }

    private static Exchange room(String key) {
        return consents.call(reader, token(), "POST", ROOMS, key(key), ROOM);
    }

    private static Headers key(String key) {
        return Headers.of("x-library-key", key);
    }

    private static String token() {
        return reader.clientCredentials(SCOPE).accessToken();
    }

    private static void assertUnavailable(Exchange answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(503);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).contains("temporarily_unavailable");
        assertThat(answer.header("retry-after")).contains("5");
        assertThat(answer.header("cache-control")).contains("no-store");
        assertThat(answer.header("x-fapi-interaction-id")).isPresent();
        assertThat(answer.body()).doesNotContain("store_").doesNotContain("localhost");
    }
}
