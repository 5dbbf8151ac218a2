package org.fapipack.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.fapipack.consent.ConsentRealm.CARDS;
import static org.fapipack.consent.ConsentRealm.HASTY_CARDS;
import static org.fapipack.consent.ConsentRealm.ROOMS;
import static org.fapipack.consent.ConsentRealm.SCOPE;
import static org.fapipack.consent.ConsentRealm.server;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.PackTables;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.server.PostgresServer;
import org.fapipack.testkit.tls.TlsIdentity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients lodge, read and revoke consents of an ecosystem that is nothing but data. */
class ConsentApiIT {

    private static final String WISH =
            "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\",\"MAPS\"]},\"note\":\"\u00e9 \\u0000\"},\"branch\":[1]}";
    private static final String HASTY_WISH = "{\"wish\":{\"shelves\":[\"NOVELS\"]}}";

    private static ConsentRealm consents;
    private static FapiRealm realm;
    private static FapiClient reader;

    @BeforeAll
    static void prepareRealm() {
        consents = ConsentRealm.prepare();
        realm = consents.realm();
        reader = consents.addReader("reader");
    }

    @Test
    void aConsentIsLodgedReadAndRevoked() {
        Exchange lodged = consents.call(reader, "POST", CARDS, WISH);
        assertThat(lodged.status()).as(lodged.body()).isEqualTo(201);
        assertIsPrivateJson(lodged);
        String id = (String) server(lodged).get("number");
        assertThat(id).matches("card\\.[A-Za-z0-9]{27}");
        assertThat(lodged.header("location"))
                .contains(consents.uri(CARDS + "/" + id).toString());
        assertThat(server(lodged)).containsEntry("stage", "ON_THE_DESK").doesNotContainKeys("why", "who");
        Map<String, Object> wish = Json.object(lodged.json().get("wish"));
        assertThat(wish).containsEntry("note", "\u00e9 \u0000");
        assertThat(Json.object(wish.get("terms")))
                .containsEntry("shelves", List.of("NOVELS", "MAPS"))
                .containsKey("until");
        assertThat(lodged.json()).containsEntry("branch", List.of(1L));
        Instant since = Instant.parse((String) server(lodged).get("since"));
        assertThat(Instant.parse((String) Json.object(wish.get("terms")).get("until")))
                .isBetween(since.plusSeconds(86_400), since.plusSeconds(86_401));
        assertThat(realm.lastEvent("UPDATE_CONSENT"))
                .extracting("details")
                .hasFieldOrPropertyWithValue("consent_id", id)
                .hasFieldOrPropertyWithValue("consent_type", "library-card");

        Exchange read = consents.call(reader, "GET", CARDS + "/" + id, "");
        assertThat(read.status()).as(read.body()).isEqualTo(200);
        assertIsPrivateJson(read);
        assertThat(read.json()).isEqualTo(lodged.json());

        Exchange revoked = consents.call(reader, "DELETE", CARDS + "/" + id, "");
        assertThat(revoked.status()).as(revoked.body()).isEqualTo(204);
        assertThat(revoked.header("cache-control")).contains("no-store");
        assertThat(realm.lastEvent("REVOKE_GRANT")).extracting("details").hasFieldOrPropertyWithValue("consent_id", id);
        assertThat(server(consents.call(reader, "GET", CARDS + "/" + id, "")))
                .containsEntry("stage", "TORN_UP")
                .containsEntry("why", "NO_LONGER_WANTED")
                .containsEntry("who", "READER");

        Exchange again = consents.call(reader, "DELETE", CARDS + "/" + id, "");
        assertRefused(again, 422, "CARD_GONE");
        assertThat(consents.history(id))
                .extracting(change -> change.get("from"), change -> change.get("to"), change -> change.get("by"))
                .containsExactly(tuple(null, "awaiting", "client"), tuple("awaiting", "revoked", "client"));
    }

    /** Who sends the first request again, late, does not get what somebody deleted meanwhile. */
    @Test
    void theIdempotencyKeyOfADeletedConsentIsUsedUp() {
        String token = reader.clientCredentials(ConsentRealm.SCOPE).accessToken();
        Headers key = Headers.of("x-library-key", "k".repeat(40));
        String body = "{\"wish\":{\"day\":\"monday\"}}";
        Exchange lodged = consents.call(reader, token, "POST", ROOMS, key, body).expect(201);
        Exchange again = consents.call(reader, token, "POST", ROOMS, key, body).expect(201);
        assertThat(again.json()).isEqualTo(lodged.json());
        String id = (String) Json.object(lodged.json().get("wish")).get("number");
        consents.call(reader, "DELETE", ROOMS + "/" + id, "").expect(204);

        assertRefused(consents.call(reader, token, "POST", ROOMS, key, body), 409, "invalid_state");
        assertRefused(consents.call(reader, token, "POST", ROOMS, key, body), 409, "invalid_state");

        assertRefused(consents.call(reader, "GET", ROOMS + "/" + id, ""), 404, "not_found");
        Headers another = Headers.of("x-library-key", "k".repeat(39));
        Exchange anew =
                consents.call(reader, token, "POST", ROOMS, another, body).expect(201);
        assertThat(Json.object(anew.json().get("wish")).get("number")).isNotEqualTo(id);
    }

    @Test
    void ofManyRevocationsAtATimeOneSucceeds() throws Exception {
        String id = consents.lodge(reader);
        String token = reader.clientCredentials(SCOPE).accessToken();
        ExecutorService threads = Executors.newFixedThreadPool(25);
        try {
            List<Future<Exchange>> calls = IntStream.range(0, 50)
                    .mapToObj(i -> threads.submit(
                            () -> consents.call(reader, token, "DELETE", CARDS + "/" + id, Headers.none(), "")))
                    .toList();
            List<Integer> statuses = new ArrayList<>();
            for (Future<Exchange> call : calls) {
                statuses.add(call.get().status());
            }
            assertThat(statuses).filteredOn(status -> status == 204).hasSize(1);
            assertThat(statuses).filteredOn(status -> status == 422).hasSize(49);
        } finally {
            threads.shutdownNow();
        }
        assertThat(consents.history(id)).hasSize(2);
    }

    @Test
    void aConsentThatNobodyDecidesOnExpiresWhenItIsLookedAt() {
        Exchange lodged = consents.call(reader, "POST", HASTY_CARDS, HASTY_WISH).expect(201);
        String id = (String) Json.object(lodged.json().get("wish")).get("number");
        Map<String, Object> expired = readUntilExpired(id);
        assertThat(expired)
                .containsEntry("stage", "LATE")
                .containsEntry("why", "TOO_LATE")
                .containsEntry("who", "CLOCK");
        Exchange revoked = consents.call(reader, "DELETE", HASTY_CARDS + "/" + id, "");
        assertThat(revoked.status()).isEqualTo(409);
        assertThat(Json.objects((List<?>) revoked.json().get("errors")).get(0)).containsEntry("code", "invalid_state");
        assertThat(consents.history(id))
                .extracting(change -> change.get("to"), change -> change.get("by"), change -> change.get("reason"))
                .containsExactly(tuple("awaiting", "client", null), tuple("expired", "server", "TOO_LATE"));
    }

    /** Nothing but a row can have one signature of two: the pages are for customers who decide alone. */
    @Test
    @EnabledIfSystemProperty(named = "keycloak.database", matches = "postgres")
    void aConsentThatTheOthersDoNotAgreeToInTimeExpires() {
        String waiting = consents.lodge(reader);
        String late = consents.lodge(reader);
        signedOnceBefore(waiting, Duration.ofMinutes(30));
        signedOnceBefore(late, Duration.ofHours(1));

        assertThat(server(
                        consents.call(reader, "GET", CARDS + "/" + waiting, "").expect(200)))
                .containsEntry("stage", "ONE_SIGNATURE");
        assertThat(server(consents.call(reader, "GET", CARDS + "/" + late, "").expect(200)))
                .containsEntry("stage", "YELLOWED")
                .containsEntry("why", "TOO_OLD")
                .containsEntry("who", "CLOCK");
        assertThat(consents.history(late))
                .extracting(change -> change.get("from"), change -> change.get("to"), change -> change.get("by"))
                .contains(tuple("partially-authorised", "expired", "server"));
    }

    private static void signedOnceBefore(String id, Duration time) {
        KeycloakUnderTest.running().sql("""
                update fapi_consent set state = 'partially-authorised', updated_at = updated_at - %d
                where id = '%s'""".formatted(time.toSeconds(), id));
    }

    /** Its time is one second; the requests for a token take a good part of that. */
    private static Map<String, Object> readUntilExpired(String id) {
        Instant giveUp = Instant.now().plus(Duration.ofSeconds(60));
        Map<String, Object> wish = Map.of();
        while (Instant.now().isBefore(giveUp) && !"LATE".equals(wish.get("stage"))) {
            wish = Json.object(consents.call(reader, "GET", HASTY_CARDS + "/" + id, "")
                    .expect(200)
                    .json()
                    .get("wish"));
        }
        return wish;
    }

    @Test
    void whatIsUnknownAndWhatIsAnothersLookTheSame() {
        FapiClient other = consents.addReader("other-reader");
        String id = consents.lodge(reader);
        for (String method : List.of("GET", "DELETE")) {
            Exchange others = consents.call(other, method, CARDS + "/" + id, "");
            Exchange unknown = consents.call(other, method, CARDS + "/card.AAAAAAAAAAAAAAAAAAAAAAAAAAA", "");
            assertRefused(others, 404, "not_found");
            assertThat(others.body()).isEqualTo(unknown.body());
            assertThat(unknown.status()).isEqualTo(404);
        }
        assertThat(server(consents.call(reader, "GET", CARDS + "/" + id, "").expect(200)))
                .containsEntry("stage", "ON_THE_DESK");
        assertThat(consents.history(id)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                CARDS + "/x%00y",
                CARDS + "/x%27%20or%201=1",
                CARDS + "/%E2%80%AE",
                CARDS + "/" + "x500",
                CARDS + "/a/b",
                CARDS,
                "lending",
                "nothing"
            })
    void whatIsNoConsentIsNotFound(String path) {
        String long500 = path.replace("x500", "x".repeat(500));
        assertThat(consents.call(reader, "GET", long500, "").status()).isEqualTo(404);
    }

    @Test
    void aConsentOfOneTypeIsNotFoundAtAnother() {
        String id = consents.lodge(reader);
        assertThat(consents.call(reader, "GET", HASTY_CARDS + "/" + id, "").status())
                .isEqualTo(404);
    }

    @Test
    void consentsAreLodgedAtTheCollectionOnly() {
        assertThat(consents.call(reader, "POST", CARDS + "/" + consents.lodge(reader), WISH)
                        .status())
                .isEqualTo(405);
        assertThat(consents.call(reader, "PUT", CARDS, WISH).status()).isEqualTo(405);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "null",
                "[]",
                "{",
                "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"]}}}x",
                "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"]}},\"wish\":{}}",
                "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"],\"shelves\":[\"MAPS\"]}}}",
                "{\"wish\":{\"terms\":[\"NOVELS\"]}}",
                "{\"wish\":{\"terms\":{\"shelves\":[]}}}",
                "{\"wish\":{\"terms\":{\"shelves\":[1]}}}",
                "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\",\"NOVELS\"]}}}",
                "{\"wish\":{\"terms\":{\"shelves\":[\"ATLASES\"]}}}",
                "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\",\"MAPS\",\"POEMS\",\"PLAYS\"]}}}",
                "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"],\"until\":\"tomorrow\"}}}",
                "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"],\"until\":\"2020-01-01T00:00:00Z\"}}}",
                "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"]},\"server\":{\"stage\":\"STAMPED\"}}}",
                "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"]}},\"more\":1}"
            })
    void aBodyThatIsNotAsDescribedIsRefused(String body) {
        assertRefused(consents.call(reader, "POST", CARDS, body), 400, "invalid_request");
        assertThat(realm.lastEvent("UPDATE_CONSENT_ERROR")).containsEntry("clientId", "reader");
    }

    @Test
    void noBodyIsRefused() {
        String token = reader.clientCredentials(SCOPE).accessToken();
        assertRefused(
                consents.call(reader, token, "POST", CARDS, Headers.of("Content-Type", "application/json"), ""),
                400,
                "invalid_request");
        assertThat(consents.call(reader, token, "POST", CARDS, Headers.none(), "")
                        .status())
                .isEqualTo(415);
    }

    @Test
    void unknownPermissionsAreDroppedWhereTheDataSaysSo() {
        Exchange lodged = consents.call(
                        reader, "POST", HASTY_CARDS, "{\"wish\":{\"shelves\":[\"NOVELS\",\"ATLASES\"]}}")
                .expect(201);
        assertThat(Json.object(lodged.json().get("wish"))).containsEntry("shelves", List.of("NOVELS"));
        Exchange empty = consents.call(reader, "POST", HASTY_CARDS, "{\"wish\":{\"shelves\":[\"ATLASES\"]}}");
        assertThat(empty.status()).isEqualTo(422);
        assertThat(Json.objects((List<?>) empty.json().get("errors")).get(0)).containsEntry("code", "EMPTY_SHELVES");
    }

    @Test
    @Requirement("BR-CONSENT-3")
    void permissionsThatAreNotOfferedAreLeftOutAndUnknownOnesRefused() {
        String body = "{\"wish\":{\"terms\":{\"shelves\":[%s]}}}";
        Exchange lodged = consents.call(reader, "POST", CARDS, body.formatted("\"COMICS\",\"NOVELS\""))
                .expect(201);
        assertThat(Json.object(Json.object(lodged.json().get("wish")).get("terms")))
                .containsEntry("shelves", List.of("NOVELS"));
        assertRefused(consents.call(reader, "POST", CARDS, body.formatted("\"COMICS\"")), 400, "invalid_request");
        assertRefused(
                consents.call(reader, "POST", CARDS, body.formatted("\"COMICS\",\"NOVELS\",\"SPELLS\"")),
                400,
                "invalid_request");
    }

    @Test
    void theLastEndThatIsAcceptedAndTheFirstThatIsNot() {
        Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        assertThat(lodgeUntil(now.plusSeconds(86_400)).status()).isEqualTo(201);
        assertRefused(lodgeUntil(now.plusSeconds(86_400 + 3_600)), 400, "invalid_request");
        assertThat(lodgeUntil(now.plusSeconds(60)).status()).isEqualTo(201);
        assertRefused(lodgeUntil(now.minusSeconds(10)), 400, "invalid_request");
    }

    private static Exchange lodgeUntil(Instant end) {
        return consents.call(
                reader, "POST", CARDS, "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"],\"until\":\"" + end + "\"}}}");
    }

    @Test
    void theLargestBodyAndOneByteMore() {
        String start = "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"]},\"note\":\"";
        String end = "\"}}";
        int free = 1024 - start.length() - end.length();
        assertThat(consents.call(reader, "POST", CARDS, start + "x".repeat(free) + end)
                        .status())
                .isEqualTo(201);
        assertRefused(consents.call(reader, "POST", CARDS, start + "x".repeat(free + 1) + end), 413, "invalid_request");
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain, 415",
        "application/x-www-form-urlencoded, 415",
        "application/jwt, 415",
        "application/json; charset=iso-8859-1, 415",
        "nonsense, 400",
        "application/json; charset=UTF-8, 201",
        "APPLICATION/JSON, 201"
    })
    void aBodyIsJson(String contentType, int status) {
        Exchange answer = consents.call(
                reader,
                reader.clientCredentials(SCOPE).accessToken(),
                "POST",
                CARDS,
                Headers.of("Content-Type", contentType),
                WISH);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text/html | 406",
                "application/json;q=0 | 406",
                "text/* | 406",
                "*/* | 200",
                "text/html, application/* | 200"
            })
    void anAnswerIsJson(String accept, int status) {
        String id = consents.lodge(reader);
        Exchange answer = consents.call(
                reader,
                reader.clientCredentials(SCOPE).accessToken(),
                "GET",
                CARDS + "/" + id,
                Headers.of("Accept", accept),
                "");
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    }

    @Test
    void theInteractionIdComesBackAndIsInTheEvent() {
        String id = UUID.randomUUID().toString();
        Exchange refused = consents.call(
                reader,
                reader.clientCredentials(SCOPE).accessToken(),
                "POST",
                CARDS,
                Headers.of("x-fapi-interaction-id", id),
                "{}");
        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        assertThat(refused.headers("x-fapi-interaction-id")).containsExactly(id);
        assertThat(realm.lastEvent("UPDATE_CONSENT_ERROR"))
                .extracting("details")
                .hasFieldOrPropertyWithValue("x_fapi_interaction_id", id);
    }

    @Test
    void withoutATokenNothing() {
        Exchange answer = consents.send("GET", CARDS + "/x", Headers.none(), "");
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.headers("www-authenticate")).containsExactlyInAnyOrder("DPoP", "Bearer");
        assertThat(answer.header("cache-control")).contains("no-store");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer x",
                "DPoP x",
                "Bearer a.b.c",
                "Bearer eyJhbGciOiJub25lIn0.e30.",
                "Basic eDp5",
                "Bearer",
                "Bearer  "
            })
    void withWhatIsNoTokenNothing(String authorization) {
        Exchange answer = consents.send("GET", CARDS + "/x", Headers.of("Authorization", authorization), "");
        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        assertThat(answer.header("www-authenticate")).isPresent();
    }

    @Test
    void twoTokensAreNone() {
        String token = reader.clientCredentials(SCOPE).accessToken();
        Exchange answer =
                consents.call(reader, token, "GET", CARDS + "/x", Headers.of("Authorization", "DPoP " + token), "");
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    }

    @Test
    void theTokenNeedsTheScope() {
        String token = reader.clientCredentials("accounts").accessToken();
        Exchange answer = consents.call(reader, token, "POST", CARDS, Headers.none(), WISH);
        assertRefused(answer, 403, "insufficient_scope");
        assertThat(answer.header("www-authenticate").orElseThrow()).contains("insufficient_scope", SCOPE);
    }

    @Test
    void aTokenOfACustomerIsRefused() {
        FapiClient wider = reader.toBuilder().scope("openid payments").build();
        Exchange answer =
                consents.call(wider, realm.tokensFor(wider).accessToken(), "POST", CARDS, Headers.none(), WISH);
        assertRefused(answer, 403, "access_denied");
        assertThat(answer.header("www-authenticate")).isPresent();
    }

    @Test
    void aTokenThatIsBoundToNothingIsRefused() {
        FapiClient unbound = consents.member(realm.addUnboundClient("unbound"));
        String token = unbound.clientCredentials(SCOPE).accessToken();
        Exchange answer = consents.send(
                "POST",
                CARDS,
                Headers.of("Authorization", "Bearer " + token).add("Content-Type", "application/json"),
                WISH);
        assertRefused(answer, 401, "invalid_token");
        assertThat(answer.header("www-authenticate").orElseThrow()).startsWith("Bearer error=\"invalid_token\"");
    }

    @Test
    void aBoundTokenNeedsItsProof() {
        String token = reader.clientCredentials(SCOPE).accessToken();
        for (Headers headers : List.of(
                Headers.of("Authorization", "DPoP " + token),
                Headers.of("Authorization", "Bearer " + token),
                Headers.of("Authorization", "DPoP " + token)
                        .add(
                                "DPoP",
                                reader.dpopProof("GET", consents.uri(CARDS), token)
                                        .compact()))) {
            Exchange answer = consents.send("DELETE", CARDS + "/x", headers, "");
            assertThat(answer.status()).as(answer.body()).isEqualTo(401);
            assertThat(answer.header("www-authenticate")).isPresent();
        }
    }

    @Test
    void aTokenThatIsBoundToACertificateNeedsTheCertificate() {
        FapiClient bound = consents.member(realm.addMtlsClient("certified"));
        String token = bound.clientCredentials(SCOPE).accessToken();
        Headers headers = Headers.of("Authorization", "Bearer " + token).add("Content-Type", "application/json");
        TlsIdentity certificate = bound.certificate().orElseThrow();
        Exchange lodged = HttpCaller.over(realm.pki().sslContext(certificate))
                .by(KeycloakUnderTest.running().nodes().get(0))
                .send("POST", consents.uri(CARDS), headers, WISH);
        assertThat(lodged.status()).as(lodged.body()).isEqualTo(201);
        assertRefused(consents.send("POST", CARDS, headers, WISH), 401, "invalid_token");
        Exchange stolen = HttpCaller.over(realm.pki().sslContext(realm.pki().issue("CN=thief")))
                .by(KeycloakUnderTest.running().nodes().get(0))
                .send("POST", consents.uri(CARDS), headers, WISH);
        assertRefused(stolen, 401, "invalid_token");
    }

    @Test
    void aTokenOfAnotherRealmIsRefused() {
        FapiRealm other = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient foreign = other.addDpopClient("reader");
        other.admin().updateClient(other.name(), "reader", Map.of("serviceAccountsEnabled", true));
        String token = foreign.clientCredentials(SCOPE).accessToken();
        Exchange answer = consents.call(foreign, token, "POST", CARDS, Headers.none(), WISH);
        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        assertThat(answer.error()).contains("invalid_token");
    }

    @Test
    void aClientThatIsSwitchedOffIsRefused() {
        FapiClient client = consents.addReader("closed");
        String token = client.clientCredentials(SCOPE).accessToken();
        realm.admin().updateClient(realm.name(), "closed", Map.of("enabled", false));
        assertRefused(consents.call(client, token, "POST", CARDS, Headers.none(), WISH), 401, "invalid_token");
    }

    @Test
    void aRevokedTokenIsRefused() {
        String token = reader.clientCredentials(SCOPE).accessToken();
        reader.revocationRequest(token).send().expect(200);
        assertRefused(consents.call(reader, token, "POST", CARDS, Headers.none(), WISH), 401, "invalid_token");
    }

    @Test
    void aClientUnderNoPolicyWithConsentsIsRefused() {
        FapiClient outsider = realm.addDpopClient("outsider");
        realm.admin().updateClient(realm.name(), "outsider", Map.of("serviceAccountsEnabled", true));
        assertRefused(consents.call(outsider, "POST", CARDS, WISH), 403, "access_denied");
    }

    @Test
    void consentsGoWithTheirClient() {
        FapiClient client = consents.addReader("leaving");
        String id = consents.lodge(client);
        assertThat(consents.history(id)).hasSize(1);
        realm.admin().deleteClient(realm.name(), "leaving");
        assertThat(consents.historyAnswer(id).status()).isEqualTo(404);
    }

    @Test
    void consentsGoWithTheirRealmAndAnotherRealmDoesNotSeeThem() {
        String id = consents.lodge(reader);
        ConsentRealm other = ConsentRealm.prepare();
        FapiClient namesake = other.addReader("reader");
        String others = other.lodge(namesake);
        assertThat(other.call(namesake, "GET", CARDS + "/" + id, "").status()).isEqualTo(404);
        assertThat(other.historyAnswer(id).status()).isEqualTo(404);
        assertThat(other.historyAnswer(others).status()).isEqualTo(200);
        assertThat(other.realm().admin().deleteRealm(other.realm().name())).isTrue();
        assertThat(consents.history(id)).hasSize(1);
    }

    @Test
    void historyIsForAdministrators() {
        String id = consents.lodge(reader);
        URI uri = URI.create(
                realm.issuer().toString().replace("/realms/", "/admin/realms/") + "/fapi-consents/" + id + "/history");
        String token = reader.clientCredentials(SCOPE).accessToken();
        assertThat(reader.callApi(uri, token).status()).isIn(401, 403);
        assertThat(consents.historyAnswer("nothing").status()).isEqualTo(404);
    }

    /** In a transaction that is undone: others need the tables. */
    @Test
    @EnabledIfSystemProperty(named = "keycloak.database", matches = "postgres")
    void theTablesAreDroppedAsDocumented() throws IOException {
        assertThat(PostgresServer.running()
                        .ask("begin;" + PackTables.dropped() + "rollback")
                        .lines())
                .containsExactly(PackTables.ALL, "0");
    }

    @Test
    void aRealmThatDidNotOptInKnowsNoSuchPath() {
        FapiRealm asleep = KeycloakUnderTest.running().messageSigningRealm();
        HttpCaller http = HttpCaller.over(asleep.pki().sslContext());
        Exchange ours = http.get(URI.create(asleep.issuer() + "/fapi-consents/" + CARDS));
        Exchange unknown = http.get(URI.create(asleep.issuer() + "/fapi-nothing/" + CARDS));
        assertThat(ours.status()).isEqualTo(404);
        assertThat(ours.body()).isEqualTo(unknown.body());
        assertThat(ours.mediaType()).isEqualTo(unknown.mediaType());
        assertThat(asleep.admin()
                        .get("/" + asleep.name() + "/fapi-consents/x/history")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aDescriptionThatIsNotValidCannotBeSaved() {
        for (String types : List.of(
                "nonsense",
                "{}",
                ConsentRealm.types().replace("\"lending/hasty-cards\"", "\"lending/loans-of-cards\""),
                ConsentRealm.types().replace("\"max-permissions\": 3", "\"max-permissions\": 0"))) {
            assertThat(realm.admin()
                            .trySetClientProfiles(realm.name(), ConsentRealm.withConsents(realm, types))
                            .status())
                    .isEqualTo(400);
        }
        assertThat(consents.call(reader, "POST", CARDS, WISH).status()).isEqualTo(201);
    }

    @ParameterizedTest
    @CsvSource({
        "brazil-data.json, consents, open-banking/consents/v3/consents",
        "uk-accounts.json, accounts, open-banking/v4.0/aisp/account-access-consents"
    })
    void theShippedTypesWork(String file, String scope, String path) throws Exception {
        ConsentRealm ecosystem = ConsentRealm.prepare();
        FapiRealm its = ecosystem.realm();
        Path shipped = Path.of(System.getProperty("project.root"), "client-policies", "consent-types", file);
        String types = Files.readString(shipped)
                .replace("\"client-scope\": \"" + scope + "\"", "\"client-scope\": \"" + SCOPE + "\"");
        its.admin().setClientProfiles(its.name(), ConsentRealm.withConsents(its, types));
        FapiClient client = ecosystem.addReader("institution");
        boolean first = file.startsWith("brazil");
        String body = first
                ? "{\"data\":{\"permissions\":[\"RESOURCES_READ\",\"ACCOUNTS_READ\",\"ACCOUNTS_BALANCES_READ\"],\"loggedUser\":{\"document\":"
                        + "{\"identification\":\"11111111111\",\"rel\":\"CPF\"}}}}"
                : "{\"Data\":{\"Permissions\":[\"ReadBalances\"]},\"Risk\":{}}";
        String unknown =
                body.replace("\"ACCOUNTS_READ\"", "\"UNHEARD_OF\"").replace("\"ReadBalances\"", "\"ReadMinds\"");
        assertThat(ecosystem.call(client, "POST", path, unknown).status()).isEqualTo(400);
        Exchange lodged = ecosystem.call(client, "POST", path, body);
        assertThat(lodged.status()).as(lodged.body()).isEqualTo(201);
        Map<String, Object> data = Json.object(lodged.json().get(first ? "data" : "Data"));
        assertThat(data).containsEntry(first ? "status" : "Status", first ? "AWAITING_AUTHORISATION" : "AWAU");
        String id = (String) data.get(first ? "consentId" : "ConsentId");
        assertThat(ecosystem.call(client, "DELETE", path + "/" + id, "").status())
                .isEqualTo(204);
        assertThat(ecosystem.call(client, "DELETE", path + "/" + id, "").status())
                .isEqualTo(first ? 422 : 400);
        Exchange read = ecosystem.call(client, "GET", path + "/" + id, "");
        assertThat(read.status()).as(read.body()).isEqualTo(first ? 200 : 400);
        if (first) {
            Map<String, Object> ended = Json.object(read.json().get("data"));
            assertThat(ended).containsEntry("status", "REJECTED");
            assertThat(Json.object(ended.get("rejection")))
                    .containsEntry("rejectedBy", "TPP")
                    .containsEntry("reason", Map.of("code", "CUSTOMER_MANUALLY_REJECTED"));
        }
    }

    private static void assertRefused(Exchange answer, int status, String error) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertIsPrivateJson(answer);
        assertThat(answer.error()).contains(error);
    }

    private static void assertIsPrivateJson(Exchange answer) {
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.header("cache-control")).contains("no-store");
    }
}
