package org.fapipack.consent;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.fapipack.consent.ConsentRealm.CARDS;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.JarmResponse;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.consentstore.ConsentStoreServer;
import org.fapipack.testkit.consentstore.KeptConsent;
import org.fapipack.testkit.consentstore.ReceivedCall;
import org.fapipack.testkit.consentstore.Trouble;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.http.Route;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.server.DistributionKeycloak;
import org.fapipack.testkit.server.KeycloakCluster;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Consents that a bank keeps in a system of its own, which does not always do what it should. */
class RemoteConsentsIT {

    private static final String EVENT = "urn:fapi-pack:event:consent-changed";
    private static final String BANK = "https://bank.example.test";
    private static final String WISH = "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"]}}}";
    private static final SigningKey BANK_KEY = SigningKey.generate(ES256);

    private static ConsentRealm consents;
    private static FapiRealm realm;
    private static FapiClient reader;
    private static ConsentStoreServer bank;
    private static MyConsentsClient pages;

    /** What happens while the bank has a call. */
    private static final AtomicReference<Consumer<ReceivedCall>> AT_CALLS = new AtomicReference<>(call -> {});

    @BeforeAll
    static void prepareRealm() {
        consents = ConsentRealm.prepare().withConsentPage("novels", "maps", "atlases", "poems");
        realm = consents.realm();
        reader = consents.addReader("reader");
        consents.giveAccounts(
                USER,
                Map.of(
                        "fapi.accounts",
                        List.of(
                                "{\"id\":\"1\",\"name\":\"Everyday\",\"number\":\"DE02120300000000202051\"}",
                                "{\"id\":\"2\",\"name\":\"Savings\",\"number\":\"DE02500105170137075030\"}")));
        pages = MyConsentsClient.addTo(realm);
        bank = consents.store(reader)
                .onCall(call -> AT_CALLS.get().accept(call))
                .start();
    }

    @AfterAll
    static void closeBank() {
        bank.close();
    }

    @BeforeEach
    void everythingIsFine() {
        AT_CALLS.set(call -> {});
        bank.getInto(Trouble.NONE);
        keepAt(bank, Map.of());
    }

    @Test
    void theBankIsAskedAndToldWhatTheCustomerDecided() {
        String id = lodgeAtBank();
        int before = bank.calls().size();
        PendingAuthorization pending = reader.begin();
        Page page = realm.browser().open(pushed(pending, id)).logIn(USER, PASSWORD);
        assertThat(page.text()).contains("Everyday", "Savings");
        assertThat(bank.get(id).status()).isEqualTo("awaiting");

        JarmResponse answer = reader.verifyJarm(approve(page, "2").redirect(), pending);

        assertThat(answer.error()).isEmpty();
        assertThat(reader.redeem(answer.code(), pending).accessToken()).isNotEmpty();
        KeptConsent kept = bank.get(id);
        assertThat(kept.status()).isEqualTo("authorised");
        assertThat(kept.customer()).contains(USER);
        assertThat(kept.accounts()).containsExactly("2");
        assertThat(consents.history(id))
                .extracting(change -> change.get("by") + ">" + change.get("to"))
                .containsExactly("client>awaiting", "customer>authorised");
        List<ReceivedCall> calls = bank.calls().subList(before, bank.calls().size());
        assertThat(calls)
                .allSatisfy(call -> assertThat(call.refusal()).isEmpty())
                .anySatisfy(call -> assertThat(call.path()).isEqualTo(path(id) + "?client_id=reader"));
        assertThat(calls)
                .filteredOn(call -> call.method().equals("POST"))
                .singleElement()
                .satisfies(call -> {
                    assertThat(call.path()).isEqualTo(path(id) + "/authorise");
                    assertThat(call.idempotencyKey()).isPresent();
                    assertThat(Json.object(call.body()))
                            .containsExactlyInAnyOrderEntriesOf(Map.of(
                                    "client_id",
                                    "reader",
                                    "version",
                                    "v1",
                                    "customer",
                                    USER,
                                    "accounts",
                                    List.of("2")));
                    assertThat((Long) call.claims().get("exp")
                                    - (Long) call.claims().get("iat"))
                            .isEqualTo(30);
                });
    }

    @Test
    void theBankIsToldThatTheCustomerRefused() {
        String id = lodgeAtBank();
        PendingAuthorization pending = reader.begin();
        Page page = realm.browser().open(pushed(pending, id)).logIn(USER, PASSWORD);

        Page refused = page.submit("version", Form.of("decision", "refuse"));

        assertThat(reader.verifyJarm(refused.redirect(), pending).error()).contains("access_denied");
        assertThat(bank.get(id).status()).isEqualTo("rejected");
        assertThat(states(id)).endsWith("customer>rejected");
    }

    @Test
    void whatTheBankDoesNotKnowOrKeepsForAnotherClientIsNotThere() {
        assertThat(push("unknown-" + UUID.randomUUID())).satisfies(answer -> refused(answer, 400, "access_denied"));
        String others = UUID.randomUUID().toString();
        bank.put(KeptConsent.lodged(others, "somebody-else", "library-card", WISH));
        assertThat(push(others)).satisfies(answer -> refused(answer, 400, "access_denied"));
    }

    @Test
    void ofManyWhoAskForTheFirstTimeAllFindIt() throws Exception {
        keepAt(bank, Map.of("timeout-seconds", 30)); // so many at a time are slow on a small machine
        String id = lodgeAtBank();
        ExecutorService threads = Executors.newFixedThreadPool(12);
        try {
            List<Callable<Integer>> pushes = Collections.nCopies(24, () -> push(id).status());
            for (Future<Integer> status : threads.invokeAll(pushes)) {
                assertThat(status.get()).isEqualTo(201);
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(states(id)).containsExactly("client>awaiting");
    }

    @Test
    void anIdThatIsTakenIsNotGivenAway() {
        String id = lodgeAtBank();
        push(id).expect(201);
        FapiClient other = consents.addReader("other-" + UUID.randomUUID());
        bank.put(KeptConsent.lodged(id, other.clientId(), "library-card", WISH));

        Exchange answer = other.pushedAuthorizationRequest(other.requestObject(other.begin())
                        .claim("scope", "openid novels")
                        .claim("claims", "{\"library_card\":\"" + id + "\"}"))
                .send();

        refused(answer, 503, "temporarily_unavailable");
        assertThat(states(id)).containsExactly("client>awaiting");
    }

    @Test
    void aConsentThatTheBankKnowsNoMoreIsOver() {
        String id = lodgeAtBank();
        push(id).expect(201);
        bank.remove(id);
        refused(push(id), 400, "invalid_request");
        assertThat(states(id)).containsExactly("client>awaiting", "server>revoked");
    }

    @Test
    void callsAreAsDescribed() {
        int before = bank.calls().size();
        String agreed = lodgeAtBank();
        PendingAuthorization pending = reader.begin();
        approve(realm.browser().open(pushed(pending, agreed)).logIn(USER, PASSWORD), "1");
        String refused = lodgeAtBank();
        realm.browser()
                .open(pushed(reader.begin(), refused))
                .logIn(USER, PASSWORD)
                .submit("version", Form.of("decision", "refuse"));
        List<ReceivedCall> calls = bank.calls().subList(before, bank.calls().size());
        assertThat(calls)
                .extracting(call -> call.path().replaceFirst(".*/", "").replaceFirst(".*\\?.*", "fetch"))
                .contains("fetch", "authorise", "reject");
        StoreDescription description = StoreDescription.read();
        calls.forEach(description::check);
    }

    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NONE", "CUT_WHEN_DONE", "JUST_LARGE_ENOUGH", "OTHER_ACCOUNTS", "NOTHING_DONE"})
    void anAnswerThatIsNoneIsNeverTakenForOne(Trouble trouble) {
        String id = lodgeAtBank();
        bank.getInto(trouble);
        Instant began = Instant.now();

        Exchange answer = push(id);

        assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(7));
        refused(answer, 503, "temporarily_unavailable");
        assertThat(answer.body()).doesNotContain("store_").doesNotContain("localhost");
        assertLogged(reason(trouble));
        assertThat(consents.historyAnswer(id).status()).isEqualTo(404);
        bank.getInto(Trouble.NONE);
        assertThat(push(id).status()).isEqualTo(201);
    }

    private static String reason(Trouble trouble) {
        return switch (trouble) {
            case SILENT, DRIPPING -> "store_timeout";
            case CUT, CUT_IN_BODY -> "store_answer_cut";
            case ERROR_500, ERROR_503, TOO_MANY_REQUESTS -> "store_error";
            case UNAUTHORIZED -> "store_refuses_us";
            case TOO_LARGE, ENDLESS, HUGE_HEADER -> "store_answer_too_large";
            default -> "store_answer_invalid";
        };
    }

    @Test
    void theLargestAnswerIsTaken() {
        String id = lodgeAtBank();
        bank.getInto(Trouble.JUST_LARGE_ENOUGH);
        assertThat(push(id).status()).isEqualTo(201);
    }

    @Test
    void aQuestionIsAskedOnceMoreWhereThatMayHelp() {
        String id = lodgeAtBank();
        int before = bank.calls().size();
        bank.getInto(Trouble.ERROR_503);
        refused(push(id), 503, "temporarily_unavailable");
        assertThat(bank.calls()).hasSize(before + 2);
        bank.getInto(Trouble.UNAUTHORIZED);
        refused(push(id), 503, "temporarily_unavailable");
        assertThat(bank.calls()).hasSize(before + 3);
    }

    @Test
    void theClientIsSentBackWhenTheBankIsDownAtTheAuthorizationEndpoint() {
        String id = lodgeAtBank();
        PendingAuthorization pending = reader.begin();
        URI url = pushed(pending, id);
        bank.getInto(Trouble.ERROR_503);

        Page page = realm.browser().open(url);

        assertThat(reader.verifyJarm(page.redirect(), pending).error()).contains("temporarily_unavailable");
    }

    @Test
    void theCustomerIsToldWhenTheBankIsDownAtTheDecision() {
        String id = lodgeAtBank();
        PendingAuthorization pending = reader.begin();
        Page login = realm.browser().open(pushed(pending, id));
        bank.getInto(Trouble.ERROR_503);

        Page page = login.logIn(USER, PASSWORD);

        assertThat(page.isClientRedirect()).isFalse();
        assertThat(page.status()).isLessThan(500);
        assertThat(page.html()).contains("fapi-consent-over");
        assertThat(bank.get(id).status()).isEqualTo("awaiting");
        Page left = page.submit("decision", Form.of("decision", "leave"));
        assertThat(reader.verifyJarm(left.redirect(), pending).error()).contains("temporarily_unavailable");
        assertThat(bank.get(id).status()).isEqualTo("awaiting");
    }

    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            names = {"CUT_WHEN_DONE", "ERROR_500", "SILENT", "OTHER_ACCOUNTS", "NOTHING_DONE", "OTHER_ID", "BROKEN_JSON"
            })
    void withoutTheYesOfTheBankThereIsNoCode(Trouble trouble) {
        String id = lodgeAtBank();
        PendingAuthorization pending = reader.begin();
        Page page = realm.browser().open(pushed(pending, id)).logIn(USER, PASSWORD);
        bank.getIntoAtChanges(trouble, 100);

        Page after = approve(page, "1");

        assertThat(after.isClientRedirect()).isFalse();
        assertThat(after.status()).isLessThan(500);
        assertThat(states(id)).containsExactly("client>awaiting");
        Page left = after.submit("decision", Form.of("decision", "leave"));
        assertThat(reader.verifyJarm(left.redirect(), pending).error()).isPresent();
    }

    @Test
    void anAnswerThatIsLostIsAskedForAgainWithTheSameKey() {
        String id = lodgeAtBank();
        PendingAuthorization pending = reader.begin();
        Page page = realm.browser().open(pushed(pending, id)).logIn(USER, PASSWORD);
        int before = bank.calls().size();
        bank.getIntoAtChanges(Trouble.CUT_WHEN_DONE, 1);

        JarmResponse answer = reader.verifyJarm(approve(page, "1").redirect(), pending);

        assertThat(answer.error()).isEmpty();
        assertThat(bank.get(id).version()).as("done once").isEqualTo(2);
        List<ReceivedCall> changes = bank.calls().subList(before, bank.calls().size()).stream()
                .filter(call -> call.method().equals("POST"))
                .toList();
        assertThat(changes).hasSize(2);
        assertThat(changes.stream().map(ReceivedCall::idempotencyKey).distinct())
                .hasSize(1);
        assertThat(changes.stream().map(call -> call.claims().get("jti")).distinct())
                .hasSize(2);
    }

    /** The bank answers a call that it gets again as it did before; meanwhile its staff revoked the consent, and it told so. */
    @Test
    void anAnswerThatIsOlderThanANoticeDoesNotCount() {
        String id = lodgeAtBank();
        PendingAuthorization pending = reader.begin();
        Page page = realm.browser().open(pushed(pending, id)).logIn(USER, PASSWORD);
        bank.getIntoAtChanges(Trouble.CUT_WHEN_DONE, 1);
        AtomicInteger changes = new AtomicInteger();
        AtomicReference<Exchange> noticed = new AtomicReference<>();
        AT_CALLS.set(call -> {
            if (call.method().equals("POST") && changes.incrementAndGet() == 2) {
                bank.put(bank.get(id).become("revoked", "staff"));
                noticed.set(send(notice(id)));
            }
        });

        Page after = approve(page, "1");

        assertThat(noticed.get().status()).isEqualTo(202);
        assertThat(after.isClientRedirect()).isFalse();
        assertThat(after.status()).isLessThan(500);
        assertThat(states(id)).last().isEqualTo("staff>revoked");
        assertThat(bank.get(id).status()).isEqualTo("revoked");
    }

    @Test
    void whatChangedAtTheBankSinceItWasShownIsNotApproved() {
        String id = lodgeAtBank();
        PendingAuthorization pending = reader.begin();
        Page page = realm.browser().open(pushed(pending, id)).logIn(USER, PASSWORD);
        bank.put(bank.get(id).become("awaiting", "staff"));

        Page again = approve(page, "1");

        assertThat(again.isClientRedirect()).isFalse();
        assertThat(bank.get(id).status()).isEqualTo("awaiting");
        JarmResponse answer = reader.verifyJarm(approve(again, "1").redirect(), pending);
        assertThat(answer.error()).isEmpty();
        assertThat(bank.get(id).status()).isEqualTo("authorised");
    }

    @Test
    void aConsentOfAnotherCustomerOfTheBankIsNotApproved() {
        String id = lodgeAtBank();
        bank.put(bank.get(id).of("somebody-at-the-bank"));
        PendingAuthorization pending = reader.begin();

        Page page = realm.browser().open(pushed(pending, id)).logIn(USER, PASSWORD);

        assertThat(page.isClientRedirect()).isFalse();
        assertThat(page.text()).contains("This request is for another customer.");
        assertThat(page.html()).doesNotContain("name=\"version\"");
        assertThat(bank.get(id).status()).isEqualTo("awaiting");
        assertThat(states(id)).containsExactly("client>awaiting");
    }

    @Test
    void anEndThatHasPassedCountsAlthoughTheBankHasNotNoticed() {
        String id = lodgeAtBank();
        bank.put(bank.get(id).endingAt(Instant.now().minusSeconds(1)));
        refused(push(id), 400, "invalid_request");
        assertThat(states(id)).containsExactly("server>expired");
    }

    /** A list asks no bank about what is in it. */
    @Test
    @EnabledIfSystemProperty(named = "keycloak.database", matches = "postgres")
    void anEndThatHasPassedCountsInListsToo() {
        String id = lodgeAtBank();
        Browser browser = realm.browser();
        agreed(browser, id);
        browser.open(pages.page(""));
        KeycloakUnderTest.running().sql("update fapi_consent set ends_at = created_at where id = '%s'".formatted(id));
        int calls = bank.calls().size();

        String list = browser.open(pages.page("")).html();

        String item = list.substring(list.indexOf(Form.of("id", id).encode()));
        assertThat(list.indexOf("id=\"fapi-consents-ended\"")).isBetween(0, list.indexOf(item));
        assertThat(item.substring(0, item.indexOf("</a>"))).contains("Expired").doesNotContain("Active");
        assertThat(bank.calls()).hasSize(calls);
        assertThat(states(id)).endsWith("server>expired");
    }

    @Test
    void noPrivateAddressIsCalledWithoutTheSetting() {
        String id = lodgeAtBank();
        int before = bank.calls().size();
        keepAt(bank, Map.of("private-addresses", false));
        refused(push(id), 503, "temporarily_unavailable");
        assertThat(bank.calls()).hasSize(before);
        assertLogged("store_address_refused");
    }

    @Test
    void aBankThatFailsIsLeftInPeaceAndAskedAgainLater() throws Exception {
        try (ConsentStoreServer failing = consents.store(reader).start()) {
            String id = UUID.randomUUID().toString();
            failing.put(KeptConsent.lodged(id, "reader", "library-card", WISH));
            keepAt(failing, Map.of("failures-to-pause", 2, "pause-seconds", 3));
            int nodes = KeycloakUnderTest.running().nodes().size();
            failing.getInto(Trouble.ERROR_500);
            for (int i = 0; i < nodes; i++) {
                refused(push(id), 503, "temporarily_unavailable");
            }
            int calls = failing.calls().size();
            assertThat(calls).isEqualTo(2 * nodes);
            failing.getInto(Trouble.NONE);
            for (int i = 0; i < nodes; i++) {
                refused(push(id), 503, "temporarily_unavailable");
            }
            assertThat(failing.calls()).hasSize(calls);
            Thread.sleep(3_100);
            for (int i = 0; i < nodes; i++) {
                assertThat(push(id).status()).isEqualTo(201);
            }
            assertThat(failing.calls()).hasSize(calls + nodes);
            assertLogged("no calls for a while");
            assertLogged("it answers again");
        }
    }

    /** The code, the refresh token and the access token are as good as before when the bank is there again. */
    @ParameterizedTest
    @ValueSource(strings = {"issue", "use"})
    void nothingIsUsedUpWhileTheBankIsDown(String check) {
        keepAt(bank, Map.of("check-tokens", check));
        String id = lodgeAtBank();
        PendingAuthorization pending = reader.begin();
        String code = agreed(pending, id);
        bank.getInto(Trouble.ERROR_503);
        for (int i = 0; i < 2; i++) {
            Exchange down = reader.codeRequest(code, pending).send();
            refused(down, 503, "temporarily_unavailable");
            assertThat(down.header("retry-after")).contains("5");
            assertThat(down.header("cache-control").orElse("")).contains("no-store");
        }
        bank.getInto(Trouble.NONE);
        Tokens tokens = reader.redeem(code, pending);
        String refreshToken = tokens.refreshToken().orElseThrow();

        bank.getInto(Trouble.ERROR_503);

        refused(reader.refreshRequest(refreshToken).send(), 503, "temporarily_unavailable");
        int userInfo = check.equals("use") ? 401 : 200;
        assertThat(userInfo(tokens).status()).isEqualTo(userInfo);
        bank.getInto(Trouble.NONE);
        assertThat(userInfo(tokens).status()).isEqualTo(200);
        assertThat(reader.refresh(refreshToken).accessToken()).isNotEmpty();
        bank.put(bank.get(id).become("revoked", "customer"));
        PassRealm.assertInvalidGrant(reader.refreshRequest(refreshToken).send());
    }

    @Test
    void aCodeWhoseConsentIsOverAtTheBankIsRefused() {
        keepAt(bank, Map.of("check-tokens", "issue"));
        String id = lodgeAtBank();
        PendingAuthorization pending = reader.begin();
        String code = agreed(pending, id);
        bank.put(bank.get(id).become("revoked", "customer"));
        PassRealm.assertInvalidGrant(reader.codeRequest(code, pending).send());
    }

    @Test
    void theBankIsAskedForNobodyWhoIsNotKnown() {
        keepAt(bank, Map.of("check-tokens", "use"));
        String id = lodgeAtBank();
        PendingAuthorization pending = reader.begin();
        String code = agreed(pending, id);
        PendingAuthorization another = reader.begin();
        String unused = agreed(another, lodgeAtBank());
        String refreshToken = reader.redeem(code, pending).refreshToken().orElseThrow();
        int before = bank.calls().size();

        Exchange refresh = reader.refreshRequest(refreshToken)
                .set("scope", "openid novels")
                .withoutClientAssertion()
                .send();
        Exchange exchange =
                reader.codeRequest(unused, another).withoutClientAssertion().send();

        assertThat(refresh.status()).as(refresh.body()).isEqualTo(401);
        assertThat(exchange.status()).as(exchange.body()).isEqualTo(401);
        assertThat(bank.calls()).hasSize(before);
        assertThat(reader.redeem(unused, another).accessToken()).isNotEmpty();
    }

    private static String agreed(PendingAuthorization pending, String id) {
        Page page = realm.browser().open(pushed(pending, id)).logIn(USER, PASSWORD);
        return reader.verifyJarm(approve(page, "1").redirect(), pending).code();
    }

    private static Exchange userInfo(Tokens tokens) {
        return reader.callApi(reader.metadata().endpoint(ServerMetadata.USERINFO), tokens.accessToken());
    }

    /** The store is there for others: what one client's consents make it answer is no reason not to ask. */
    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            names = {"UNAUTHORIZED", "BROKEN_JSON", "TOO_LARGE", "OTHER_ID"})
    void anAnswerThatIsNoOutagePausesNothing(Trouble trouble) {
        try (ConsentStoreServer odd = consents.store(reader).start()) {
            String id = UUID.randomUUID().toString();
            odd.put(KeptConsent.lodged(id, "reader", "library-card", WISH));
            keepAt(odd, Map.of("failures-to-pause", 1, "pause-seconds", 600));
            int nodes = KeycloakUnderTest.running().nodes().size();
            odd.getInto(trouble);
            for (int i = 0; i < nodes; i++) {
                refused(push(id), 503, "temporarily_unavailable");
            }
            odd.getInto(Trouble.NONE);
            for (int i = 0; i < nodes; i++) {
                refused(push("unknown-" + UUID.randomUUID()), 400, "access_denied");
                assertThat(push(id).status()).isEqualTo(201);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Trouble.class,
            names = {"ERROR_500", "ERROR_503", "TOO_MANY_REQUESTS", "CUT", "SILENT"})
    void anOutagePausesTheStore(Trouble trouble) {
        try (ConsentStoreServer failing = consents.store(reader).start()) {
            String id = UUID.randomUUID().toString();
            failing.put(KeptConsent.lodged(id, "reader", "library-card", WISH));
            keepAt(failing, Map.of("failures-to-pause", 1, "pause-seconds", 600));
            int nodes = KeycloakUnderTest.running().nodes().size();
            failing.getInto(trouble);
            for (int i = 0; i < nodes; i++) {
                refused(push(id), 503, "temporarily_unavailable");
            }
            failing.getInto(Trouble.NONE);
            int calls = failing.calls().size();
            for (int i = 0; i < nodes; i++) {
                refused(push(id), 503, "temporarily_unavailable");
            }
            assertThat(failing.calls()).hasSize(calls);
        }
    }

    @Test
    void theServerShowsItsCertificateWhereItIsToldTo() {
        try (ConsentStoreServer closed =
                consents.store(reader).certificateNeeded().start()) {
            String id = UUID.randomUUID().toString();
            closed.put(KeptConsent.lodged(id, "reader", "library-card", WISH));
            keepAt(closed, Map.of());
            refused(push(id), 503, "temporarily_unavailable");
            assertThat(closed.calls()).isEmpty();
            keepAt(closed, Map.of("client-certificate", true));
            assertThat(push(id).status()).isEqualTo(201);
            assertThat(closed.calls())
                    .isNotEmpty()
                    .allSatisfy(call -> assertThat(call.certificate()).contains(KeycloakUnderTest.STORE_CLIENT));
        }
    }

    @Test
    void aStoreThatExpectsOtherCallsRefusesThem() {
        String id = lodgeAtBank();
        keepAt(bank, Map.of("store-audience", "https://another.example.test"));
        refused(push(id), 503, "temporarily_unavailable");
        assertThat(bank.calls().get(bank.calls().size() - 1).refusal()).contains("wrong audience");
    }

    @Test
    void whatACustomerWithdrawsWhileTheBankIsDownIsOverAtOnceAndTheBankIsToldLater() throws Exception {
        String id = lodgeAtBank();
        Browser browser = realm.browser();
        Tokens tokens = agreed(browser, id);
        String refreshToken = reader.refresh(tokens.refreshToken().orElseThrow())
                .refreshToken()
                .orElse(tokens.refreshToken().orElseThrow());
        bank.getInto(Trouble.ERROR_503);
        browser.open(pages.page(""));

        Page done = browser.open(pages.revocation(id)).submit("token", Form.empty());

        assertThat(done.text()).contains("Your consent is withdrawn.", "Withdrawn By you");
        Exchange refused = reader.refreshRequest(refreshToken).send();
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error()).contains("invalid_grant");
        assertThat(states(id)).endsWith("customer>revoked");
        assertThat(bank.get(id).status()).isEqualTo("authorised");
        assertThat(undelivered(id))
                .containsEntry("reason", "store_error")
                .containsEntry("givenUp", false)
                .containsKeys("pendingSince", "attempts", "nextAttemptAt");

        bank.getInto(Trouble.NONE);

        awaitDelivery(id);
        assertThat(bank.get(id).status()).isEqualTo("revoked");
        assertThat(bank.get(id).version()).as("told once").isEqualTo(3);
        assertThat(bank.calls())
                .filteredOn(call -> call.path().equals(path(id) + "/revoke"))
                .extracting(ReceivedCall::idempotencyKey)
                .isNotEmpty()
                .containsOnly(bank.calls().stream()
                        .filter(call -> call.path().equals(path(id) + "/revoke"))
                        .findFirst()
                        .orElseThrow()
                        .idempotencyKey());
        assertThat(consents.history(id))
                .extracting(change -> change.get("by") + ">" + change.get("to"), change -> change.get("comment"))
                .endsWith(tuple("customer>revoked", null), tuple("customer>revoked", "delivered to the store"));
        assertThat(browser.open(pages.details(id)).text()).containsOnlyOnce("Withdrawn By you");
    }

    @Test
    void untilTheBankIsToldNothingThatItSaysMakesTheConsentGoodAgain() throws Exception {
        String id = lodgeAtBank();
        agreed(realm.browser(), id);
        bank.getIntoAtChanges(Trouble.ERROR_503, Integer.MAX_VALUE);
        Exchange revoked = realm.admin()
                .post("/" + realm.name() + "/fapi-consents/" + id + "/revoke", "{\"comment\":\"by phone\"}");
        assertThat(revoked.status()).as(revoked.body()).isEqualTo(200);
        assertThat(revoked.json()).containsEntry("state", "revoked").containsKey("delivery");
        bank.put(bank.get(id).become("authorised", "staff"));

        refused(push(id), 400, "invalid_request");
        assertThat(send(notice(id)).status()).isEqualTo(202);
        refused(push(id), 400, "invalid_request");

        bank.getInto(Trouble.NONE);
        awaitDelivery(id);
        assertThat(bank.get(id).status()).isEqualTo("revoked");
        assertThat(consents.history(id))
                .extracting(change -> change.get("by") + ">" + change.get("to"), change -> change.get("comment"))
                .endsWith(tuple("staff>revoked", "by phone"), tuple("staff>revoked", "delivered to the store"));
    }

    /** What the type lets staff do besides ending a consent is for the bank to do. */
    @Test
    void staffIsOfferedWhatItCanDoHere() {
        String unwanted = lodgeAtBank();
        push(unwanted).expect(201);
        assertOffered(unwanted, "reject");
        act(unwanted, "reject").expect(200);
        assertThat(bank.get(unwanted).status()).isEqualTo("rejected");

        String id = lodgeAtBank();
        agreed(realm.browser(), id);
        assertOffered(id, "revoke");
        bank.put(bank.get(id).become("suspended", "staff"));
        send(notice(id)).expect(202);
        assertThat(staffView(id)).containsEntry("state", "suspended");
        assertOffered(id, "revoke");

        realm.admin().setClientProfiles(realm.name(), ConsentRealm.withConsents(realm, ConsentRealm.types()));
        assertOffered(id);
        String here = consents.lodge(reader);
        agreed(realm.browser(), here);
        keepAt(bank, Map.of());

        act(id, "revoke").expect(200);
        assertThat(bank.get(id).status()).isEqualTo("revoked");
        assertOffered(id);
        assertThat(staffView(here)).containsEntry("actions", List.of("revoke", "suspend", "consume"));
        act(here, "suspend").expect(200);
        assertThat(act(here, "resume").expect(200).json())
                .containsEntry("actions", List.of("revoke", "suspend", "consume"));
        act(here, "consume").expect(200);
    }

    /** And nothing else is possible. */
    private static void assertOffered(String id, String... actions) {
        Map<String, Object> before = staffView(id);
        assertThat(before).containsEntry("actions", List.of(actions));
        for (String action : List.of("reject", "revoke", "suspend", "resume", "consume")) {
            if (!List.of(actions).contains(action)) {
                refused(act(id, action), 409, "invalid_state");
            }
        }
        assertThat(staffView(id)).isEqualTo(before);
    }

    private static Exchange act(String id, String action) {
        return realm.admin().post("/" + realm.name() + "/fapi-consents/" + id + '/' + action, "{}");
    }

    @Test
    void aRefusalIsNoRevocationAndWaitsForTheBank() {
        String id = lodgeAtBank();
        PendingAuthorization pending = reader.begin();
        Page page = realm.browser().open(pushed(pending, id)).logIn(USER, PASSWORD);
        bank.getInto(Trouble.ERROR_503);

        Page after = page.submit("version", Form.of("decision", "refuse"));

        assertThat(after.isClientRedirect()).isFalse();
        assertThat(states(id)).containsExactly("client>awaiting");
        assertThat(staffView(id)).doesNotContainKey("delivery");
    }

    @Test
    void whatIsDecidedAndHowTheBankAnswersIsCounted() {
        assumeThat(KeycloakUnderTest.running().server())
                .isInstanceOfAny(DistributionKeycloak.class, KeycloakCluster.class);
        agreed(realm.browser(), lodgeAtBank());
        bank.getInto(Trouble.ERROR_503);
        push(lodgeAtBank());

        String metrics = metrics();

        assertThat(metrics)
                .containsPattern(
                        "fapi_consent_decisions_total\\{by=\"customer\",decision=\"approved\",type=\"library-card\"\\} [1-9]")
                .containsPattern(
                        "fapi_consent_store_calls_seconds_count\\{operation=\"authorise\",outcome=\"ok\",store=\""
                                + bank.url() + "\"\\} [1-9]")
                .containsPattern(
                        "fapi_consent_store_calls_seconds_count\\{operation=\"fetch\",outcome=\"store_error\",store=\""
                                + bank.url() + "\"\\} [1-9]")
                .contains("fapi_consent_store_paused{store=\"" + bank.url() + "\"} 0.0")
                .containsPattern("fapi_consent_deliveries_pending [0-9]");
    }

    /** Of all nodes, one after the other: each counts for itself. */
    private static String metrics() {
        HttpCaller http = HttpCaller.over(realm.pki().sslContext());
        return managementPorts().stream()
                .map(port -> http.get(URI.create("http://127.0.0.1:" + port + "/metrics"))
                        .expect(200)
                        .body())
                .collect(Collectors.joining());
    }

    private static List<Integer> managementPorts() {
        return KeycloakUnderTest.running().server() instanceof KeycloakCluster cluster
                ? cluster.managementPorts()
                : List.of(((DistributionKeycloak) KeycloakUnderTest.running().server()).managementPort());
    }

    private static Tokens agreed(Browser browser, String id) {
        PendingAuthorization pending = reader.begin();
        JarmResponse answer = reader.verifyJarm(
                approve(browser.open(pushed(pending, id)).logIn(USER, PASSWORD), "1")
                        .redirect(),
                pending);
        return reader.redeem(answer.code(), pending);
    }

    private static Map<String, Object> staffView(String id) {
        return realm.admin()
                .get("/" + realm.name() + "/fapi-consents/" + id)
                .expect(200)
                .json();
    }

    private static Map<String, Object> undelivered(String id) {
        return Json.object(staffView(id).get("delivery"));
    }

    /** Waits twice as long at each failure, so it may take a while after a short trouble. */
    private static void awaitDelivery(String id) throws InterruptedException {
        Instant late = Instant.now().plus(Duration.ofMinutes(2));
        while (staffView(id).containsKey("delivery")) {
            assertThat(Instant.now()).as("the bank is told").isBefore(late);
            Thread.sleep(200);
        }
    }

    @Test
    void consentsAreNotLodgedHereAndThoseOfTheBankAreNotSeenThroughOurApi() {
        String id = lodgeAtBank();
        push(id).expect(201);
        Exchange lodged = consents.call(reader, "POST", CARDS, WISH);
        assertThat(lodged.status()).isEqualTo(403);
        assertThat(lodged.error()).contains("access_denied");
        assertThat(consents.call(reader, "GET", CARDS + "/" + id, "").status()).isEqualTo(404);
        assertThat(consents.call(reader, "DELETE", CARDS + "/" + id, "").status())
                .isEqualTo(404);
        assertThat(bank.get(id).status()).isEqualTo("awaiting");
    }

    @Test
    @Requirement("BR-CONSENT-10")
    void aConsentOfTheBankIsExtendedAtTheBank() {
        String id = lodgeAtBank();
        PendingAuthorization pending = reader.begin();
        String token = reader.redeem(agreed(pending, id), pending).accessToken();
        int before = bank.calls().size();

        refused(
                consents.call(reader, token, "POST", CARDS + "/" + id + "/longer", Headers.none(), "{\"wish\":{}}"),
                403,
                "access_denied");

        refused(consents.call(reader, "GET", CARDS + "/" + id + "/lengths", ""), 404, "not_found");
        assertThat(bank.calls()).hasSize(before);
        assertThat(states(id)).containsExactly("client>awaiting", "customer>authorised");
    }

    @Test
    void consentsLodgedHereStayHereAndCopiesAreWorthNothingWithoutTheBank() {
        String copied = lodgeAtBank();
        push(copied).expect(201);
        realm.admin().setClientProfiles(realm.name(), ConsentRealm.withConsents(realm, ConsentRealm.types()));
        String own = consents.lodge(reader);
        refused(push(copied), 400, "access_denied");
        keepAt(bank, Map.of());
        int before = bank.calls().size();
        assertThat(push(own).status()).isEqualTo(201);
        assertThat(bank.calls()).hasSize(before);
        assertThat(push(copied).status()).isEqualTo(201);
    }

    @Test
    void aNoticeOfTheBankIsSeenAtOnce() {
        String id = lodgeAtBank();
        push(id).expect(201);
        bank.put(bank.get(id).become("revoked", "staff"));

        assertThat(send(notice(id)).status()).isEqualTo(202);

        assertThat(states(id)).containsExactly("client>awaiting", "staff>revoked");
        assertThat(send(notice(id)).status()).as("once more").isEqualTo(202);
        assertThat(states(id)).hasSize(2);
        assertThat(realm.lastEvent("UPDATE_CONSENT"))
                .extracting("details")
                .hasFieldOrPropertyWithValue("consent_id", id)
                .hasFieldOrPropertyWithValue("consent_state", "revoked");
    }

    @Test
    void aNoticeSaysNothingThatTheBankDoesNotSay() {
        String id = lodgeAtBank();
        push(id).expect(201);
        assertThat(send(notice(id, "revoked")).status()).isEqualTo(202);
        assertThat(states(id)).containsExactly("client>awaiting");
    }

    @Test
    void onlyTheEndOfAConsentIsBelievedWhereTheBankCannotBeAsked() {
        String id = lodgeAtBank();
        push(id).expect(201);
        bank.getInto(Trouble.ERROR_503);
        refused(send(notice(id, "authorised")), 503, "temporarily_unavailable");
        refused(send(notice(id)), 503, "temporarily_unavailable");
        refused(
                send(signed(draft(id, "revoked")
                        .claim("iat", Instant.now().minusSeconds(301).getEpochSecond()))),
                503,
                "temporarily_unavailable");
        assertThat(states(id)).containsExactly("client>awaiting");
        assertThat(send(notice(id, "revoked")).status()).isEqualTo(202);
        assertThat(states(id)).containsExactly("client>awaiting", "server>revoked");
    }

    @ParameterizedTest
    @CsvSource({
        "no jwt, invalid_request",
        "too large, invalid_request",
        "wrong media type, invalid_request",
        "unsigned, authentication_failed",
        "broken signature, authentication_failed",
        "other key, authentication_failed",
        "other key of the same id, authentication_failed",
        "wrong typ, authentication_failed",
        "crit, authentication_failed",
        "unknown client, authentication_failed",
        "no event, authentication_failed",
        "client without a store, authentication_failed",
        "wrong issuer, invalid_issuer",
        "wrong audience, invalid_audience",
        "no jti, invalid_request",
        "from the future, invalid_request",
        "no iat, invalid_request",
        "no consent, invalid_request",
        "control character, invalid_request",
        "blank, invalid_request",
        "too long, invalid_request",
        "control character in the client, authentication_failed",
        "unknown status, invalid_request"
    })
    void aNoticeThatIsNotTheBanksIsRefused(String defect, String error) {
        String id = lodgeAtBank();
        push(id).expect(201);
        bank.put(bank.get(id).become("revoked", "staff"));

        Exchange answer =
                defect.equals("wrong media type") ? send(notice(id), "application/jwt") : send(spoilt(defect, id));

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.json()).containsEntry("err", error).containsKey("description");
        assertThat(states(id)).containsExactly("client>awaiting");
    }

    private static String spoilt(String defect, String id) {
        JwtDraft good = draft(id, "revoked");
        SigningKey other = SigningKey.generate(ES256);
        return switch (defect) {
            case "no jwt" -> "x.y";
            case "too large" -> "x".repeat(16_385);
            case "unsigned" -> good.unsigned().compact();
            case "broken signature" ->
                good.signedBy(BANK_KEY).withBrokenSignature().compact();
            case "other key" -> good.signedBy(other).compact();
            case "other key of the same id" ->
                good.signedBy(other.withKeyId(BANK_KEY.keyId())).compact();
            case "wrong typ" -> signed(good.header("typ", "JWT"));
            case "crit" -> signed(good.header("crit", List.of("x")).header("x", 1L));
            case "unknown client" -> signed(good.claim("events", Map.of(EVENT, event(id, "nobody", "revoked"))));
            case "client without a store" ->
                signed(good.claim("events", Map.of(EVENT, event(id, FapiRealm.ACCOUNTS_API, "revoked"))));
            case "no event" -> signed(good.claim("events", Map.of("urn:else", event(id, "reader", "revoked"))));
            case "wrong issuer" -> signed(good.claim("iss", "https://else.example.test"));
            case "wrong audience" -> signed(good.claim("aud", "https://else.example.test"));
            case "no jti" -> signed(good.withoutClaim("jti"));
            case "from the future" ->
                signed(good.claim("iat", Instant.now().plusSeconds(120).getEpochSecond()));
            case "no iat" -> signed(good.withoutClaim("iat"));
            case "no consent" -> signed(good.claim("events", Map.of(EVENT, event("", "reader", "revoked"))));
            case "control character" ->
                signed(good.claim("events", Map.of(EVENT, event(id + "\u0000", "reader", null))));
            case "blank" -> signed(good.claim("events", Map.of(EVENT, event(id + " x", "reader", "revoked"))));
            case "too long" -> signed(good.claim("events", Map.of(EVENT, event("x".repeat(129), "reader", "revoked"))));
            case "control character in the client" ->
                signed(good.claim("events", Map.of(EVENT, event(id, "reader\u0000", "revoked"))));
            case "unknown status" -> signed(good.claim("events", Map.of(EVENT, event(id, "reader", "golden"))));
            default -> throw new IllegalArgumentException(defect);
        };
    }

    @Test
    void noNoticeIsTakenWithoutKeysAndARealmWithoutStoreHasNoSuchPath() {
        String id = lodgeAtBank();
        keepAt(bank, Map.of("notice-issuer", "", "notice-keys", "{\"keys\":[]}"));
        assertThat(send(notice(id)).json()).containsEntry("err", "authentication_failed");
        FapiRealm asleep = KeycloakUnderTest.running().messageSigningRealm();
        HttpCaller http = HttpCaller.over(asleep.pki().sslContext());
        Headers type = Headers.of("Content-Type", "application/secevent+jwt");
        Exchange ours = http.send("POST", URI.create(asleep.issuer() + "/fapi-consent-notices"), type, "x");
        Exchange unknown = http.send("POST", URI.create(asleep.issuer() + "/fapi-nothing"), type, "x");
        assertThat(ours.status()).isEqualTo(404);
        assertThat(ours.body()).isEqualTo(unknown.body());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"store-url\":\"http://bank.example.test\"}",
                "{\"store-url\":\"https://bank.example.test/\"}",
                "{\"store-url\":\"https://user:secret@bank.example.test\"}",
                "{\"store-url\":\"https://bank.example.test?x=1\"}",
                "{\"store-url\":\"https://bank.example.test#x\"}",
                "{\"store-url\":\"https://bank.example.test:65536\"}",
                "{\"store-url\":\"https://\"}",
                "{\"timeout-seconds\":\"0\"}",
                "{\"timeout-seconds\":\"31\"}",
                "{\"connect-timeout-seconds\":\"11\"}",
                "{\"max-answer-bytes\":\"1023\"}",
                "{\"failures-to-pause\":\"0\"}",
                "{\"pause-seconds\":\"601\"}",
                "{\"check-tokens\":\"sometimes\"}",
                "{\"notice-issuer\":\"https://bank.example.test\"}",
                "{\"notice-keys\":\"{}\"}",
                "{\"notice-keys\":\"{\\\"keys\\\":[{\\\"kty\\\":\\\"oct\\\",\\\"kid\\\":\\\"1\\\",\\\"alg\\\":\\\"HS256\\\",\\\"use\\\":\\\"sig\\\",\\\"k\\\":\\\"AAAA\\\"}]}\"}",
                "{\"store-uri\":\"https://bank.example.test\"}"
            })
    void settingsThatAreNotValidCannotBeSaved(String settings) {
        assertThat(realm.admin()
                        .trySetClientProfiles(realm.name(), profiles(Json.object(settings)))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void aPrivateKeyAmongTheKeysOfNoticesCannotBeSaved() {
        String leaked = Json.write(Map.of("keys", List.of(BANK_KEY.privateJwk().toJSONObject())));
        assertThat(realm.admin()
                        .trySetClientProfiles(realm.name(), profiles(Map.of("notice-keys", leaked)))
                        .status())
                .isEqualTo(400);
    }

    private static void keepAt(ConsentStoreServer store, Map<String, Object> more) {
        Map<String, Object> settings = new LinkedHashMap<>(Map.of(
                "store-url",
                store.url().toString(),
                "private-addresses",
                true,
                "timeout-seconds",
                2,
                "max-answer-bytes",
                ConsentStoreServer.LARGE,
                "failures-to-pause",
                100,
                "notice-issuer",
                BANK,
                "notice-keys",
                SigningKey.publicJwks(BANK_KEY)));
        settings.putAll(more);
        realm.admin().setClientProfiles(realm.name(), profiles(settings));
    }

    private static List<Map<String, Object>> profiles(Map<String, Object> settings) {
        return ConsentRealm.withStore(ConsentRealm.withConsents(realm, ConsentRealm.types()), settings);
    }

    private static String lodgeAtBank() {
        String id = "urn:bank:" + UUID.randomUUID();
        bank.put(KeptConsent.lodged(id, "reader", "library-card", WISH));
        return id;
    }

    private static String path(String id) {
        return "/bank/consents/" + id.replace(":", "%3A");
    }

    private static Exchange push(String id) {
        return push(reader.begin(), id);
    }

    private static Exchange push(PendingAuthorization pending, String id) {
        return reader.pushedAuthorizationRequest(reader.requestObject(pending)
                        .claim("scope", "openid novels")
                        .claim("claims", "{\"library_card\":\"" + id + "\"}"))
                .send();
    }

    private static URI pushed(PendingAuthorization pending, String id) {
        return reader.authorizationUrl(
                (String) push(pending, id).expect(201).json().get("request_uri"));
    }

    private static Page approve(Page page, String account) {
        return page.submit("version", Form.of("decision", "approve", "account", account));
    }

    private static List<String> states(String id) {
        return consents.history(id).stream()
                .map(change -> change.get("by") + ">" + change.get("to"))
                .toList();
    }

    private static Map<String, Object> event(String id, String clientId, String status) {
        Map<String, Object> event = new LinkedHashMap<>(Map.of("consent_id", id, "client_id", clientId));
        Optional.ofNullable(status).ifPresent(said -> event.put("status", said));
        return event;
    }

    private static JwtDraft draft(String id, String status) {
        return JwtDraft.empty()
                .header("typ", "secevent+jwt")
                .claim("iss", BANK)
                .claim("aud", realm.issuer().toString())
                .claim("iat", Instant.now().getEpochSecond())
                .claim("jti", UUID.randomUUID().toString())
                .claim("events", Map.of(EVENT, event(id, "reader", status)));
    }

    private static String notice(String id) {
        return notice(id, null);
    }

    private static String notice(String id, String status) {
        return signed(draft(id, status));
    }

    private static String signed(JwtDraft draft) {
        return draft.signedBy(BANK_KEY).compact();
    }

    private static Exchange send(String notice) {
        return send(notice, "application/secevent+jwt");
    }

    private static Exchange send(String notice, String type) {
        return HttpCaller.over(realm.pki().sslContext())
                .by(Route.alternating(KeycloakUnderTest.running().nodes()))
                .send(
                        "POST",
                        URI.create(realm.issuer() + "/fapi-consent-notices"),
                        Headers.of("Content-Type", type),
                        notice);
    }

    private static void refused(Exchange answer, int status, String error) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).contains(error);
    }

    /** A node of its own has a log that can be read; a code for operators is in it, and nowhere else. */
    private static void assertLogged(String text) {
        if (KeycloakUnderTest.running().server() instanceof DistributionKeycloak keycloak) {
            assertThat(keycloak.log()).contains(text);
        }
    }
}
