package org.fapipack.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.consent.ConsentRealm.CARDS;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.JarmResponse;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.CompactJwt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Authorization requests that are for a consent, up to the customer's decision, in an ecosystem that is nothing but data. */
class ConsentAuthorizationIT {

    private static final String NOVELS = "openid novels";

    private static ConsentRealm consents;
    private static FapiRealm realm;
    private static FapiClient reader;

    @BeforeAll
    static void prepareRealm() {
        consents = ConsentRealm.prepare().withConsentPage("novels", "maps", "atlases", "poems");
        realm = consents.realm();
        reader = consents.addReader("reader");
        consents.giveAccounts(
                USER,
                Map.of(
                        "card-holder",
                        List.of("A-1"),
                        "fapi.accounts",
                        List.of(
                                "{\"id\":\"1\",\"name\":\"Everyday\",\"number\":\"DE02120300000000202051\"}",
                                "{\"id\":\"2\",\"name\":\"Savings\",\"number\":\"DE02500105170137075030\"}",
                                "no account")));
    }

    @Test
    void aCustomerAgreesAndIsAskedAgainForTheNextConsent() {
        String first = consents.lodge(reader);
        Browser browser = realm.browser();
        PendingAuthorization pending = reader.begin();
        Page page = open(browser, pending, first, NOVELS).logIn(USER, PASSWORD);
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.text()).contains("Everyday", "2051").doesNotContain("DE02120300000000202051");

        JarmResponse answer = reader.verifyJarm(approve(page, "1").redirect(), pending);

        assertThat(answer.error()).isEmpty();
        assertThat(stage(first)).isEqualTo("STAMPED");
        assertThat(consents.history(first))
                .extracting(change -> change.get("by") + ">" + change.get("to"))
                .containsExactly("client>awaiting", "customer>authorised");
        assertThat(reader.redeem(answer.code(), pending).accessToken()).isNotEmpty();

        String second = consents.lodge(reader);
        PendingAuthorization another = reader.begin();
        Page askedAgain = open(browser, another, second, NOVELS);
        assertThat(askedAgain.isClientRedirect()).isFalse();
        assertThat(reader.verifyJarm(approve(askedAgain, "2").redirect(), another)
                        .error())
                .isEmpty();
    }

    @Test
    void theLogoOfTheClientIsShown() {
        String logo = "https://reader.example.test/logo.svg";
        realm.admin().setClientAttribute(realm.name(), "reader", "logoUri", logo);

        Page page = open(realm.browser(), reader.begin(), consents.lodge(reader), NOVELS)
                .logIn(USER, PASSWORD);

        assertThat(page.html()).contains("<img class=\"fapi-consent__logo\" src=\"" + logo + '"');
    }

    @Test
    void aCustomerWhoRefusesSendsTheClientAwayAndTheConsentIsRejected() {
        String id = consents.lodge(reader);
        PendingAuthorization pending = reader.begin();
        Page page = open(realm.browser(), pending, id, NOVELS).logIn(USER, PASSWORD);

        Page refused = page.submit("version", Form.of("decision", "refuse"));

        assertThat(reader.verifyJarm(refused.redirect(), pending).error()).contains("access_denied");
        assertThat(stage(id)).isEqualTo("THROWN_AWAY");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            openid novels      |                                                      | invalid_request
            openid novels      | {"library_card":7}                                   | invalid_request
            openid novels      | {"library_card":["CARD"]}                            | invalid_request
            openid novels      | {"library_card":"CARD","library_card":"CARD"}        | invalid_request
            openid novels      | {"library_card":"with blank"}                        | invalid_request
            openid novels      | {"library_card":"card.unknown"}                      | access_denied
            openid novels      | {"library_card":"OTHERS"}                            | access_denied
            openid novels      | {"library_card":"REVOKED"}                           | invalid_request
            openid novels maps | {"library_card":"CARD"}                              | invalid_scope
            """)
    void whatDoesNotGoTogetherIsRefusedWhereItIsPushed(String scope, String claims, String error) {
        FapiClient other = consents.addReader("other-" + System.nanoTime());
        String revoked = consents.lodge(reader);
        consents.call(reader, "DELETE", CARDS + "/" + revoked, "").expect(204);
        String card = consents.lodge(reader);
        String written = claims == null
                ? null
                : claims.replace("CARD", card)
                        .replace("OTHERS", consents.lodge(other))
                        .replace("REVOKED", revoked);

        Exchange answer = push(reader.begin(), written, scope);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains(error);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(stage(card)).isEqualTo("ON_THE_DESK");
    }

    @Test
    void aConsentThatIsRevokedBeforeTheBrowserComesIsRefusedThere() {
        String id = consents.lodge(reader);
        PendingAuthorization pending = reader.begin();
        URI url = pushed(pending, id, NOVELS);
        consents.call(reader, "DELETE", CARDS + "/" + id, "").expect(204);

        Page page = realm.browser().open(url);

        assertThat(reader.verifyJarm(page.redirect(), pending).error()).contains("invalid_request");
    }

    @Test
    void aConsentThatIsRevokedWhileThePageIsOpenCannotBeApproved() {
        String id = consents.lodge(reader);
        PendingAuthorization pending = reader.begin();
        Page page = open(realm.browser(), pending, id, NOVELS).logIn(USER, PASSWORD);
        consents.call(reader, "DELETE", CARDS + "/" + id, "").expect(204);

        Page over = approve(page, "1");

        assertThat(over.isClientRedirect()).isFalse();
        Page left = over.submit("decision", Form.of("decision", "leave"));
        assertThat(reader.verifyJarm(left.redirect(), pending).error()).contains("access_denied");
        assertThat(stage(id)).isEqualTo("TORN_UP");
    }

    @Test
    void aConsentForSomebodyElseIsNotDecidedOn() {
        Map<String, Object> card = Json.object(consents.call(
                        reader,
                        "POST",
                        CARDS,
                        "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"]},\"note\":{\"holder\":\"B-2\"}}}")
                .expect(201)
                .json()
                .get("wish"));
        String id = (String) Json.object(card.get("server")).get("number");
        PendingAuthorization pending = reader.begin();

        Page over = open(realm.browser(), pending, id, NOVELS).logIn(USER, PASSWORD);

        assertThat(over.isClientRedirect()).isFalse();
        Page left = over.submit("decision", Form.of("decision", "leave"));
        assertThat(reader.verifyJarm(left.redirect(), pending).error()).contains("access_denied");
        assertThat(stage(id)).isEqualTo("ON_THE_DESK");
    }

    @Test
    void aFormThatIsNotWhatWasShownApprovesNothingAndTheCustomerCanGoOn() {
        String id = consents.lodge(reader);
        PendingAuthorization pending = reader.begin();
        Page page = open(realm.browser(), pending, id, NOVELS).logIn(USER, PASSWORD);

        Page nothingChosen = page.submit("version", Form.of("decision", "approve"));
        Page forged = nothingChosen.submit("version", Form.of("decision", "approve", "account", "3"));
        Page otherVersion = forged.submit("version", Form.of("decision", "approve", "account", "1", "version", "9"));
        Page noDecision = otherVersion.submit("version", Form.of("account", "1"));

        for (Page refused : List.of(nothingChosen, forged, otherVersion, noDecision)) {
            assertThat(refused.status()).isEqualTo(200);
            assertThat(refused.isClientRedirect()).isFalse();
        }
        assertThat(stage(id)).isEqualTo("ON_THE_DESK");
        Page approved = approve(noDecision, "2");
        assertThat(reader.verifyJarm(approved.redirect(), pending).error()).isEmpty();
        assertThat(stage(id)).isEqualTo("STAMPED");
    }

    @Test
    void aFormThatIsPostedAgainGivesNoOtherCode() {
        String id = consents.lodge(reader);
        PendingAuthorization pending = reader.begin();
        Page page = open(realm.browser(), pending, id, NOVELS).logIn(USER, PASSWORD);
        assertThat(reader.verifyJarm(approve(page, "1").redirect(), pending).error())
                .isEmpty();

        Page again = approve(page, "1");

        assertThat(again.isClientRedirect()
                        && reader.verifyJarm(again.redirect(), pending).error().isEmpty())
                .isFalse();
        assertThat(consents.history(id)).hasSize(2);
    }

    @Test
    void aFlowWithoutTheStepIsClosed() {
        String id = consents.lodge(reader);
        PendingAuthorization pending = reader.begin();
        URI url = pushed(pending, id, NOVELS);
        realm.admin().updateRealm(realm.name(), Map.of("browserFlow", "browser"));
        try {
            Page page = realm.browser().open(url).logIn(USER, PASSWORD);

            assertThat(page.isClientRedirect()).isFalse();
            assertThat(page.status()).isEqualTo(400);
            assertThat(stage(id)).isEqualTo("ON_THE_DESK");
        } finally {
            realm.admin().updateRealm(realm.name(), Map.of("browserFlow", "browser-with-consent"));
        }
    }

    @Test
    void authorizationDetailsNameAConsentAndTokensCarryNothingElseOfThem() {
        String id = lodgeRoom();
        PendingAuthorization pending = reader.begin();
        String sent =
                "[{\"type\":\"reading_room\",\"room\":{\"number\":\"" + id + "\",\"key\":7},\"actions\":[\"all\"]}]";
        URI url = reader.authorizationUrl(
                (String) pushDetails(pending, sent).expect(201).json().get("request_uri"));

        Page page = realm.browser().open(url).logIn(USER, PASSWORD).submit("version", Form.of("decision", "approve"));

        JarmResponse answer = reader.verifyJarm(page.redirect(), pending);
        Exchange tokens = reader.codeRequest(answer.code(), pending).send().expect(200);
        assertThat(tokens.json().get("authorization_details"))
                .isEqualTo(List.of(Map.of("type", "reading_room", "room", Map.of("number", id))));
        assertThat(CompactJwt.parse((String) tokens.json().get("access_token"))
                        .claims()
                        .get("authorization_details"))
                .isEqualTo(List.of(Map.of("type", "reading_room", "room", Map.of("number", id))));
        Exchange refreshed = reader.refreshRequest((String) tokens.json().get("refresh_token"))
                .send()
                .expect(200);
        assertThat(refreshed.json().get("authorization_details"))
                .isEqualTo(List.of(Map.of("type", "reading_room", "room", Map.of("number", id))));
    }

    /** Stock Keycloak drops what has more than 2000 characters, and claims with members that it does not know. */
    @Test
    void whatIsLongOrNotKnownNamesItsConsentAllTheSame() {
        String padding = "x".repeat(3000);
        PendingAuthorization pending = reader.begin();
        String room = lodgeRoom();
        URI details = reader.authorizationUrl((String) pushDetails(
                        pending,
                        "[{\"type\":\"reading_room\",\"why\":\"" + padding + "\",\"room\":{\"number\":\"" + room
                                + "\"}}]")
                .expect(201)
                .json()
                .get("request_uri"));
        Page page =
                realm.browser().open(details).logIn(USER, PASSWORD).submit("version", Form.of("decision", "approve"));
        assertThat(reader.codeRequest(
                                reader.verifyJarm(page.redirect(), pending).code(), pending)
                        .send()
                        .expect(200)
                        .json()
                        .get("authorization_details"))
                .isEqualTo(List.of(Map.of("type", "reading_room", "room", Map.of("number", room))));

        String card = consents.lodge(reader);
        PendingAuthorization again = reader.begin();
        URI claims = reader.authorizationUrl((String)
                push(again, "{\"library_card\":\"" + card + "\",\"padding\":{\"of\":[\"" + padding + "\"]}}", NOVELS)
                        .expect(201)
                        .json()
                        .get("request_uri"));
        Page asked = approve(realm.browser().open(claims).logIn(USER, PASSWORD), "1");
        assertThat(reader.verifyJarm(asked.redirect(), again).error()).isEmpty();
        assertThat(stage(card)).isEqualTo("STAMPED");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            [{"type":"reading_room","room":{"number":"room.unknown"}}]                             | invalid_request
            [{"type":"reading_room","room":{}}]                                                    | invalid_request
            [{"type":"reading_room","room":{"number":"ID"}},{"type":"reading_room","room":{"number":"ID2"}}] | invalid_request
            [{"type":"reading_room","room":{"number":"ID"}},{"type":"unknown"}]                    | invalid_authorization_details
            [{"type":"unknown"}]                                                                   | invalid_authorization_details
            []                                                                                     | invalid_authorization_details
            """)
    void authorizationDetailsThatDoNotFitAreRefused(String details, String error) {
        Exchange answer =
                pushDetails(reader.begin(), details.replace("ID2", lodgeRoom()).replace("ID", lodgeRoom()));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains(error);
    }

    @Test
    void aRequestIsForOneConsentHoweverItNamesThem() {
        PendingAuthorization pending = reader.begin();
        String details = "[{\"type\":\"reading_room\",\"room\":{\"number\":\"" + lodgeRoom() + "\"}}]";

        Exchange answer = reader.pushedAuthorizationRequest(reader.requestObject(pending)
                        .claim("claims", "{\"library_card\":\"" + consents.lodge(reader) + "\"}")
                        .claim("authorization_details", details))
                .send();

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains("invalid_request");
    }

    @Test
    void aRequestThatNeedsNoConsentIsNotAsked() {
        PendingAuthorization pending = reader.begin();

        Page page = realm.browser()
                .open(reader.authorizationUrl(
                        reader.push(reader.requestObject(pending)).requestUri()))
                .logIn(USER, PASSWORD);

        assertThat(reader.verifyJarm(page.redirect(), pending).error()).isEmpty();
    }

    @ParameterizedTest
    @Requirement("BR-TOKEN-5")
    @CsvSource(delimiter = '|', textBlock = """
            {"id_token":{"holder":{"essential":true,"value":"A-1"}}}                          | true
            {"userinfo":{"holder":{"value":"A-1"}}}                                           | true
            {"id_token":{"holders":{"value":["A-1"]}}}                                        | true
            {"id_token":{"holder":{"values":["B-2","A-1"]}}}                                  | true
            {"id_token":{"holder":{"essential":true},"holders":null,"other":{"value":"B-2"}}} | true
            {"id_token":{"holder":{"essential":true,"value":"B-2"}}}                          | false
            {"userinfo":{"holder":{"value":"a-1"}}}                                           | false
            {"id_token":{"holders":{"value":["A-1","B-2"]}}}                                  | false
            {"id_token":{"holder":{"values":["B-2"]}}}                                        | false
            {"id_token":{"holder":{"value":"A-1"}},"userinfo":{"holder":{"value":"B-2"}}}     | false
            """)
    void aClaimThatIsRequestedWithAValueHasToBeTheCustomers(String claims, boolean isTheirs) {
        String id = consents.lodge(reader);
        PendingAuthorization pending = reader.begin();
        String named = "{\"library_card\":\"" + id + "\"," + claims.strip().substring(1);
        URI url = reader.authorizationUrl(
                (String) push(pending, named, NOVELS).expect(201).json().get("request_uri"));

        Page page = realm.browser().open(url).logIn(USER, PASSWORD);

        if (isTheirs) {
            assertThat(reader.verifyJarm(approve(page, "1").redirect(), pending).error())
                    .isEmpty();
        } else {
            assertThat(page.text()).contains("This request is for another customer.");
            Page left = page.submit("decision", Form.of("decision", "leave"));
            assertThat(reader.verifyJarm(left.redirect(), pending).error()).contains("access_denied");
            assertThat(stage(id)).isEqualTo("ON_THE_DESK");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"7", "[]", "[7]", "{}", "null", "[\"A-1\",null]"})
    void aValueThatIsNoTextIsRefused(String value) {
        String claims = "{\"library_card\":\"" + consents.lodge(reader) + "\",\"id_token\":{\"holder\":{\"value\":"
                + value + "}}}";
        Exchange answer = push(reader.begin(), claims, NOVELS);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error()).contains("invalid_request");
    }

    /** Closed where the realm does not say which level the class is, or where the sign-in does not reach it; a client has no say in that. */
    @ParameterizedTest
    @Requirement("BR-TOKEN-6")
    @CsvSource({
        "{}, {}",
        "{}, '{\"urn:library:gold\":-1}'",
        "'{\"urn:library:gold\":7}', {}",
        "'{\"urn:library:gold\":7}', '{\"urn:library:gold\":-1}'"
    })
    void whoSignedInTooWeaklyDoesNotApprove(String ofRealm, String ofClient) {
        String demanding = ConsentRealm.types()
                .replaceFirst("\"requested-claims\"", "\"acr\": \"urn:library:gold\", \"requested-claims\"");
        realm.admin().setClientProfiles(realm.name(), ConsentRealm.withConsents(realm, demanding));
        setLevels(ofRealm, ofClient);
        try {
            String id = consents.lodge(reader);
            PendingAuthorization pending = reader.begin();

            Page page = open(realm.browser(), pending, id, NOVELS).logIn(USER, PASSWORD);

            assertThat(page.text()).contains("This request needs a stronger sign-in than yours.");
            assertThat(page.html()).doesNotContain("name=\"version\"");
            Page left = page.submit("decision", Form.of("decision", "leave"));
            assertThat(reader.verifyJarm(left.redirect(), pending).error()).contains("access_denied");
            assertThat(stage(id)).isEqualTo("ON_THE_DESK");
        } finally {
            setLevels("{}", "");
            realm.admin().setClientProfiles(realm.name(), ConsentRealm.withConsents(realm, ConsentRealm.types()));
        }
    }

    private static void setLevels(String ofRealm, String ofClient) {
        realm.admin().updateRealm(realm.name(), Map.of("attributes", Map.of("acr.loa.map", ofRealm)));
        realm.admin().setClientAttribute(realm.name(), reader.clientId(), "acr.loa.map", ofClient);
    }

    /** What the client named, however it is written, and no other of the customer's accounts. */
    @Test
    void theAccountThatTheClientNamedIsTheOne() {
        String id = lodgeFrom("DE02 1203 0000 0000 2020 51");
        PendingAuthorization pending = reader.begin();
        Page page = open(realm.browser(), pending, id, NOVELS).logIn(USER, PASSWORD);
        assertThat(page.text()).contains("Everyday").doesNotContain("Savings");

        Page again = approve(page, "2");
        assertThat(again.isClientRedirect()).isFalse();
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text()).doesNotContain("Savings");
        assertThat(stage(id)).isEqualTo("ON_THE_DESK");
        Page approved = again.submit("version", Form.of("decision", "approve"));

        assertThat(reader.verifyJarm(approved.redirect(), pending).error()).isEmpty();
        assertThat(stage(id)).isEqualTo("STAMPED");
        assertThat(accounts(id)).isEqualTo(List.of("1"));
    }

    @Test
    void aConsentForAnAccountOfSomebodyElseIsNotApproved() {
        String id = lodgeFrom("DE02120300000000202052");
        PendingAuthorization pending = reader.begin();

        Page page = open(realm.browser(), pending, id, NOVELS).logIn(USER, PASSWORD);

        assertThat(page.text())
                .contains("This request is for another customer.")
                .doesNotContain("Everyday");
        Page forged = page.submit("decision", Form.of("decision", "approve", "version", "0", "account", "1"));
        assertThat(forged.text()).contains("This request is for another customer.");
        Page left = forged.submit("decision", Form.of("decision", "leave"));
        assertThat(reader.verifyJarm(left.redirect(), pending).error()).contains("access_denied");
        assertThat(stage(id)).isEqualTo("ON_THE_DESK");
    }

    @Test
    void theAccountThatTheClientNamedIsASuggestionWhereTheDataSaysSo() {
        String suggesting = ConsentRealm.types()
                .replaceFirst(
                        "\"accounts\": \"several\"", "\"accounts\": \"several\", \"named-account\": \"suggestion\"");
        realm.admin().setClientProfiles(realm.name(), ConsentRealm.withConsents(realm, suggesting));
        try {
            String id = lodgeFrom("DE02120300000000202051");
            PendingAuthorization pending = reader.begin();
            Page page = open(realm.browser(), pending, id, NOVELS).logIn(USER, PASSWORD);
            assertThat(page.text()).contains("Everyday", "Savings");
            assertThat(reader.verifyJarm(approve(page, "2").redirect(), pending).error())
                    .isEmpty();
            assertThat(accounts(id)).isEqualTo(List.of("2"));
        } finally {
            realm.admin().setClientProfiles(realm.name(), ConsentRealm.withConsents(realm, ConsentRealm.types()));
        }
    }

    private static String lodgeFrom(String account) {
        return (String) ConsentRealm.server(consents.call(
                                reader,
                                "POST",
                                CARDS,
                                "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"]},\"card\":\"" + account + "\"}}")
                        .expect(201))
                .get("number");
    }

    private static Object accounts(String id) {
        return realm.admin()
                .get("/" + realm.name() + "/fapi-consents/" + id)
                .expect(200)
                .json()
                .get("accounts");
    }

    private static Page approve(Page page, String account) {
        return page.submit("version", Form.of("decision", "approve", "account", account));
    }

    private static Page open(Browser browser, PendingAuthorization pending, String id, String scope) {
        return browser.open(pushed(pending, id, scope));
    }

    private static URI pushed(PendingAuthorization pending, String id, String scope) {
        Exchange answer =
                push(pending, "{\"library_card\":\"" + id + "\"}", scope).expect(201);
        return reader.authorizationUrl((String) answer.json().get("request_uri"));
    }

    private static Exchange push(PendingAuthorization pending, String claims, String scope) {
        return reader.pushedAuthorizationRequest(
                        claims == null
                                ? reader.requestObject(pending).claim("scope", scope)
                                : reader.requestObject(pending)
                                        .claim("scope", scope)
                                        .claim("claims", claims))
                .send();
    }

    private static Exchange pushDetails(PendingAuthorization pending, String details) {
        return reader.pushedAuthorizationRequest(reader.requestObject(pending)
                        .claim("scope", "openid atlases")
                        .claim("authorization_details", details))
                .send();
    }

    private static String lodgeRoom() {
        return (String) Json.object(
                        consents.call(reader, "POST", "lending/reading-rooms", "{\"wish\":{\"day\":\"2027-01-01\"}}")
                                .expect(201)
                                .json()
                                .get("wish"))
                .get("number");
    }

    private static String stage(String id) {
        return (String) ConsentRealm.server(
                        consents.call(reader, "GET", CARDS + "/" + id, "").expect(200))
                .get("stage");
    }
}
