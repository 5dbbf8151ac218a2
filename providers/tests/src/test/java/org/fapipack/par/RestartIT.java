package org.fapipack.par;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.admin.AdminApi;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.ClientRedirect;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
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
 * the second browser's restart cookie brings its login back.
 */
@Requirement("PAR-8")
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
                .providers(Path.of(System.getProperty("fapipack.jar")))
                .database(Database.inFileOf(databaseFolder))
                .httpsPort(Ports.free()) // issuers hold it: the same one after the restart
                .logFolder(target.resolve("keycloak-logs"))
                .tls(pki);

        server = keycloak.name("before-restart").start();
        admin = new AdminApi(server, pki);
        guarded = usedOnceAndStillOpen(newRealm("guarded"));
        unguarded = usedOnceAndStillOpen(withoutTheRule(newRealm("unguarded")));
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

    @Test
    void theSecondBrowserGetsNoCode() {
        Page end = guarded.finishInTheSecondBrowser();

        assertThat(end.isClientRedirect()).as("no second answer to the client").isFalse();
        assertThat(end.status()).isEqualTo(400);
        assertThat(end.errorMessage()).get().asString().contains("took too long");
        assertThat(admin.events(guarded.realm()).toString()).contains("request_uri_opened_too_long_ago");
    }

    /** Without this, the test above might never have come to the point where the rule decides. */
    @Test
    void withoutTheRuleTheSecondBrowserGetsACode() {
        ClientRedirect end = unguarded.finishInTheSecondBrowser().redirect();

        assertThat(unguarded.client().verifyJarm(end, unguarded.pending()).code())
                .isNotEmpty();
    }

    @Test
    void theRightfulOwnerCanStartAgain() {
        assertThat(guarded.client()
                        .obtainTokens(guarded.first(), USER, PASSWORD)
                        .accessToken())
                .isNotEmpty();
    }

    private static String newRealm(String name) {
        admin.createRealm(KeycloakUnderTest.messageSigningTemplate()
                .with("FAPI_REALM_NAME", name)
                .json());
        return name;
    }

    private static String withoutTheRule(String realm) {
        List<Map<String, Object>> profiles = admin.clientProfiles(realm);
        for (Map<String, Object> profile : profiles) {
            profile.computeIfPresent(
                    "executors",
                    (key, executors) -> ((List<?>) executors)
                            .stream()
                                    .filter(executor -> !"fapi-request-uri-one-time"
                                            .equals(Json.object(executor).get("executor")))
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
