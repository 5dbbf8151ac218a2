package org.fapipack.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.http.Route;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signed-in customers see what they agreed to, and take it back; nobody does it for them. */
class MyConsentsIT {

    private static ClubRealm realm;
    private static FapiClient club;

    @BeforeAll
    static void prepareRealm() {
        realm = ClubRealm.prepare();
        club = realm.addClub("club", "The Club");
    }

    @Test
    void aCustomerSeesAConsentAndWithdrawsItAfterConfirming() {
        String id = realm.lodge(club, ",\"from\":\"2026-01-31\"");
        Browser browser = realm.agreed(club, USER, id);

        Page list = browser.open(realm.page(""));
        assertIsOurPage(list, 200);
        assertThat(list.text()).contains("Your consents", "The Club", "Active");
        Page details = browser.open(realm.details(id));
        assertIsOurPage(details, 200);
        assertThat(details.text())
                .contains(
                        "The Club",
                        "Active",
                        "POOL",
                        "SAUNA",
                        "January 31, 2026",
                        "Requested By the app",
                        "Agreed By you")
                .contains("Renew or change it", "Open The Club and connect")
                .contains("Everyday \u2022\u2022\u2022\u2022 2051")
                .doesNotContain(ClubRealm.POOL_ACCOUNT, "Savings");
        Page asked = browser.open(realm.revocation(id));
        assertIsOurPage(asked, 200);
        assertThat(asked.text()).contains("Withdraw this consent?", "The Club");
        assertThat(realm.state(id)).isEqualTo("authorised");

        Page done = asked.submit("token", Form.empty());

        assertIsOurPage(done, 200);
        assertThat(done.text()).contains("Your consent is withdrawn.", "Withdrawn By you");
        assertThat(done.uri().toString()).startsWith(realm.details(id).toString());
        assertThat(realm.state(id)).isEqualTo("revoked");
        assertThat(realm.history(id))
                .extracting(change -> change.get("to"), change -> change.get("by"), change -> change.get("reason"))
                .containsExactly(
                        tuple("awaiting", "client", null),
                        tuple("authorised", "customer", null),
                        tuple("revoked", "customer", "TIRED"));
        assertThat(realm.realm().lastEvent("REVOKE_GRANT"))
                .containsEntry("clientId", "fapi-my-consents")
                .containsEntry("userId", realm.admin().user(realm.name(), USER).get("id"))
                .extracting("details")
                .hasFieldOrPropertyWithValue("consent_id", id)
                .hasFieldOrPropertyWithValue("consent_type", "club-visit")
                .hasFieldOrPropertyWithValue("consent_state", "revoked")
                .hasFieldOrPropertyWithValue("revoked_client", "club");
        assertThat(statusFor(club, id)).isEqualTo("GONE_HOME");
    }

    @Test
    void everyNodeSeesItAtOnce() {
        String id = realm.lodge(club);
        Browser browser = realm.agreed(club, USER, id);
        browser.open(realm.revocation(id)).submit("token", Form.empty());
        for (Route node : KeycloakUnderTest.running().nodes()) {
            Page seen = browser.by(node).open(realm.details(id));
            assertThat(seen.text()).contains("Withdrawn By you");
        }
    }

    @Test
    void aSecondPostOfTheFormChangesNothing() {
        String id = realm.lodge(club);
        Page asked = realm.agreed(club, USER, id).open(realm.revocation(id));
        asked.submit("token", Form.empty());

        Page again = asked.submit("token", Form.empty());

        assertIsOurPage(again, 409);
        assertThat(again.text()).contains("This consent has already ended");
        assertThat(realm.history(id)).hasSize(3);
    }

    @Test
    void aFormThatWasShownBeforeTheConsentChangedWithdrawsNothing() {
        String id = realm.lodge(club);
        Browser browser = realm.agreed(club, USER, id);
        Page asked = browser.open(realm.revocation(id));
        realm.agree(browser, club, id, USER);

        Page changed = asked.submit("token", Form.empty());

        assertIsOurPage(changed, 409);
        assertThat(changed.text()).contains("This consent changed while you were looking at it");
        assertThat(realm.state(id)).isEqualTo("authorised");
        assertThat(realm.realm().lastEvent("REVOKE_GRANT_ERROR"))
                .containsEntry("error", "invalid_request")
                .extracting("details")
                .hasFieldOrPropertyWithValue("consent_id", id);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "2.YQ.YQ", "..", "-1..", "99999999999.YQ.YQ", "2.%%.**", "\u0000", "OTHER", "TWICE"})
    void aForgedFormWithdrawsNothing(String forged) {
        String id = realm.lodge(club);
        String other = realm.lodge(club);
        Browser browser = realm.agreed(club, USER, id, other);
        Page asked = browser.open(realm.revocation(id));
        Form form = switch (forged) {
            case "OTHER" -> Form.of("token", token(browser.open(realm.revocation(other))));
            case "TWICE" -> Form.of("token", token(asked), "token", token(asked));
            default -> Form.of("token", forged);
        };

        Exchange refused = post(browser, realm.revocation(id), form);

        assertThat(refused.status()).as(refused.body()).isEqualTo(403);
        assertThat(refused.mediaType()).isEqualTo("text/html");
        assertThat(refused.body()).contains("so nothing was withdrawn");
        assertThat(realm.state(id)).isEqualTo("authorised");
        assertThat(realm.realm().lastEvent("REVOKE_GRANT_ERROR")).containsEntry("error", "invalid_request");
    }

    @Test
    void aFormOfAnotherSessionWithdrawsNothing() {
        String id = realm.lodge(club);
        Page asked = realm.agreed(club, USER, id).open(realm.revocation(id));
        Browser another = realm.realm().browser();
        another.open(realm.page("")).logIn(USER, PASSWORD);

        assertThat(post(another, realm.revocation(id), Form.of("token", token(asked)))
                        .status())
                .isEqualTo(403);
        assertThat(post(another, realm.revocation(id), Form.empty()).status()).isEqualTo(403);
        assertThat(realm.state(id)).isEqualTo("authorised");
    }

    @Test
    void onlyAFormIsTaken() {
        String id = realm.lodge(club);
        Browser browser = realm.agreed(club, USER, id);
        String token = token(browser.open(realm.revocation(id)));
        Headers cookies = cookies(browser);
        HttpCaller http = HttpCaller.over(realm.realm().pki().sslContext());

        URI withToken = URI.create(realm.revocation(id) + "&token=" + token);
        assertThat(http.get(withToken, cookies).status()).isEqualTo(200);
        assertThat(http.send("POST", withToken, cookies.add("Content-Type", "application/x-www-form-urlencoded"), "a=b")
                        .status())
                .isEqualTo(403);
        assertThat(http.send("POST", realm.revocation(id), cookies.add("Content-Type", "text/plain"), "token=" + token)
                        .status())
                .isEqualTo(403);
        assertThat(http.send("DELETE", realm.revocation(id), cookies, "").status())
                .isEqualTo(405);
        assertThat(http.send("POST", realm.details(id), cookies, "").status()).isEqualTo(404);
        assertThat(realm.state(id)).isEqualTo("authorised");
        assertThat(realm.history(id)).hasSize(2);
    }

    @Test
    void readingChangesNothing() {
        String id = realm.lodge(club);
        Browser browser = realm.agreed(club, USER, id);
        List<Map<String, Object>> before = realm.history(id);
        for (URI page : List.of(
                realm.page(""),
                realm.page("?current=2&ended=9"),
                realm.details(id),
                URI.create(realm.details(id) + "&done=1"),
                realm.revocation(id),
                realm.page("/signed-in?state=x." + "&code=y"))) {
            assertThat(browser.open(page).status()).as(page.toString()).isEqualTo(200);
        }
        assertThat(browser.open(URI.create(realm.details(id) + "&done=1")).text())
                .doesNotContain("Your consent is withdrawn");
        assertThat(realm.history(id)).isEqualTo(before);
    }

    @Test
    void anotherCustomersConsentLooksLikeNone() {
        String id = realm.lodge(club);
        realm.agreed(club, USER, id);
        String awaiting = realm.lodge(club);
        realm.addCustomer("mallory");
        Browser mallory = realm.realm().browser();
        Page list = mallory.open(realm.page("")).logIn("mallory", PASSWORD);
        assertThat(list.text())
                .contains("No app has your consent at the moment.")
                .doesNotContain("The Club");

        String unknown = mallory.open(realm.details("visit:unknown")).text();
        for (String foreign : List.of(id, awaiting, "%", "a b", "x".repeat(200), "visit:\u202e")) {
            Page details = mallory.open(realm.details(foreign));
            assertIsOurPage(details, 404);
            assertThat(details.text()).isEqualTo(unknown).contains("You have no such consent.");
            assertIsOurPage(mallory.open(realm.revocation(foreign)), 404);
            assertThat(post(mallory, realm.revocation(foreign), Form.of("token", "x"))
                            .status())
                    .isEqualTo(404);
        }
        assertThat(mallory.open(realm.page("/consent")).status()).isEqualTo(404);
        assertThat(realm.state(id)).isEqualTo("authorised");
        assertThat(realm.state(awaiting)).isEqualTo("awaiting");
    }

    @Test
    void whoIsNotSignedInSignsInAndComesBack() {
        String id = realm.lodge(club);
        realm.agreed(club, USER, id);
        Browser browser = realm.realm().browser();

        Page login = browser.open(realm.details(id));
        assertThat(login.isLogin()).isTrue();
        assertThat(browser.history().get(0).status()).isEqualTo(303);
        assertThat(browser.history().get(0).header("cache-control").orElse("")).contains("no-store");
        assertThat(browser.history().get(0).header("location").orElseThrow())
                .contains("client_id=fapi-my-consents", "code_challenge_method=S256", "response_type=code");
        Page details = login.logIn(USER, PASSWORD);

        assertIsOurPage(details, 200);
        assertThat(details.uri()).isEqualTo(realm.details(id));
        assertThat(browser.open(realm.page("")).text()).contains("The Club");
    }

    @Test
    void aSessionThatEndsBetweenPageAndPostWithdrawsNothing() {
        String id = realm.lodge(club);
        Page asked = realm.agreed(club, USER, id).open(realm.revocation(id));
        realm.admin().logoutUser(realm.name(), USER);

        Page login = asked.submit("token", Form.empty());

        assertThat(login.isLogin()).isTrue();
        Page back = login.logIn(USER, PASSWORD);
        assertThat(back.uri()).isEqualTo(realm.details(id));
        assertIsOurPage(back, 200);
        assertThat(realm.state(id)).isEqualTo("authorised");
        assertThat(realm.history(id)).hasSize(2);
    }

    @Test
    void aDisabledCustomerSeesNothing() {
        realm.addCustomer("frozen");
        String id = realm.lodge(club);
        Browser browser = realm.agreed(club, "frozen", id);
        assertThat(browser.open(realm.details(id)).status()).isEqualTo(200);
        realm.admin().updateUser(realm.name(), "frozen", Map.of("enabled", false));
        assertThat(browser.open(realm.details(id)).isLogin()).isTrue();
    }

    @Test
    void anAccountThatTheCustomerHasNoMoreIsShownByTheEndOfItsId() {
        realm.addCustomer("mover");
        String id = realm.lodge(club);
        Browser browser = realm.agreed(club, "mover", id);
        realm.admin().updateUser(realm.name(), "mover", Map.of("attributes", Map.of("fapi.accounts", List.of())));

        Page details = browser.open(realm.details(id));

        assertIsOurPage(details, 200);
        assertThat(details.text())
                .contains("\u2022\u2022\u2022\u2022 2051")
                .doesNotContain("Everyday", ClubRealm.POOL_ACCOUNT);
    }

    /** Also with what an attacker may write into a link. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "state=x.aHR0cHM6Ly9ldmlsLmV4YW1wbGUvP3g&code=1",
                "state=x.Ly9ldmlsLmV4YW1wbGU&code=1",
                "state=https://evil.example&code=1",
                "state=x.Li4vLi4vLi4vYWRtaW4&code=1",
                "redirect_uri=https://evil.example&code=1",
                "code=1",
                ""
            })
    void comingBackLeadsToOurPagesOnly(String query) {
        Browser browser = realm.realm().browser();
        browser.open(realm.page("")).logIn(USER, PASSWORD);
        int before = browser.history().size();

        browser.open(realm.page("/signed-in?" + query));

        assertThat(browser.history().get(before).status()).isEqualTo(303);
        assertThat(browser.history().get(before).header("location").orElseThrow())
                .matches(location -> location.equals(realm.page("").toString())
                        || location.startsWith(realm.page("/consent?id=").toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"error=access_denied&state=x.", "code=1&state=x.", ""})
    void whoComesBackWithoutASessionIsToldSoOnce(String query) {
        Page page = realm.realm().browser().open(realm.page("/signed-in?" + query));
        assertThat(page.status()).isEqualTo(403);
        assertThat(page.text()).contains("You are not signed in.");
        assertThat(page.exchange().header("cache-control").orElse("")).contains("no-store");
    }

    @Test
    void namesAreShownHarmlessly() {
        FapiClient hostile = realm.addClub(
                "hostile",
                "<img src=x onerror=alert(1)>\u202Egnp.\u2066\u0007 ${token} {0} 'x' &amp; " + "y".repeat(160));
        String id = realm.lodge(hostile);
        Browser browser = realm.agreed(hostile, USER, id);
        for (URI uri : List.of(realm.page(""), realm.details(id), realm.revocation(id))) {
            Page page = browser.open(uri);
            assertIsOurPage(page, 200);
            assertThat(page.html())
                    .contains("&lt;img src=x onerror=alert(1)&gt;gnp. ${token} {0} &#39;x&#39; &amp;amp; y")
                    .doesNotContain("<img src=x", "\u202E", "\u2066", "\u0007", "y".repeat(160));
        }
    }

    @Test
    void aPaymentShowsWhatWasPaidAndCannotBeWithdrawnWhereTheTypeDoesNotLetCustomers() {
        String id = realm.lodgeFee(club);
        Browser browser = realm.agreed(club, USER, id);
        Page details = browser.open(realm.details(id));
        assertIsOurPage(details, 200);
        assertThat(details.text()).contains("12.50", "EUR", "Club", "FEE").doesNotContain("Withdraw consent");
        assertThat(details.html()).contains("&lt;b&gt;Club&lt;/b&gt;");

        assertIsOurPage(browser.open(realm.revocation(id)), 409);
        String token = token(browser.open(realm.revocation(agreedVisit(browser))));
        assertThat(post(browser, realm.revocation(id), Form.of("token", token)).status())
                .isEqualTo(403);
        assertThat(realm.state(id)).isEqualTo("authorised");
    }

    /** What one app was allowed on one day. */
    @Test
    void consentsAreToldApartInTheListByTheirTimeAndAccounts() {
        realm.addCustomer("twin");
        realm.consents()
                .giveAccounts(
                        "twin",
                        Map.of(
                                "fapi.accounts",
                                List.of(
                                        "{\"id\":\"1\",\"name\":\"Everyday\",\"number\":\"DE0212030000202051\"}",
                                        "{\"id\":\"2\",\"name\":\"Savings\",\"number\":\"DE0212030000205030\"}",
                                        "{\"id\":\"3\",\"name\":\"\u202e<i>Joint\"}")));
        Browser browser = realm.realm().browser();
        for (List<String> accounts : List.of(List.of("1"), List.of("1", "2"), List.of("1", "2", "3"))) {
            realm.agree(browser, club, realm.lodge(club), "twin", accounts);
        }

        Page list = browser.open(realm.page(""));

        assertIsOurPage(list, 200);
        String since = " Since \\p{L}+ \\d{1,2}, \\d{4}, \\d{1,2}:\\d{2}.[AP]M UTC , with no last day";
        assertThat(list.text())
                .containsPattern("Active Everyday •••• 2051" + since)
                .containsPattern("Active Everyday •••• 2051 · Savings •••• 5030" + since)
                .containsPattern("Active Everyday •••• 2051 · <i>Joint and 1 more" + since)
                .doesNotContain("DE02", "\u202e");
        realm.consents().giveAccounts("twin", Map.of("fapi.accounts", List.of()));
        assertThat(browser.open(realm.page("")).text())
                .contains("Active •••• Since", "Active •••• · •••• Since", "Active •••• · •••• and 1 more Since");
    }

    @Test
    void paymentsAreToldApartInTheListByWhatIsPaidToWhom() {
        realm.addCustomer("payer");
        Browser browser = realm.agreed(
                club,
                "payer",
                realm.lodgeFee(club),
                realm.lodgeFee(club, ",\"account\":\"DE0212030000201234\""),
                realm.lodgeFee(club, ""));

        Page list = browser.open(realm.page(""));

        assertIsOurPage(list, 200);
        assertThat(list.text())
                .contains("Active €12.50 to <b>Club</b> Since", "Active €12.50 to •••• 1234 Since")
                .contains("Active €12.50 Since")
                .doesNotContain("DE02", "Everyday");
        Map.of("de", " an ", "no", " til ", "pt-BR", " para ", "ar", " إلى ")
                .forEach((language, to) -> assertThat(browser.open(realm.page("?kc_locale=" + language))
                                .html())
                        .as(language)
                        .containsPattern("12[.,]50[^<]*</bdi>" + to + "<bdi>&lt;b&gt;Club&lt;/b&gt;</bdi>"));
    }

    @Test
    void whatTheClientHadDeletedIsStillShown() {
        realm.addCustomer("keeper");
        String id = realm.lodgeFee(club);
        Browser browser = realm.agreed(club, "keeper", id);

        realm.consents().call(club, "DELETE", ClubRealm.FEES + "/" + id, "").expect(204);

        assertThat(realm.consents()
                        .call(club, "GET", ClubRealm.FEES + "/" + id, "")
                        .status())
                .isEqualTo(404);
        Page list = browser.open(realm.page(""));
        assertThat(items(list)).containsExactly(0, 1);
        assertThat(list.html()).contains(Form.of("id", id).encode());
        Page details = browser.open(realm.details(id));
        assertIsOurPage(details, 200);
        assertThat(details.text())
                .contains("Withdrawn By the app", "12.50")
                .doesNotContain("Withdraw consent", "Renew or change it");
        assertIsOurPage(browser.open(realm.revocation(id)), 409);
    }

    private static String agreedVisit(Browser browser) {
        String id = realm.lodge(club);
        realm.agree(browser, club, id, USER);
        return id;
    }

    @Test
    void aConsentWhoseTimeIsOverIsAmongTheEndedOnes() {
        realm.addCustomer("brief");
        String id = realm.lodge(club, ",\"until\":\"" + Instant.now().plusSeconds(20) + "\"");
        Browser browser = realm.agreed(club, "brief", id);
        Instant giveUp = Instant.now().plus(Duration.ofSeconds(90));
        Page list = browser.open(realm.page(""));
        while (!list.text().contains("Expired") && Instant.now().isBefore(giveUp)) {
            assertThat(items(list)).containsExactly(1, 0);
            list = browser.open(realm.page(""));
        }
        assertThat(items(list)).containsExactly(0, 1);
        assertThat(list.text()).contains("No app has your consent at the moment.", "Ended The Club Expired");
        assertThat(browser.open(realm.details(id)).text())
                .contains("Expired Automatically, because the time was over")
                .doesNotContain("Withdraw consent");
        assertThat(browser.open(realm.revocation(id)).status()).isEqualTo(409);
    }

    @Test
    void longListsHavePages() {
        realm.addCustomer("busy");
        String[] ids = IntStream.range(0, 43).mapToObj(i -> realm.lodge(club)).toArray(String[]::new);
        Browser browser = realm.agreed(club, "busy", ids);
        for (int i = 0; i < 21; i++) {
            realm.act(ids[i], "revoke", "").expect(200);
        }

        Page first = browser.open(realm.page(""));
        assertThat(items(first)).containsExactly(20, 20);
        assertThat(first.text()).contains("Page 1 of 2").doesNotContain("Page 2 of 2");
        assertThat(items(browser.open(realm.page("?current=2&ended=1")))).containsExactly(2, 20);
        assertThat(items(browser.open(realm.page("?current=1&ended=2")))).containsExactly(20, 1);
        for (String far : List.of("?current=999&ended=999", "?current=3&ended=3")) {
            assertThat(items(browser.open(realm.page(far)))).containsExactly(2, 1);
        }
        for (String odd :
                List.of("?current=0", "?current=-1", "?current=x&ended=%20", "?current=1e3", "?current=9999999999")) {
            Page page = browser.open(realm.page(odd));
            assertIsOurPage(page, 200);
            assertThat(items(page)).containsExactly(20, 20);
        }
    }

    /** There is no other way to ten thousand decisions in the time of a test than to copy one. */
    @Test
    @EnabledIfSystemProperty(named = "keycloak.database", matches = "postgres")
    void tenThousandConsentsOfOneCustomerAreStillPages() {
        realm.addCustomer("collector");
        String id = realm.lodge(club);
        Browser browser = realm.agreed(club, "collector", id);
        KeycloakUnderTest.running().sql("""
                insert into fapi_consent (id, realm_id, client_id, customer_id, type, state, reason, updated_by, created_at, updated_at,
                  ends_at, body, version)
                select 'copy:' || n, realm_id, client_id, customer_id, type, case when n %% 2 = 0 then 'revoked' else state end, reason,
                  updated_by, created_at - n, updated_at, ends_at, body, version
                from fapi_consent, generate_series(1, 22000) n where id = '%s'""".formatted(id));

        Page list = browser.open(realm.page(""));
        assertThat(items(list)).containsExactly(20, 20);
        assertThat(list.text()).contains("Page 1 of 500");
        assertThat(list.html().length()).isLessThan(60_000);
        Page last = browser.open(realm.page("?current=500&ended=500"));
        assertThat(items(last)).containsExactly(20, 20);
        assertThat(last.text()).contains("Only the latest 10,000 are shown here.");
        assertThat(browser.open(realm.details("copy:21999")).status()).isEqualTo(200);
        Exchange staff =
                realm.staff("?client=club&state=authorised&first=10000&max=100").expect(200);
        assertThat(staff.json()).containsEntry("total", 10000L).containsEntry("totalIsExact", false);
        assertThat(Json.objects((List<?>) staff.json().get("consents"))).hasSize(100);
    }

    @Test
    void theLanguageOfTheCustomerIsSpoken() {
        Browser browser = realm.realm().browser();
        browser.open(realm.page("")).logIn(USER, PASSWORD);
        Page german = browser.open(realm.page("?kc_locale=de"));
        assertThat(german.text()).contains("Ihre Zustimmungen");
        assertThat(browser.open(realm.page("")).text()).contains("Ihre Zustimmungen");
        String id = realm.lodge(club);
        realm.agree(browser, club, id, USER);
        Page arabic = browser.open(URI.create(realm.details(id) + "&kc_locale=ar"));
        assertThat(arabic.html()).contains("dir=\"rtl\"").contains("kc_locale=ar");
        assertThat(arabic.html()).contains("id=" + Form.of("id", id).encode().substring(3) + "&amp;kc_locale=pt-BR");
        assertThat(browser.open(realm.page("?kc_locale=%3Cx")).status()).isEqualTo(200);
    }

    @Test
    void withoutTheClientOrTheExecutorThereIsNoSuchPage() {
        FapiRealm plain = KeycloakUnderTest.running().messageSigningRealm();
        URI page = URI.create(plain.issuer() + "/fapi-my-consents");
        assertThat(plain.browser().open(page).status()).isEqualTo(404);

        ClubRealm other = ClubRealm.prepare();
        assertThat(other.realm().browser().open(other.page("")).isLogin()).isTrue();
        other.admin().updateClient(other.name(), "fapi-my-consents", Map.of("enabled", false));
        assertThat(other.realm().browser().open(other.page("")).status()).isEqualTo(404);
    }

    private static void assertIsOurPage(Page page, int status) {
        assertThat(page.status()).as(page.toString()).isEqualTo(status);
        Exchange answer = page.exchange();
        assertThat(answer.mediaType()).isEqualTo("text/html");
        assertThat(answer.header("cache-control").orElse("")).contains("no-store");
        assertThat(answer.header("content-security-policy").orElse("")).contains("frame-ancestors 'self'");
        assertThat(answer.header("x-frame-options")).contains("SAMEORIGIN");
        assertThat(answer.header("x-content-type-options")).contains("nosniff");
        assertThat(answer.header("referrer-policy")).contains("no-referrer");
    }

    /** How many consents are in force, and ended, on this page. */
    private static List<Integer> items(Page page) {
        String[] sections = page.html().split("id=\"fapi-consents-ended\"", 2);
        return List.of(
                sections[0].split("class=\"fapi-consents__item\"", -1).length - 1,
                sections.length == 1 ? 0 : sections[1].split("class=\"fapi-consents__item\"", -1).length - 1);
    }

    private static String token(Page page) {
        String html = page.html();
        int value = html.indexOf("value=\"", html.indexOf("name=\"token\"")) + 7;
        return html.substring(value, html.indexOf('"', value));
    }

    private static Exchange post(Browser browser, URI uri, Form form) {
        return HttpCaller.over(realm.realm().pki().sslContext())
                .post(uri, form, cookies(browser).add("Accept", "text/html").add("Accept-Language", "en"));
    }

    private static Headers cookies(Browser browser) {
        return Headers.of(
                "Cookie",
                browser.cookie("KEYCLOAK_IDENTITY")
                        .map(cookie -> cookie.getName() + "=" + cookie.getValue())
                        .orElse(""));
    }

    /** What its client is told of the consent. */
    private static String statusFor(FapiClient client, String id) {
        return (String) Json.object(realm.consents()
                        .call(client, "GET", ClubRealm.VISITS + "/" + id, "")
                        .expect(200)
                        .json()
                        .get("visit"))
                .get("status");
    }
}
