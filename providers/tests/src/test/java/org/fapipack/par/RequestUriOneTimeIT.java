package org.fapipack.par;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.JarmResponse;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.PushedRequest;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.jose.JwtDraft;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A pushed request_uri is good for one authorization, whichever way it ends; until then the page may be opened again. */
@Requirement({"PAR-8", "SP-5.3.2.2-N3"})
class RequestUriOneTimeIT {

    private static FapiRealm realm;
    private static FapiClient client;

    private final Browser browser = realm.browser();

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm().onAllNodes();
        client = realm.addDpopClient("one-time");
    }

    @BeforeEach
    void forgetConsent() {
        // Consent is remembered per user and client; each test decides for itself whether it is asked for.
        realm.admin().logoutUser(realm.name(), USER);
    }

    @Test
    void isUsedUpByAConsentedLogin() {
        Authorization authorization = push();
        Page consent = browser.open(authorization.url()).logIn(USER, PASSWORD);
        Page end = consent.isConsent() ? consent.acceptConsent() : consent;
        assertThat(authorization.answer(end).code()).isNotEmpty();

        assertRefused(browser.open(authorization.url()));
    }

    @Test
    void isUsedUpByALoginWithoutConsent() {
        withConsentGiven();
        Browser fresh = realm.browser();
        Authorization authorization = push();
        Page end = fresh.open(authorization.url()).logIn(USER, PASSWORD);
        assertThat(authorization.answer(end).code()).isNotEmpty();

        assertRefused(fresh.open(authorization.url()));
        assertRefused(realm.browser().open(authorization.url()));
    }

    @Test
    void isUsedUpBySingleSignOn() {
        withConsentGiven();
        Authorization authorization = push();
        assertThat(authorization.answer(browser.open(authorization.url())).code())
                .isNotEmpty();

        assertRefused(browser.open(authorization.url()));
    }

    @Test
    void isUsedUpByPromptConsent() {
        withConsentGiven();
        Authorization authorization = push("prompt", "consent");
        Page consent = browser.open(authorization.url());
        assertThat(consent.isConsent()).isTrue();
        assertThat(authorization.answer(consent.acceptConsent()).code()).isNotEmpty();

        assertRefused(browser.open(authorization.url()));
    }

    @Test
    void isUsedUpByPromptNone() {
        withConsentGiven();
        Authorization authorization = push("prompt", "none");
        assertThat(authorization.answer(browser.open(authorization.url())).code())
                .isNotEmpty();

        assertRefused(browser.open(authorization.url()));
    }

    @Test
    void isUsedUpByARequiredAction() {
        withConsentGiven();
        realm.admin().logoutUser(realm.name(), USER);
        realm.admin().updateUser(realm.name(), USER, Map.of("requiredActions", List.of("UPDATE_PASSWORD")));
        Browser fresh = realm.browser();
        Authorization authorization = push();
        Page action = fresh.open(authorization.url()).logIn(USER, PASSWORD);
        assertThat(action.isPasswordUpdate()).isTrue();
        assertThat(authorization.answer(action.updatePassword(PASSWORD)).code()).isNotEmpty();

        assertRefused(fresh.open(authorization.url()));
    }

    @Test
    void isUsedUpByAUserWhoSaysNo() {
        withConsentGiven();
        Authorization authorization = push("prompt", "consent");
        Page end = browser.open(authorization.url()).refuseConsent();
        JarmResponse answer = authorization.answer(end);
        assertThat(answer.error()).contains("access_denied");

        assertRefused(browser.open(authorization.url()));
    }

    @Test
    void isUsedUpByAUserWhoCancelsTheLogin() {
        Authorization authorization = push();
        Page end = browser.open(authorization.url()).submit("username", Form.of("cancel", "x"));
        assertThat(authorization.answer(end).error()).contains("access_denied");

        assertRefused(browser.open(authorization.url()));
        assertRefused(realm.browser().open(authorization.url()));
    }

    @Test
    @Requirement("PAR-11")
    void theFrontChannelAddsNothing() {
        Authorization authorization = push("prompt", "consent");
        Page extra = browser.open(client.authorizationUrl(Form.of(
                "client_id",
                client.clientId(),
                "request_uri",
                authorization.pushed().requestUri(),
                "prompt",
                "create")));
        assertRefused(extra);

        Page consent = browser.open(authorization.url()).logIn(USER, PASSWORD);
        assertThat(authorization.answer(consent.acceptConsent()).code()).isNotEmpty();
    }

    @Test
    void isNotUsedUpByAnErrorThatNobodyDecidedOn() {
        withConsentGiven();
        Authorization authorization = push("prompt", "none");
        Browser stranger = realm.browser();
        assertThat(authorization.answer(stranger.open(authorization.url())).error())
                .contains("login_required");

        assertThat(authorization.answer(browser.open(authorization.url())).code())
                .isNotEmpty();
    }

    @Test
    @Requirement("PAR-9")
    void mayBeReloadedBeforeTheEnd() {
        Authorization authorization = push("prompt", "consent");
        Page login = browser.open(authorization.url());
        assertThat(login.reload().isLogin()).isTrue();
        assertThat(browser.open(authorization.url()).isLogin()).isTrue();
        Page consent = browser.open(authorization.url()).logIn(USER, PASSWORD);
        assertThat(consent.isConsent()).isTrue();
        Page again = browser.open(authorization.url());

        assertThat(authorization
                        .answer(again.isLogin() ? again.logIn(USER, PASSWORD).acceptConsent() : again.acceptConsent())
                        .code())
                .isNotEmpty();
        assertRefused(browser.open(authorization.url()));
    }

    @Test
    void endsOnceWhenTwoTabsAreOpen() {
        withConsentGiven();
        Authorization authorization = push("prompt", "consent");
        Page first = browser.open(authorization.url());
        Page second = browser.open(authorization.url());
        assertThat(authorization.answer(first.acceptConsent()).code()).isNotEmpty();

        Page late = second.acceptConsent();
        assertThat(late.isClientRedirect())
                .as("the second tab gets no answer: %s", late)
                .isFalse();
        assertRefused(late.isConsent() ? late.acceptConsent() : late);
        assertRefused(browser.open(authorization.url()));
    }

    @Test
    void aNoAfterAYesDoesNotReachTheClient() {
        withConsentGiven();
        Authorization authorization = push("prompt", "consent");
        Page elsewhere = realm.browser().open(authorization.url()).logIn(USER, PASSWORD);
        assertThat(authorization
                        .answer(browser.open(authorization.url()).acceptConsent())
                        .code())
                .isNotEmpty();

        Page late = elsewhere.refuseConsent();
        assertRefused(late);
        assertThat(late.errorMessage()).get().asString().contains("already used");
    }

    @Test
    void endsOnceWhenManyBrowsersEndTogether() throws Exception {
        withConsentGiven();
        Authorization authorization = push("prompt", "consent");
        List<Page> pages = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Browser each = realm.browser();
            Page page = each.open(authorization.url()).logIn(USER, PASSWORD);
            assertThat(page.isConsent()).isTrue();
            pages.add(page);
        }
        ExecutorService pool = Executors.newFixedThreadPool(pages.size());
        try {
            List<Callable<Page>> ends = pages.stream()
                    .<Callable<Page>>map(page -> page::acceptConsent)
                    .toList();
            int answers = 0;
            for (Future<Page> end : pool.invokeAll(ends)) {
                Page page = end.get();
                assertThat(page.status()).isLessThan(500);
                answers += page.isClientRedirect() ? 1 : 0;
            }
            assertThat(answers).isEqualTo(1);
        } finally {
            pool.shutdown();
        }
    }

    @Test
    void survivesRestartLoginAndIsStillUsedOnce() {
        Authorization authorization = push("prompt", "consent");
        Page login = browser.open(authorization.url());
        Page restarted = browser.open(URI.create(login.uri().toString().replace("/authenticate?", "/restart?")));
        assertThat(restarted.isLogin()).isTrue();
        assertThat(authorization
                        .answer(restarted.logIn(USER, PASSWORD).acceptConsent())
                        .code())
                .isNotEmpty();

        assertRefused(browser.open(authorization.url()));
    }

    @Test
    void bindsTheWaitForTheBrowserAndNotTheLogin() throws Exception {
        FapiRealm hasty = KeycloakUnderTest.running()
                .messageSigningRealm(Map.of("FAPI_REQUEST_URI_LIFETIME_SECONDS", "5"))
                .onAllNodes();
        FapiClient hastyClient = hasty.addDpopClient("slow-user");
        Browser slow = hasty.browser();
        PendingAuthorization pending = hastyClient.begin();
        PushedRequest pushed = hastyClient.push(pending);
        URI url = hastyClient.authorizationUrl(pushed.requestUri());
        Page login = slow.open(url);
        Page second = slow.open(url);

        Thread.sleep(6_000); // the request_uri expires; the user is still looking for the password
        Page end = login.logIn(USER, PASSWORD).acceptConsent();
        assertThat(hastyClient.verifyJarm(end.redirect(), pending).code()).isNotEmpty();
        assertThat(second.isLogin()).isTrue();
        assertRefused(slow.open(url));
    }

    @Test
    void aPageOpenedLongerAgoThanALoginMayTakeEndsInAnExplanation() throws Exception {
        FapiRealm brief = KeycloakUnderTest.running()
                .messageSigningRealm(Map.of(
                        "FAPI_LOGIN_TIMEOUT_SECONDS", "4",
                        "FAPI_USER_ACTION_TIMEOUT_SECONDS", "4",
                        "FAPI_AUTHORIZATION_CODE_LIFETIME_SECONDS", "4"))
                .onAllNodes();
        FapiClient briefClient = brief.addDpopClient("very-slow-user");
        Browser slow = brief.browser();
        PushedRequest pushed = briefClient.push(briefClient.begin());
        Page login = slow.open(briefClient.authorizationUrl(pushed.requestUri()));

        Thread.sleep(6_000); // the browser session has ended; Keycloak starts the login again from its restart cookie
        Page again = login.logIn(USER, PASSWORD);
        assertThat(again.isLogin()).as(again.toString()).isTrue();
        Page end = again.logIn(USER, PASSWORD);
        end = end.isConsent() ? end.acceptConsent() : end;
        assertRefused(end);
        assertThat(end.errorMessage()).get().asString().contains("took too long");
        assertThat(brief.lastEvent("LOGIN_ERROR").toString()).contains("request_uri_opened_too_long_ago");
    }

    @Test
    void leavesTheRightfulOwnersNextRequestAlone() {
        withConsentGiven();
        Authorization used = push();
        used.answer(browser.open(used.url()));
        assertRefused(browser.open(used.url()));

        Authorization next = push();
        JarmResponse answer = next.answer(browser.open(next.url()));
        assertThat(client.redeem(answer.code(), next.pending()).accessToken()).isNotEmpty();
    }

    private void withConsentGiven() {
        Authorization authorization = push();
        browser.logInAndConsent(authorization.url(), USER, PASSWORD);
    }

    private static void assertRefused(Page page) {
        assertThat(page.isClientRedirect()).as("no second answer to the client").isFalse();
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.exchange().mediaType()).isEqualTo("text/html");
    }

    private static Authorization push(String... claims) {
        PendingAuthorization pending = client.begin();
        JwtDraft draft = client.requestObject(pending);
        for (int i = 0; i < claims.length; i += 2) {
            draft = draft.claim(claims[i], claims[i + 1]);
        }
        return new Authorization(pending, client.push(draft));
    }

    /** One authorization request and what came of it. */
    private record Authorization(PendingAuthorization pending, PushedRequest pushed) {
        URI url() {
            return client.authorizationUrl(pushed.requestUri());
        }

        JarmResponse answer(Page page) {
            return client.verifyJarm(page.redirect(), pending);
        }
    }
}
