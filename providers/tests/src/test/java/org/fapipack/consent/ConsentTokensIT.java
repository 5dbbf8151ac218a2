package org.fapipack.consent;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.consent.PassRealm.DEVICE;
import static org.fapipack.consent.PassRealm.OTHER_USER;
import static org.fapipack.consent.PassRealm.SCOPES;
import static org.fapipack.consent.PassRealm.assertInvalidGrant;
import static org.fapipack.consent.PassRealm.claims;
import static org.fapipack.fixture.FapiRealm.USER;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.resource.TokenIntrospection;
import org.fapipack.testkit.server.OpenTransaction;
import org.fapipack.testkit.server.PostgresServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tokens live and die with the consent that they are for. */
class ConsentTokensIT {

    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";

    private static PassRealm passes;
    private static FapiRealm realm;
    private static FapiClient reader;

    @BeforeAll
    static void prepareRealm() {
        passes = PassRealm.prepare();
        realm = passes.realm();
        reader = passes.addReader(
                "reader",
                Map.of(
                        "pass_number",
                        "id",
                        "pass_until",
                        "end",
                        "pass_cards",
                        "accounts",
                        "pass_shelves",
                        "permissions",
                        "https://library.example.test/refresh_token_expires_at",
                        "refresh-token-end"));
    }

    @Test
    void tokensSayWhichConsentTheyAreForAndEndWithIt() {
        Instant end = Instant.now().plusSeconds(240).truncatedTo(ChronoUnit.SECONDS);
        String id = passes.lodge(reader, end, List.of("NOVELS", "MAPS"));

        Tokens tokens = passes.tokens(reader, realm.browser(), id, SCOPES + " maps poems", List.of("1", "3"));

        Map<String, Object> access = tokens.accessTokenClaims();
        assertThat(access).containsEntry("consent_id", id).containsEntry("exp", end.getEpochSecond());
        assertThat(scopes((String) access.get("scope")))
                .contains("openid", "accounts", "novels", "maps", "pass:" + id)
                .doesNotContain("poems", "atlases", "fapi-consent:" + id);
        assertThat(scopes(tokens.scope().orElseThrow())).isEqualTo(scopes((String) access.get("scope")));
        Map<String, Object> refresh = claims(tokens.refreshToken().orElseThrow());
        assertThat(refresh).containsEntry("consent_id", id).containsEntry("exp", end.getEpochSecond());
        assertThat((Long) tokens.exchange().json().get("refresh_expires_in")).isBetween(1L, 240L);
        assertThat((Long) tokens.exchange().json().get("expires_in")).isBetween(1L, 240L);
        Map<String, Object> idToken = claims(tokens.idToken().orElseThrow());
        for (Map<String, Object> told : List.of(
                access,
                idToken,
                tokens.exchange().json(),
                passes.userInfo(reader, tokens.accessToken()).expect(200).json())) {
            assertThat(told)
                    .containsEntry("pass_number", id)
                    .containsEntry("pass_until", end.getEpochSecond())
                    .containsEntry("pass_cards", List.of("1", "3"))
                    .containsEntry("https://library.example.test/refresh_token_expires_at", end.getEpochSecond());
            assertThat((List<?>) told.get("pass_shelves")).hasSize(2);
            assertThat(Set.copyOf((List<?>) told.get("pass_shelves"))).isEqualTo(Set.of("NOVELS", "MAPS"));
        }
        TokenIntrospection introspected = passes.introspect(tokens.accessToken());
        assertThat(introspected.active()).isTrue();
        assertThat(introspected.members())
                .containsEntry("consent_id", id)
                .doesNotContainKeys("pass_cards", "pass_shelves");

        Tokens refreshed = reader.refresh(tokens.refreshToken().orElseThrow());
        assertThat(refreshed.accessTokenClaims())
                .containsEntry("consent_id", id)
                .containsEntry("exp", end.getEpochSecond())
                .containsEntry("pass_cards", List.of("1", "3"));
        assertThat(scopes(refreshed.scope().orElseThrow()))
                .isEqualTo(scopes(tokens.scope().orElseThrow()))
                .isEqualTo(scopes((String) refreshed.accessTokenClaims().get("scope")));
        assertThat(claims(refreshed.refreshToken().orElseThrow()))
                .containsEntry("consent_id", id)
                .containsEntry("exp", end.getEpochSecond());
        assertThat(claims(refreshed.idToken().orElseThrow())).containsEntry("pass_number", id);
        passes.assertAlive(reader, refreshed);
    }

    @Test
    void theIdTokenOfTheFrontChannelTellsIt() {
        FapiClient hybrid = passes.consents().member(realm.addUnboundClient("hybrid-reader")).toBuilder()
                .bindsTokensTo(SigningKey.generate(ES256))
                .build();
        realm.admin().addOptionalScope(realm.name(), "hybrid-reader", passes.scopeId("novels"));
        realm.admin()
                .updateClient(
                        realm.name(), "hybrid-reader", Map.of("consentRequired", false, "implicitFlowEnabled", true));
        passes.mapper("hybrid-reader", "pass_number", "id").expect(201);
        passes.mapper("hybrid-reader", "refresh_until", "refresh-token-end").expect(201);
        Instant end = Instant.now().plusSeconds(1000).truncatedTo(ChronoUnit.SECONDS);
        String id = passes.lodge(hybrid, end, List.of("NOVELS"));
        PendingAuthorization pending = hybrid.begin();

        Form answer = realm.browser()
                .open(hybrid.authorizationUrl(hybrid.plainParameters(pending)
                        .set("response_type", "code id_token")
                        .set("scope", SCOPES + " pass:" + id)))
                .logIn(USER, FapiRealm.PASSWORD)
                .submit("version", Form.of("decision", "approve", "account", "1"))
                .redirect()
                .parameters();

        assertThat(claims(answer.first("id_token").orElseThrow()))
                .containsEntry("pass_number", id)
                .containsEntry("refresh_until", end.getEpochSecond());
        Tokens tokens = hybrid.redeem(answer.first("code").orElseThrow(), pending);
        assertThat(tokens.accessTokenClaims()).containsEntry("consent_id", id);
        passes.assertAlive(hybrid, tokens);
        passes.revoke(hybrid, id);
        passes.assertDead(hybrid, tokens);
    }

    /** A scope that every token of the client has is in no request, so nothing was asked for it when the browser came. */
    @Test
    void noTokenComesThroughTheFrontChannelForAGuardedDefaultScope() {
        FapiClient hybrid = passes.consents().member(realm.addUnboundClient("implicit-reader"));
        realm.admin().addDefaultScope(realm.name(), "implicit-reader", passes.scopeId("novels"));
        realm.admin()
                .updateClient(
                        realm.name(), "implicit-reader", Map.of("consentRequired", false, "implicitFlowEnabled", true));

        Page page = realm.browser()
                .open(hybrid.authorizationUrl(hybrid.plainParameters(hybrid.begin())
                        .set("response_type", "id_token token")
                        .set("scope", "openid")))
                .logIn(USER, FapiRealm.PASSWORD);

        assertThat(page.isClientRedirect()).as(page.toString()).isFalse();
        assertThat(page.status()).as(page.html()).isEqualTo(400);
        assertThat(page.html()).doesNotContain("access_token");
    }

    /** What only a resource server with leave sees: the claims of the mappers. */
    @Test
    void aResourceServerSeesAccountsWhereItMay() {
        realm.admin()
                .setClientAttribute(realm.name(), FapiRealm.ACCOUNTS_API, "fapi.introspection.claims", "pass_cards");
        try {
            String id = passes.lodge(reader, "NOVELS");
            Tokens tokens = passes.tokens(reader, realm.browser(), id, SCOPES, List.of("2"));

            assertThat(passes.introspect(tokens.accessToken()).members())
                    .containsEntry("pass_cards", List.of("2"))
                    .containsEntry("consent_id", id)
                    .doesNotContainKey("pass_shelves");
        } finally {
            realm.admin().setClientAttribute(realm.name(), FapiRealm.ACCOUNTS_API, "fapi.introspection.claims", "");
        }
    }

    @Test
    void whatAClientRevokesIsOverAtTheNextRequest(TestReporter report) {
        String id = passes.lodge(reader, "NOVELS");
        Tokens tokens = passes.tokens(reader, id);
        Tokens refreshed = reader.refresh(tokens.refreshToken().orElseThrow());
        passes.assertAlive(reader, tokens);

        Instant sent = Instant.now();
        passes.revoke(reader, id);
        Instant answered = Instant.now();
        assertThat(passes.introspect(tokens.accessToken()).active()).isFalse();
        report.publishEntry(Map.of(
                "milliseconds until the revocation was answered", millisecondsBetween(sent, answered),
                "milliseconds until the next request found the token dead", millisecondsBetween(sent, Instant.now())));

        passes.assertDead(reader, tokens);
        passes.assertDead(reader, refreshed);
        assertThat(passes.stage(reader, id)).isEqualTo("TORN_UP");
    }

    private static String millisecondsBetween(Instant start, Instant end) {
        return Long.toString(Duration.between(start, end).toMillis());
    }

    /** All within a second, where the machine is fast enough: the time of issue tells nothing. */
    @Test
    void agreeingAgainAfterARevocationDoesNotReviveWhatWasBefore() {
        String id = passes.lodge(reader, "NOVELS");
        Tokens before = passes.tokens(reader, id);
        PendingAuthorization pending = reader.begin();
        String code = passes.code(
                reader, realm.browser(), USER, pending, passes.request(reader, pending, id, SCOPES), List.of("1"));
        passes.revoke(reader, id);

        Tokens after = passes.tokens(reader, id);

        passes.assertDead(reader, before);
        assertInvalidGrant(reader.codeRequest(code, pending).send());
        passes.assertAlive(reader, after);
        assertThat(before.accessTokenClaims()).containsEntry("consent_id", id).containsEntry("consent_grant", 1L);
        assertThat(claims(after.refreshToken().orElseThrow()))
                .containsEntry("consent_id", id)
                .containsEntry("consent_grant", 2L);
        passes.revoke(reader, id);
        passes.assertDead(reader, after);
    }

    @Test
    void agreeingAgainToAConsentInForceLeavesItsTokens() {
        String id = passes.lodge(reader, "NOVELS");
        Tokens before = passes.tokens(reader, id);

        Tokens after = passes.tokens(reader, realm.browser(), id, SCOPES, List.of("2"));

        passes.assertAlive(reader, before);
        passes.assertAlive(reader, after);
        assertThat(reader.refresh(before.refreshToken().orElseThrow()).accessTokenClaims())
                .containsEntry("pass_cards", List.of("2"));
    }

    @Test
    void oneOfTwoConsentsInABrowserSessionCanBeRevoked() {
        Browser browser = realm.browser();
        String novels = passes.lodge(reader, "NOVELS");
        String maps = passes.lodge(reader, "MAPS");
        Tokens forNovels = passes.tokens(reader, browser, novels, SCOPES, List.of("1"));
        Tokens forMaps = passes.tokens(reader, browser, maps, "openid accounts maps atlases", List.of("2", "4"));
        assertThat(browser.history())
                .filteredOn(exchange -> exchange.body().contains("name=\"username\""))
                .as("signed in once")
                .hasSize(1);
        assertThat(forNovels.accessTokenClaims().get("sid"))
                .isEqualTo(forMaps.accessTokenClaims().get("sid"));
        passes.assertAlive(reader, forNovels);

        passes.revoke(reader, maps);

        passes.assertDead(reader, forMaps);
        passes.assertAlive(reader, forNovels);
        Tokens refreshed = reader.refresh(forNovels.refreshToken().orElseThrow());
        assertThat(refreshed.accessTokenClaims())
                .containsEntry("consent_id", novels)
                .containsEntry("pass_cards", List.of("1"));
        assertThat(scopes(refreshed.scope().orElseThrow())).doesNotContain("maps", "atlases");
    }

    @Test
    void tokensOutliveTheSessionInTheBrowser() {
        Tokens tokens = passes.tokens(reader, passes.lodge(reader, "NOVELS"));

        realm.admin()
                .deleteSession(realm.name(), (String) tokens.accessTokenClaims().get("sid"));

        passes.assertAlive(reader, tokens);
    }

    @Test
    void aCodeIsOverWithItsConsent() {
        String id = passes.lodge(reader, "NOVELS");
        PendingAuthorization pending = reader.begin();
        String code = passes.code(
                reader, realm.browser(), USER, pending, passes.request(reader, pending, id, SCOPES), List.of("1"));
        passes.revoke(reader, id);

        assertInvalidGrant(reader.codeRequest(code, pending).send());
    }

    @Test
    void whatEndsByTimeIsOver() throws Exception {
        Instant end = Instant.now().plusSeconds(15);
        String id = passes.lodge(reader, end, List.of("NOVELS"));
        Tokens tokens = passes.tokens(reader, id);
        assertThat(tokens.accessTokenClaims()).containsEntry("exp", end.getEpochSecond());
        passes.assertAlive(reader, tokens);

        Thread.sleep(
                Math.max(0, Duration.between(Instant.now(), end.plusSeconds(1)).toMillis()));

        passes.assertDead(reader, tokens);
        assertThat(passes.stage(reader, id)).isEqualTo("YELLOWED");
    }

    @Test
    void aConsentWithoutAnEndHasTokensThatAreNotCut() {
        String id = passes.lodgeLasting(reader);
        PendingAuthorization pending = reader.begin();
        String code = passes.code(
                reader,
                realm.browser(),
                USER,
                pending,
                reader.requestObject(pending)
                        .claim("scope", "openid papers")
                        .claim("claims", "{\"id_token\":{\"lasting_pass\":{\"value\":\"" + id + "\"}}}"),
                List.of());
        Tokens tokens = reader.redeem(code, pending);

        assertThat(tokens.accessTokenClaims())
                .containsEntry("consent_id", id)
                .doesNotContainKeys("pass_until", "https://library.example.test/refresh_token_expires_at");
        assertThat(claims(tokens.refreshToken().orElseThrow()))
                .containsEntry("consent_id", id)
                .doesNotContainKey("exp");
        assertThat(scopes(tokens.scope().orElseThrow())).doesNotContain("pass:" + id);
    }

    @Test
    void anothersConsentCannotBeSmuggledIn() {
        FapiClient other = passes.addReader("another-reader", Map.of());
        String others = passes.lodge(other, "NOVELS");
        passes.tokens(other, others);
        PendingAuthorization pending = reader.begin();

        Exchange named = reader.pushedAuthorizationRequest(passes.request(reader, pending, others, SCOPES))
                .send();
        Exchange forged = reader.pushedAuthorizationRequest(
                        reader.requestObject(pending).claim("scope", SCOPES + " fapi-consent:" + others))
                .send();

        for (Exchange refused : List.of(named, forged)) {
            assertThat(refused.status()).isEqualTo(400);
        }
    }

    @Test
    void anothersRefreshTokenIsNotTaken() {
        FapiClient other = passes.addReader("third-reader", Map.of());
        Tokens tokens = passes.tokens(reader, passes.lodge(reader, "NOVELS"));

        assertInvalidGrant(
                other.refreshRequest(tokens.refreshToken().orElseThrow()).send());
        passes.assertAlive(reader, tokens);
    }

    @Test
    void aConsentOfAnotherCustomerIsNotForThisOne() {
        String id = passes.lodge(reader, "NOVELS");
        passes.tokens(reader, id);
        PendingAuthorization pending = reader.begin();

        assertThat(realm.browser()
                        .open(reader.authorizationUrl(reader.push(passes.request(reader, pending, id, SCOPES))
                                .requestUri()))
                        .logIn(OTHER_USER, FapiRealm.PASSWORD)
                        .isClientRedirect())
                .isFalse();
    }

    @Test
    void whatWasIssuedBeforeThereWereConsentsIsNotRefreshed() {
        FapiClient old = realm.addDpopClient("old-reader");
        realm.admin().addOptionalScope(realm.name(), "old-reader", passes.scopeId("novels"));
        realm.admin().updateClient(realm.name(), "old-reader", Map.of("consentRequired", false));
        FapiClient wants = old.toBuilder().scope(SCOPES).build();
        switchConsents(false);
        Tokens tokens;
        try {
            tokens = realm.tokensFor(wants);
            assertThat(wants.refresh(tokens.refreshToken().orElseThrow()).accessToken())
                    .isNotEmpty();
        } finally {
            switchConsents(true);
        }
        Tokens harmless =
                realm.tokensFor(old.toBuilder().scope("openid accounts").build());
        assertInvalidGrant(
                wants.refreshRequest(tokens.refreshToken().orElseThrow()).send());

        passes.consents().member(old);

        assertInvalidGrant(
                wants.refreshRequest(tokens.refreshToken().orElseThrow()).send());
        assertInvalidGrant(wants.refreshRequest(tokens.refreshToken().orElseThrow())
                .set("scope", "openid")
                .send());
        assertThat(old.refresh(harmless.refreshToken().orElseThrow()).accessToken())
                .isNotEmpty();
    }

    @Test
    void whatAClientHasIsOverWhenNoPolicyKnowsItsConsentsAnyMore() {
        FapiClient leaver = passes.addReader("leaving-reader", Map.of());
        String id = passes.lodge(leaver, "NOVELS");
        Tokens tokens = passes.tokens(leaver, id);
        passes.assertAlive(leaver, tokens);
        String member = ConsentRealm.MEMBER;

        realm.admin().setClientAttribute(realm.name(), leaver.clientId(), member, "false");

        passes.assertDead(leaver, tokens);
        realm.admin().setClientAttribute(realm.name(), leaver.clientId(), member, "true");
        passes.assertAlive(leaver, tokens);
    }

    /** Whoever came past the policies of consents does not get without one what others need one for. */
    @Test
    void aClientUnderNoPolicyNeedsAConsentUnlessAnAdministratorSaysOtherwise() {
        FapiClient plain = realm.addDpopClient("teller");
        realm.admin().addOptionalScope(realm.name(), "teller", passes.scopeId("novels"));
        realm.admin().updateClient(realm.name(), "teller", Map.of("consentRequired", false));
        FapiClient teller = plain.toBuilder().scope(SCOPES).build();

        PendingAuthorization pending = teller.begin();
        String code = realm.codeFor(teller, pending);
        assertInvalidGrant(teller.codeRequest(code, pending).send());
        assertThat(scopes(realm.tokensFor(plain).scope().orElseThrow())).contains("accounts");

        realm.admin().setClientAttribute(realm.name(), "teller", "fapi.consent.exempt", "true");
        Tokens tokens = realm.tokensFor(teller);
        assertThat(scopes(tokens.scope().orElseThrow())).contains("novels");
        assertThat(tokens.accessTokenClaims()).doesNotContainKey(ConsentBinding.CLAIM);
        passes.assertAlive(teller, tokens);

        realm.admin().setClientAttribute(realm.name(), "teller", "fapi.consent.exempt", "yes");
        assertInvalidGrant(
                teller.refreshRequest(tokens.refreshToken().orElseThrow()).send());

        // the mark takes nobody out of a policy
        realm.admin().setClientAttribute(realm.name(), "teller", "fapi.consent.exempt", "true");
        passes.consents().member(plain);
        assertInvalidGrant(
                teller.refreshRequest(tokens.refreshToken().orElseThrow()).send());
        Exchange pushed = teller.pushedAuthorizationRequest(teller.requestObject(teller.begin()))
                .send();
        assertThat(pushed.status()).as(pushed.body()).isEqualTo(400);
        assertThat(pushed.error()).contains("invalid_request");
    }

    /** Before somebody takes the JAR out, they switch the policies off: what is revoked must not come back to life by that. */
    @Test
    void whatARealmHasIsOverWhenItUsesNoConsentsAnyMore() {
        FapiClient holder = passes.addReader("holder", Map.of());
        String id = passes.lodge(holder, "NOVELS");
        Tokens kept = passes.tokens(holder, id);
        String ended = passes.lodge(holder, "NOVELS");
        Tokens revoked = passes.tokens(holder, ended);
        passes.revoke(holder, ended);
        FapiClient namesake = realm.addDpopClient("namesake");
        passes.hardcodedClaim("namesake", ConsentBinding.CLAIM, id);

        switchConsents(false);
        try {
            passes.assertDead(holder, revoked);
            passes.assertDead(holder, kept);
            // a claim of that name that somebody else puts into tokens has no meaning
            Tokens foreign = realm.tokensFor(namesake);
            assertThat(foreign.accessTokenClaims()).containsEntry(ConsentBinding.CLAIM, id);
            passes.assertAlive(namesake, foreign);
        } finally {
            switchConsents(true);
        }
        passes.assertAlive(holder, kept);
        passes.assertDead(holder, revoked);
    }

    private static void switchConsents(boolean on) {
        List<Map<String, Object>> policies = new ArrayList<>(realm.admin().clientPolicies(realm.name()));
        policies.stream()
                .filter(policy -> "library".equals(policy.get("name")))
                .findFirst()
                .orElseThrow()
                .put("enabled", on);
        realm.admin().setClientPolicies(realm.name(), policies);
    }

    @Test
    void aClientGetsATokenForItselfWithoutAConsent() {
        assertThat(scopes(reader.clientCredentials("novels").scope().orElseThrow()))
                .contains("novels");
    }

    @Test
    void aRefreshMayNameTheScopesThatWereGranted() {
        String id = passes.lodge(reader, "NOVELS");
        Tokens tokens = passes.tokens(reader, id);
        String refreshToken = tokens.refreshToken().orElseThrow();

        Exchange same = reader.refreshRequest(refreshToken)
                .set("scope", tokens.scope().orElseThrow())
                .send();
        Exchange less = reader.refreshRequest(refreshToken)
                .set("scope", "openid accounts pass:" + id)
                .send();
        Exchange another = reader.refreshRequest(refreshToken)
                .set("scope", "openid pass:" + passes.lodge(reader, "NOVELS"))
                .send();

        assertThat(scopes((String) same.expect(200).json().get("scope")))
                .isEqualTo(scopes(tokens.scope().orElseThrow()));
        assertThat(scopes((String) less.expect(200).json().get("scope")))
                .contains("accounts", "pass:" + id)
                .doesNotContain("novels");
        assertThat(another.status()).isEqualTo(400);
        assertThat(another.error()).contains("invalid_scope");
    }

    @Test
    void aScopeThatIsBeyondTheConsentIsNotGrantedBecauseEveryTokenOfTheClientHasIt() {
        FapiClient careless = passes.addReader("careless-reader", Map.of());
        String poems = passes.scopeId("poems");
        Object clientId = realm.admin().client(realm.name(), "careless-reader").get("id");
        realm.admin()
                .delete("/" + realm.name() + "/clients/" + clientId + "/optional-client-scopes/" + poems)
                .expect(204);
        realm.admin().addDefaultScope(realm.name(), "careless-reader", poems);
        String id = passes.lodge(careless, "NOVELS");
        PendingAuthorization pending = careless.begin();
        String code = passes.code(
                careless, realm.browser(), USER, pending, passes.request(careless, pending, id, SCOPES), List.of("1"));

        assertInvalidGrant(careless.codeRequest(code, pending).send());
    }

    @ParameterizedTest
    @CsvSource({
        "urn:ietf:params:oauth:grant-type:token-exchange,subject_token",
        "urn:ietf:params:oauth:grant-type:token-exchange,actor_token",
        "urn:ietf:params:oauth:grant-type:jwt-bearer,assertion",
        "urn:ietf:params:oauth:grant-type:uma-ticket,claim_token",
        "urn:ietf:params:oauth:grant-type:uma-ticket,subject_token",
        "urn:ietf:params:oauth:grant-type:uma-ticket,rpt",
    })
    void aTokenForAConsentIsNotTradedForAnother(String grant, String parameter) {
        realm.admin().setClientAttribute(realm.name(), reader.clientId(), "standard.token.exchange.enabled", "true");
        String id = passes.lodge(reader, "NOVELS");
        Tokens tokens = passes.tokens(reader, id);
        Form form = Form.of("grant_type", grant, "scope", "openid accounts", "audience", reader.clientId())
                .add("subject_token_type", ACCESS_TOKEN)
                .set(parameter, tokens.accessToken());

        for (String token : List.of(tokens.accessToken(), "\u0007" + tokens.accessToken())) {
            Exchange answer = reader.tokenRequest(form.set(parameter, token)).send();

            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.error()).contains("invalid_request");
            assertThat(answer.errorDescription()).contains("a token that is for a consent cannot be exchanged");
        }
        passes.assertAlive(reader, tokens);
    }

    @Test
    void aTokenForAConsentOpensNoPermissionTicket() {
        Tokens tokens = passes.tokens(reader, passes.lodge(reader, "NOVELS"));

        Exchange answer = reader.tokenRequest(Form.of(
                        "grant_type", "urn:ietf:params:oauth:grant-type:uma-ticket", "audience", reader.clientId()))
                .withoutClientAssertion()
                .header("Authorization", "DPoP " + tokens.accessToken())
                .send();

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error()).contains("invalid_request");
    }

    @Test
    void aTokenForNoConsentIsExchangedAsEver() {
        realm.admin().setClientAttribute(realm.name(), reader.clientId(), "standard.token.exchange.enabled", "true");
        Tokens tokens =
                realm.tokensFor(reader.toBuilder().scope("openid accounts").build());

        Exchange answer = reader.tokenRequest(Form.of(
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:token-exchange",
                        "subject_token",
                        tokens.accessToken(),
                        "subject_token_type",
                        ACCESS_TOKEN,
                        "scope",
                        "openid accounts"))
                .send();
        Exchange wider = reader.tokenRequest(Form.of(
                        "grant_type",
                        "urn:ietf:params:oauth:grant-type:token-exchange",
                        "subject_token",
                        tokens.accessToken(),
                        "subject_token_type",
                        ACCESS_TOKEN,
                        "scope",
                        SCOPES))
                .send();

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertInvalidGrant(wider);
    }

    @Test
    @Requirement("BR-CONSENT-10")
    void aConsentIsRenewedWithItsCustomersToken() {
        Instant first = inSeconds(600);
        String id = passes.lodge(reader, first, List.of("NOVELS"));
        Tokens tokens = passes.tokens(reader, realm.browser(), id, SCOPES, List.of("1", "2"));
        Tokens others = passes.tokens(reader, passes.lodge(reader, "NOVELS"));
        assertThat(passes.renewals(reader, id)).isEmpty();

        Instant second = inSeconds(172_000);
        Exchange renewed = passes.renewUntil(reader, tokens.accessToken(), id, second);

        assertThat(renewed.status()).as(renewed.body()).isEqualTo(201);
        assertThat(renewed.mediaType()).isEqualTo("application/json");
        assertThat(renewed.header("cache-control")).contains("no-store");
        assertThat(Json.object(renewed.json().get("pass")))
                .containsEntry("number", id)
                .containsEntry("stage", "STAMPED")
                .containsEntry("until", second.toString());
        assertThat(passes.until(reader, id)).isEqualTo(second.toString());
        passes.assertAlive(reader, tokens);
        Tokens refreshed = reader.refresh(tokens.refreshToken().orElseThrow());
        assertThat(claims(refreshed.refreshToken().orElseThrow()))
                .containsEntry("consent_id", id)
                .containsEntry("exp", second.getEpochSecond());
        assertThat(refreshed.accessTokenClaims()).containsEntry("pass_cards", List.of("1", "2"));

        Instant third = inSeconds(1200);
        passes.renewUntil(reader, refreshed.accessToken(), id, third).expect(201);

        List<Map<String, Object>> renewals = passes.renewals(reader, id);
        assertThat(renewals)
                .hasSize(2)
                .allSatisfy(renewal -> assertThat(renewal)
                        .containsOnlyKeys("asked", "until", "before", "device")
                        .containsEntry("device", "an old phone"));
        assertThat(renewals)
                .extracting(renewal -> renewal.get("before") + " to " + renewal.get("until"))
                .containsExactly(second + " to " + third, first + " to " + second);
        List<Map<String, Object>> history = passes.consents().history(id);
        assertThat(history.get(history.size() - 1))
                .containsEntry("by", "client")
                .containsEntry("from", "authorised")
                .containsEntry("to", "authorised")
                .containsEntry("extension", renewals.get(0));
        passes.assertAlive(reader, others);

        // What has no end from then on ends when the type says so.
        Exchange endless =
                passes.renew(reader, refreshed.accessToken(), id, DEVICE, "{}").expect(201);
        assertThat(Instant.parse(
                        (String) Json.object(endless.json().get("pass")).get("until")))
                .isBetween(inSeconds(86_400 - 600), inSeconds(86_400 + 1));
    }

    private static Instant inSeconds(long seconds) {
        return Instant.now().plusSeconds(seconds).truncatedTo(ChronoUnit.SECONDS);
    }

    @Test
    @Requirement("BR-CONSENT-10")
    void nobodyElseRenewsAConsent() {
        FapiClient other = passes.addReader("renewing-reader", Map.of());
        Instant end = inSeconds(600);
        String id = passes.lodge(reader, end, List.of("NOVELS"));
        String another = passes.lodge(reader, "NOVELS");
        Tokens tokens = passes.tokens(reader, id);
        String othersToken = passes.tokens(other, passes.lodge(other, "NOVELS")).accessToken();
        String anothersToken = passes.tokens(reader, another).accessToken();
        String ownToken = reader.clientCredentials(ConsentRealm.SCOPE).accessToken();
        Instant later = inSeconds(1200);

        assertRefused(403, "access_denied", passes.renewUntil(reader, ownToken, id, later));
        assertRefused(403, "access_denied", passes.renewUntil(reader, anothersToken, id, later));
        assertRefused(403, "access_denied", passes.renewUntil(reader, anothersToken, "urn:library:none", later));
        assertRefused(403, "access_denied", passes.renewUntil(other, othersToken, id, later));
        Exchange stolen = passes.renewUntil(other, tokens.accessToken(), id, later);
        assertRefused(401, "invalid_token", stolen);
        assertThat(stolen.header("www-authenticate").orElse("")).contains("invalid_token");
        // Nor does the customer's token do what the client's own does.
        String path = PassRealm.PASSES + "/" + id;
        for (String method : List.of("GET", "DELETE")) {
            assertRefused(
                    403,
                    "access_denied",
                    passes.consents().call(reader, tokens.accessToken(), method, path, Headers.none(), ""));
        }
        assertRefused(
                403,
                "access_denied",
                passes.consents().call(reader, tokens.accessToken(), "GET", path + "/renewals", Headers.none(), ""));
        assertRefused(404, "not_found", passes.consents().call(other, "GET", path + "/renewals", ""));

        assertThat(passes.until(reader, id)).isEqualTo(end.toString());
        passes.renewUntil(reader, tokens.accessToken(), id, later).expect(201);
    }

    @Test
    @Requirement("BR-CONSENT-10")
    void whatIsWrongWithARenewalIsSaid() {
        String id = passes.lodge(reader, inSeconds(600), List.of("NOVELS"));
        String token = passes.tokens(reader, id).accessToken();
        String good = "{\"until\":\"%s\"}".formatted(inSeconds(1200));

        assertRefused(422, "BAD_DATE", passes.renewUntil(reader, token, id, inSeconds(-1)));
        assertRefused(422, "BAD_DATE", passes.renewUntil(reader, token, id, inSeconds(172_800 + 600)));
        assertRefused(403, "access_denied", passes.renew(reader, token, id, DEVICE, "{\"reader\":\"ann\"}"));
        assertRefused(400, "invalid_request", passes.renew(reader, token, id, Headers.none(), good));
        assertRefused(400, "invalid_request", passes.renew(reader, token, id, DEVICE, "{\"shelves\":[\"MAPS\"]}"));
        assertRefused(400, "invalid_request", passes.renew(reader, token, id, DEVICE, "{\"until\":\"soon\"}"));
        assertRefused(
                415,
                "invalid_request",
                passes.renew(reader, token, id, DEVICE.add("Content-Type", "text/plain"), good));
        assertRefused(413, "invalid_request", passes.renew(reader, token, id, DEVICE, good + " ".repeat(1024)));
        assertThat(passes.renewals(reader, id)).isEmpty();

        String joint = passes.lodge(reader, inSeconds(600), List.of("NOVELS"), "club");
        assertRefused(
                409,
                "invalid_state",
                passes.renew(
                        reader, passes.tokens(reader, joint).accessToken(), joint, DEVICE, "{\"reader\":\"club\"}"));

        passes.revoke(reader, id);
        assertRefused(422, "NOT_STAMPED", passes.renew(reader, token, id, DEVICE, good));
        Tokens again = passes.tokens(reader, id);
        assertRefused(401, "invalid_token", passes.renew(reader, token, id, DEVICE, good));
        passes.renew(reader, again.accessToken(), id, DEVICE, good).expect(201);
    }

    @Test
    @Requirement("BR-CONSENT-10")
    void aClientThatRenewsCannotKeepItsCustomerFromRevoking() {
        MyConsentsClient page = MyConsentsClient.addTo(realm);
        String id = passes.lodge(reader, inSeconds(600), List.of("NOVELS"));
        Browser browser = realm.browser();
        Tokens tokens = passes.tokens(reader, browser, id, SCOPES, List.of("1"));
        browser.open(page.details(id));
        Page shown = browser.open(page.revocation(id));
        passes.renewUntil(reader, tokens.accessToken(), id, inSeconds(1200)).expect(201);

        Page revoked = shown.submit("token", Form.empty());

        assertThat(revoked.text()).contains("Withdrawn By you");
        assertInvalidGrant(
                reader.refreshRequest(tokens.refreshToken().orElseThrow()).send());
        assertRefused(422, "NOT_STAMPED", passes.renewUntil(reader, tokens.accessToken(), id, inSeconds(1500)));
    }

    @Test
    @Requirement("BR-CONSENT-10")
    @EnabledIfSystemProperty(named = "keycloak.database", matches = "postgres")
    void aConsentIsRenewedAThousandTimesAtMost() {
        String id = passes.lodge(reader, inSeconds(600), List.of("NOVELS"));
        String token = passes.tokens(reader, id).accessToken();
        KeycloakUnderTest.running().sql("""
                insert into fapi_consent_event (id, consent_id, version, happened_at, actor, to_state, extension)
                select md5('%s' || n), '%s', -n, 0, 'client', 'authorised', '{}' from generate_series(1, 999) n\
                """.formatted(id, id));

        passes.renewUntil(reader, token, id, inSeconds(1200)).expect(201);

        assertRefused(422, "NOT_STAMPED", passes.renewUntil(reader, token, id, inSeconds(1300)));
        assertThat(passes.renewals(reader, id)).hasSize(1_000);
        passes.revoke(reader, id);
    }

    @Test
    @Requirement("BR-CONSENT-10")
    void aRenewalThatIsSentAgainIsNotASecondOne() {
        String id = passes.lodge(reader, inSeconds(600), List.of("NOVELS"));
        String token = passes.tokens(reader, id).accessToken();
        Headers key = DEVICE.add("x-slip", "slip-1");
        String pass = "{\"until\":\"%s\"}".formatted(inSeconds(1200));

        Exchange first = passes.renew(reader, token, id, key, pass).expect(201);
        Exchange second = passes.renew(reader, token, id, key, pass).expect(201);

        assertThat(second.json()).isEqualTo(first.json());
        assertThat(passes.renewals(reader, id)).hasSize(1);
        assertRefused(409, "invalid_request", passes.renew(reader, token, id, key, "{}"));
    }

    /** Both have read the consent before one of them can write it. */
    @Test
    @Requirement("BR-CONSENT-10")
    @EnabledIfSystemProperty(named = "keycloak.database", matches = "postgres")
    void ofTwoRenewalsAtTheSameTimeOneSucceedsAndTheOtherCanBeSentAgain() throws Exception {
        String id = passes.lodge(reader, inSeconds(600), List.of("NOVELS"));
        String token = passes.tokens(reader, id).accessToken();
        Instant end = inSeconds(1200);
        List<Exchange> answers = twoAtATime(
                "select 1 from fapi_consent where id = '%s' for update".formatted(id),
                () -> passes.renewUntil(reader, token, id, end));

        assertThat(answers.get(0).status()).as(answers.get(0).body()).isEqualTo(201);
        assertRefused(409, "invalid_request", answers.get(1));
        assertThat(passes.renewals(reader, id)).hasSize(1);
        assertThat(passes.until(reader, id)).isEqualTo(end.toString());

        Instant later = inSeconds(2400);
        passes.renewUntil(reader, token, id, later).expect(201);
        assertThat(passes.renewals(reader, id)).hasSize(2);
        assertThat(passes.until(reader, id)).isEqualTo(later.toString());
    }

    /** The key was used more than a day ago. */
    @Test
    @EnabledIfSystemProperty(named = "keycloak.database", matches = "postgres")
    void ofTwoThatUseAnOldKeyAgainAtTheSameTimeOneSucceeds() throws Exception {
        String id = passes.lodge(reader, inSeconds(600), List.of("NOVELS"));
        String token = passes.tokens(reader, id).accessToken();
        Headers key = DEVICE.add("x-slip", "old-slip");
        passes.renew(reader, token, id, key, "{\"until\":\"%s\"}".formatted(inSeconds(1200)))
                .expect(201);
        KeycloakUnderTest.running()
                .sql("update fapi_consent_key set created_at = created_at - 86400 where consent_id = '%s'"
                        .formatted(id));
        String pass = "{\"until\":\"%s\"}".formatted(inSeconds(1300));

        List<Exchange> answers = twoAtATime(
                "select 1 from fapi_consent_key where consent_id = '%s' for update".formatted(id),
                () -> passes.renew(reader, token, id, key, pass));

        assertThat(answers.get(0).status()).as(answers.get(0).body()).isEqualTo(201);
        assertRefused(409, "invalid_request", answers.get(1));
        assertThat(passes.renewals(reader, id)).hasSize(2);
        passes.renew(reader, token, id, key, pass).expect(201);
        assertThat(passes.renewals(reader, id)).as("the same again").hasSize(2);
    }

    /** Both requests have come to the rows that the statement holds before one of them can go on. The answers by their status. */
    private static List<Exchange> twoAtATime(String hold, Callable<Exchange> request) throws Exception {
        List<Exchange> answers = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Future<Exchange>> sent = new ArrayList<>();
            try (OpenTransaction rows = PostgresServer.running().hold(hold)) {
                for (int i = 0; i < 2; i++) {
                    sent.add(threads.submit(request));
                }
                rows.awaitWaiting(2);
            }
            for (Future<Exchange> answer : sent) {
                answers.add(answer.get());
            }
        } finally {
            threads.shutdownNow();
        }
        answers.sort(Comparator.comparing(Exchange::status));
        return answers;
    }

    /** A refresh token that does not rotate says the end that was known when it was made. */
    @Test
    @Requirement("BR-CONSENT-10")
    void aRefreshTokenLivesAsLongAsTheRenewedConsent() throws InterruptedException {
        String id = passes.lodge(reader, "NOVELS");
        Tokens tokens = passes.tokens(reader, id);
        // How long three requests take nobody knows: where it was too long, there is more time.
        for (int seconds = 3; seconds < 100; seconds *= 3) {
            Instant soon = inSeconds(seconds);
            passes.renewUntil(reader, tokens.accessToken(), id, soon).expect(201);
            Exchange refreshed =
                    reader.refreshRequest(tokens.refreshToken().orElseThrow()).send();
            Exchange renewed = passes.renewUntil(reader, tokens.accessToken(), id, inSeconds(3600));
            if (refreshed.status() == 200 && renewed.status() == 201) {
                String refreshToken = (String) refreshed.json().get("refresh_token");
                assertThat(claims(refreshToken)).containsEntry("exp", soon.getEpochSecond());
                Thread.sleep(
                        Duration.between(Instant.now(), soon.plusSeconds(2)).toMillis());

                Tokens alive = reader.refresh(refreshToken);
                passes.assertAlive(reader, alive);
                passes.revoke(reader, id);
                assertInvalidGrant(reader.refreshRequest(refreshToken).send());
                return;
            }
            id = passes.lodge(reader, "NOVELS");
            tokens = passes.tokens(reader, id);
        }
        throw new AssertionError("three requests took longer than 81 seconds");
    }

    private static void assertRefused(int status, String error, Exchange answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).as(answer.body()).contains(error);
    }

    @ParameterizedTest
    @CsvSource({
        "whatever, name",
        "id, exp",
        "id, consent_id",
        "id, 'with blank'",
        "id, ''",
        "'', name",
    })
    void aMapperThatCannotWorkIsNotSaved(String value, String claim) {
        Exchange answer = passes.mapper(reader.clientId(), claim, value);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    }

    @Test
    void anAdministratorFindsTheMapper() {
        List<Map<String, Object>> mappers =
                Json.objects((List<?>) Json.object(realm.admin().serverInfo().get("protocolMapperTypes"))
                        .get("openid-connect"));
        Map<String, Object> ours = mappers.stream()
                .filter(mapper -> "fapi-consent-claim".equals(mapper.get("id")))
                .findFirst()
                .orElseThrow();
        assertThat((String) ours.get("helpText")).endsWith(".");
        assertThat(Json.objects((List<?>) ours.get("properties")))
                .extracting(property -> property.get("name"))
                .contains(
                        "consent.value",
                        "claim.name",
                        "id.token.claim",
                        "access.token.claim",
                        "userinfo.token.claim",
                        "introspection.token.claim",
                        "access.tokenResponse.claim");
    }

    private static Set<String> scopes(String scope) {
        return Set.copyOf(Arrays.asList(scope.split(" ", -1)));
    }
}
