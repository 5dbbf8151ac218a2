package org.fapipack.par;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.OpenDoorAuthenticator;
import org.fapipack.fixture.Requirement;
import org.fapipack.fixture.StoredRequestResourceFactory;
import org.fapipack.fixture.TestProviderJar;
import org.fapipack.testkit.admin.AdminApi;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.ClientRedirect;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.EndpointCall;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.PushedRequest;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.overlay.Sandbox;
import org.fapipack.testkit.server.Database;
import org.fapipack.testkit.server.DistributionKeycloak;
import org.fapipack.testkit.server.Ports;
import org.fapipack.testkit.tls.TestPki;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two browsers open one request_uri, the first finishes, then Keycloak restarts. The marks of use are gone with the single-use store;
 * the second browser's restart cookie brings its login back. Besides, what the store holds of a pushed request: this server has a provider
 * that tells.
 */
@EnabledIfSystemProperty(
        named = "keycloak.server",
        matches = "distribution",
        disabledReason = "only the distribution can be restarted")
class RestartIT {

    private static final String USER = "alice";
    private static final String PASSWORD = "correct horse battery staple";

    @TempDir
    private static Path databaseFolder;

    private static TestPki pki;
    private static DistributionKeycloak server;
    private static AdminApi admin;
    private static Scene guarded;
    private static Scene unguarded;

    @BeforeAll
    static void restartBetweenTwoUses() {
        Path target = Path.of("target").toAbsolutePath();
        pki = TestPki.in(target.resolve("tls"));
        DistributionKeycloak.Builder keycloak = DistributionKeycloak.in(Path.of(System.getProperty("keycloak.home")))
                .providers(Path.of(System.getProperty("fapipack.jar")), TestProviderJar.in(databaseFolder))
                .database(Database.inFileOf(databaseFolder))
                .httpsPort(Ports.free()) // issuers hold it: the same one after the restart
                .logFolder(target.resolve("keycloak-logs"))
                .tls(pki);

        server = keycloak.name("before-restart").start();
        admin = new AdminApi(server, pki);
        guarded = usedOnceAndStillOpen(newRealm("guarded"));
        unguarded = usedOnceAndStillOpen(without("fapi-request-uri-one-time", newRealm("unguarded")));
        server.close();

        server = keycloak.name("after-restart").start();
        admin = new AdminApi(server, pki);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    /** Where metrics are not switched on there are none, those of consents neither. */
    @Test
    void withoutTheBuildOptionNoMetricIsShown() {
        HttpCaller http = HttpCaller.over(pki.sslContext());
        String management = "http://127.0.0.1:" + server.managementPort();

        assertThat(http.get(URI.create(management + "/health")).status()).isEqualTo(200);
        Exchange metrics = http.get(URI.create(management + "/metrics"));
        assertThat(metrics.status()).isEqualTo(404);
        assertThat(metrics.body()).doesNotContain("fapi");
    }

    @Test
    @Requirement("PAR-8")
    void theSecondBrowserGetsNoCode() {
        Page end = guarded.finishInTheSecondBrowser();

        assertThat(end.isClientRedirect()).as("no second answer to the client").isFalse();
        assertThat(end.status()).isEqualTo(400);
        assertThat(end.errorMessage()).get().asString().contains("took too long");
        assertThat(admin.events(guarded.realm()).toString()).contains("request_uri_opened_too_long_ago");
    }

    /** Without this, the test above might never have come to the point where the rule decides. */
    @Test
    @Requirement("PAR-8")
    void withoutTheRuleTheSecondBrowserGetsACode() {
        ClientRedirect end = unguarded.finishInTheSecondBrowser().redirect();

        assertThat(unguarded.client().verifyJarm(end, unguarded.pending()).code())
                .isNotEmpty();
    }

    @Test
    @Requirement("PAR-8")
    void theRightfulOwnerCanStartAgain() {
        assertThat(guarded.client()
                        .obtainTokens(guarded.first(), USER, PASSWORD)
                        .accessToken())
                .isNotEmpty();
    }

    @Test
    @Requirement("PAR-18")
    void aPlainRequestIsStoredWithoutCredentials() {
        FapiClient plain = clientIn(without("fapi-request-object", newRealm("plain")));
        PendingAuthorization pending = plain.begin();

        Map<String, Object> stored = stored(plain.pushedAuthorizationRequest(plain.plainParameters(pending)));

        assertHoldsNoCredential(stored);
        assertThat(stored)
                .containsEntry("state", pending.state())
                .containsEntry("client_id", plain.clientId())
                .containsKeys("code_challenge", "redirect_uri");
    }

    @Test
    @Requirement("PAR-18")
    void aRequestObjectIsStoredWithoutCredentials() {
        FapiClient client = guarded.client();
        EndpointCall push = client.pushedAuthorizationRequest(client.requestObject(client.begin()));

        Map<String, Object> stored = stored(push);

        assertHoldsNoCredential(stored);
        assertThat(stored).containsEntry("request", push.form().first("request").orElseThrow());
    }

    /** Where nothing else refuses a secret, it is not kept either. */
    @Test
    @Requirement("PAR-18")
    void aClientSecretIsNotStored() {
        FapiClient plain =
                clientIn(without("fapi-client-authentication", without("fapi-request-object", newRealm("secretive"))));
        String secret = "kept by nobody";

        Map<String, Object> stored = stored(plain.pushedAuthorizationRequest(plain.plainParameters(plain.begin()))
                .set("client_secret", secret));

        assertHoldsNoCredential(stored);
        assertThat(stored.toString()).doesNotContain(secret);
    }

    /** Without this, the tests above might look where nothing ever is. */
    @Test
    @Requirement("PAR-18")
    void withoutTheRuleTheAssertionIsStored() {
        FapiClient client = clientIn(without("fapi-pushed-authorization", newRealm("storing")));
        EndpointCall push = client.pushedAuthorizationRequest(client.requestObject(client.begin()));

        assertThat(stored(push))
                .containsEntry(
                        "client_assertion",
                        push.form().first("client_assertion").orElseThrow());
    }

    /** Keycloak's own check of authenticators looks at other endpoints. */
    @Test
    @Requirement("SP-5.3.2.1-6")
    void whomAnAuthenticatorOfAnotherExtensionLetsInIsRefused() {
        String realm = newRealm("open-door");
        FapiClient client = clientIn(realm);
        admin.post("/" + realm + "/authentication/flows/clients/copy", Map.of("newName", "with-door"))
                .expect(201);
        admin.post(
                        "/" + realm + "/authentication/flows/with-door/executions/execution",
                        Map.of("provider", OpenDoorAuthenticator.ID))
                .expect(201);
        Map<String, Object> step = Json.objects(admin.get("/" + realm + "/authentication/flows/with-door/executions")
                        .expect(200)
                        .body())
                .stream()
                .filter(each -> OpenDoorAuthenticator.ID.equals(each.get("providerId")))
                .findFirst()
                .orElseThrow();
        step.put("requirement", "ALTERNATIVE");
        admin.put("/" + realm + "/authentication/flows/with-door/executions", step);
        List<Map<String, Object>> policies = admin.clientPolicies(realm);
        admin.setClientPolicies(realm, List.of());
        admin.updateRealm(realm, Map.of("clientAuthenticationFlow", "with-door"));
        admin.updateClient(realm, client.clientId(), Map.of("clientAuthenticatorType", OpenDoorAuthenticator.ID));
        admin.setClientPolicies(realm, policies);

        EndpointCall push = client.pushedAuthorizationRequest(client.requestObject(client.begin()))
                .withoutClientAssertion()
                .withoutDpop();
        Exchange answer = push.send();
        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.error()).as(answer.toString()).contains("invalid_client");

        without("fapi-client-authentication", realm);
        assertThat(push.send().status()).as("the door is open").isEqualTo(201);
    }

    private static FapiClient clientIn(String realm) {
        return Sandbox.createIn(realm, server, admin, pki, USER, PASSWORD)
                .dpopClient()
                .build();
    }

    private static Map<String, Object> stored(EndpointCall push) {
        URI issuer = URI.create(push.uri().toString().replaceAll("/protocol/.*", ""));
        String requestUri = PushedRequest.from(push.send()).requestUri();
        Form query = Form.of("request_uri", requestUri);
        return HttpCaller.over(pki.sslContext())
                .get(URI.create(issuer + "/" + StoredRequestResourceFactory.ID + "?" + query.encode()))
                .expect(200)
                .json();
    }

    private static void assertHoldsNoCredential(Map<String, Object> stored) {
        assertThat(stored).doesNotContainKeys("client_assertion", "client_assertion_type", "client_secret");
    }

    private static String newRealm(String name) {
        admin.createRealm(KeycloakUnderTest.messageSigningTemplate()
                .with("FAPI_REALM_NAME", name)
                .json());
        return name;
    }

    private static String without(String rule, String realm) {
        List<Map<String, Object>> profiles = admin.clientProfiles(realm);
        for (Map<String, Object> profile : profiles) {
            profile.computeIfPresent(
                    "executors",
                    (key, executors) -> ((List<?>) executors)
                            .stream()
                                    .filter(executor ->
                                            !rule.equals(Json.object(executor).get("executor")))
                                    .toList());
        }
        admin.setClientProfiles(realm, profiles);
        return realm;
    }

    private static Scene usedOnceAndStillOpen(String realm) {
        Sandbox sandbox = Sandbox.createIn(realm, server, admin, pki, USER, PASSWORD);
        FapiClient client = sandbox.dpopClient().build();
        PendingAuthorization pending = client.begin();
        var url = client.authorizationUrl(client.push(pending).requestUri());
        Browser first = sandbox.browser();
        Page firstLogin = first.open(url);
        Page secondLogin = sandbox.browser().open(url);
        ClientRedirect end = firstLogin.logIn(USER, PASSWORD).acceptConsent().redirect();
        assertThat(client.verifyJarm(end, pending).code()).isNotEmpty();
        return new Scene(realm, client, pending, first, secondLogin);
    }

    /** One authorization request that the first browser has finished and the second has open. */
    private record Scene(
            String realm, FapiClient client, PendingAuthorization pending, Browser first, Page secondLogin) {

        Page finishInTheSecondBrowser() {
            Page again = secondLogin.logIn(USER, PASSWORD);
            assertThat(again.isLogin())
                    .as("the restart cookie starts the login again: " + again)
                    .isTrue();
            return again.logIn(USER, PASSWORD);
        }
    }
}
