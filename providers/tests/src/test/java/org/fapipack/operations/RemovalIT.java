package org.fapipack.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.PackTables;
import org.fapipack.operations.RepositoryScript.Run;
import org.fapipack.testkit.admin.AdminApi;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.ClientRedirect;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.overlay.Sandbox;
import org.fapipack.testkit.server.Database;
import org.fapipack.testkit.server.DistributionKeycloak;
import org.fapipack.testkit.server.Ports;
import org.fapipack.testkit.tls.TestPki;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * One database, first with the JAR, then without, then with it again: the realm {@link #PREPARED} left the pack in the order that
 * docs/operations.md asks for, {@link #STRANDED} and {@link #CURED} still have its policies when the JAR goes.
 */
@EnabledIfSystemProperty(
        named = "keycloak.server",
        matches = "distribution",
        disabledReason = "only the distribution can be started with and without the JAR")
@TestMethodOrder(OrderAnnotation.class)
class RemovalIT {

    private static final String PREPARED = "prepared";
    private static final String STRANDED = "fapi2-message-signing";
    private static final String CURED = "cured";

    private static final String CUSTOMER = "alice";
    private static final String PASSWORD = "alice's password";

    /** How RunScript shows the one column of a row. */
    private static final String ANSWER = "--> ";

    private static final Map<String, Object> CLIENT_UNDER_NO_POLICY = Map.of(
            "clientId", "batch", "publicClient", false, "secret", "for this test only", "serviceAccountsEnabled", true);

    @TempDir
    private static Path folder;

    private static int port;
    private static TestPki pki;
    private static DistributionKeycloak server;
    private static AdminApi admin;
    private static Map<String, Sandbox> sandboxes;
    private static Map<String, Object> strandedClient;

    @BeforeAll
    static void takeTheJarAway() throws IOException {
        Path target = Path.of("target").toAbsolutePath();
        pki = TestPki.in(target.resolve("tls"));
        // Issuers hold the port: all servers need the same one.
        port = Ports.free();
        Files.writeString(folder.resolve("password"), "admin");

        try (DistributionKeycloak withJar = withJar()
                .name("removal-with-jar")
                .realmImports(RepositoryScript.root()
                        .resolve("realm-exports/fapi2-message-signing/fapi2-message-signing-realm.json"))
                .start()) {
            server = withJar;
            admin = new AdminApi(server, pki);
            sandboxes = Map.of(STRANDED, sandbox(STRANDED), CURED, newSandbox(CURED), PREPARED, newSandbox(PREPARED));
            for (String realm : sandboxes.keySet()) {
                assertThat(push(realm).status()).as("with the JAR, " + realm).isEqualTo(201);
                assertThat(pushWithoutRequestObject(realm).error())
                        .as("with the JAR, " + realm)
                        .contains("invalid_request");
            }
            strandedClient = admin.client(STRANDED, Sandbox.DPOP_CLIENT);
            merge(PREPARED, "--set", "stock-message-signing").expect(0);
            merge(PREPARED, "--remove").expect(0);
        }
        server = withoutJar().name("removal-without-jar").start();
        admin = new AdminApi(server, pki);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void theServerAndClientsUnderNoPolicyOfOursWork() {
        HttpCaller http = HttpCaller.over(pki.sslContext());
        for (String realm : sandboxes.keySet()) {
            assertThat(http.get(URI.create(server.issuer(realm) + "/.well-known/openid-configuration"))
                            .status())
                    .as(realm)
                    .isEqualTo(200);
            Exchange token = http.post(
                    URI.create(server.issuer(realm) + "/protocol/openid-connect/token"),
                    Form.of(
                            "grant_type",
                            "client_credentials",
                            "client_id",
                            (String) CLIENT_UNDER_NO_POLICY.get("clientId"),
                            "client_secret",
                            (String) CLIENT_UNDER_NO_POLICY.get("secret")));
            assertThat(token.status()).as(realm + token).isEqualTo(200);
        }
        assertThat(http.get(URI.create(server.baseUri() + "/admin/master/console/"))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void clientsUnderAPolicyOfOursAreNotLetThrough() {
        FapiClient client = client(STRANDED);
        assertThat(push(STRANDED).status()).isEqualTo(500);
        assertThat(sandboxes
                        .get(STRANDED)
                        .browser()
                        .open(client.authorizationUrl(client.plainParameters(client.begin())))
                        .status())
                .isEqualTo(500);
        assertThat(client.introspectionRequest("x", "application/json").send().status())
                .isEqualTo(500);
        assertThat(server.log()).containsPattern("Executor with provider ID fapi-[a-z-]+ not found");
    }

    @Test
    void theConsoleCannotOpenOrSaveSuchAClient() {
        String path = "/" + STRANDED + "/clients/" + strandedClient.get("id");
        assertThat(admin.get(path).status()).isEqualTo(500);
        assertThat(admin.put(path, strandedClient).status()).isEqualTo(500);
    }

    @Test
    void profilesAndWholeRealmsCannotBeSaved() {
        List<Map<String, Object>> profiles = admin.clientProfiles(STRANDED);
        assertThat(profiles).isNotEmpty();
        assertThat(admin.trySetClientProfiles(STRANDED, profiles).status()).isEqualTo(400);
        assertThat(admin.put("/" + STRANDED, admin.realm(STRANDED)).status()).isIn(400, 500);
    }

    @Test
    void theRealmFileIsRefused() {
        assertThat(admin.post(
                                "",
                                KeycloakUnderTest.messageSigningTemplate()
                                        .with("FAPI_REALM_NAME", "new")
                                        .json())
                        .status())
                .isIn(400, 500);
        assertThat(admin.get("/new").status()).isEqualTo(404);
    }

    @Test
    void mergeScriptHealsWithoutTheJar() {
        assertThat(push(CURED).status()).isEqualTo(500);

        merge(CURED, "--remove").expect(0);

        assertWorksAsStock(CURED);
    }

    @Test
    void whoRemovedThePoliciesFirstNoticesNothing() {
        assertThat(admin.clientPolicies(PREPARED))
                .extracting(policy -> policy.get("name"))
                .containsExactly("stock-2-message-signing-dpop", "stock-2-message-signing-mtls");
        assertWorksAsStock(PREPARED);
        // What docs/operations.md says is no longer enforced.
        assertThat(pushWithoutRequestObject(PREPARED).status()).isEqualTo(201);
    }

    /** The last test: it ends the server that the others look at. Its tables are dropped as documented, and come back with the JAR. */
    @Test
    @Order(Integer.MAX_VALUE)
    void puttingTheJarBackHeals() throws IOException {
        server.close();
        assertThat(answers(PackTables.dropped())).containsExactly(PackTables.ALL, "0");
        server = withJar().name("removal-jar-put-back").start();
        admin = new AdminApi(server, pki);

        assertThat(pushWithoutRequestObject(STRANDED).error()).contains("invalid_request");
        FapiClient client = client(STRANDED);
        PendingAuthorization pending = client.begin();
        URI url = client.authorizationUrl(client.push(pending).requestUri());
        Browser browser = sandboxes.get(STRANDED).browser();
        ClientRedirect end = browser.logInAndConsent(url, CUSTOMER, PASSWORD);
        assertThat(client.verifyJarm(end, pending).code()).isNotEmpty();
        // After a consent page, stock takes the same request_uri again.
        assertThat(browser.open(url).status()).isEqualTo(400);
        assertThat(admin.trySetClientProfiles(STRANDED, admin.clientProfiles(STRANDED))
                        .status())
                .isEqualTo(204);
        assertThat(admin.put("/" + STRANDED + "/clients/" + strandedClient.get("id"), strandedClient)
                        .status())
                .isEqualTo(204);
        server.close();
        assertThat(answers(PackTables.COUNT)).containsExactly(PackTables.ALL);
    }

    /** What the database says to some statements, by the tool that its driver in the distribution has; no server may be using it. */
    private static List<String> answers(String statements) throws IOException {
        Path script = Files.writeString(folder.resolve("statements.sql"), statements);
        Path drivers = Path.of(System.getProperty("keycloak.home"), "lib", "lib", "main", "*");
        Run run = Run.of(
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        drivers.toString(),
                        "org.h2.tools.RunScript",
                        "-url",
                        "jdbc:h2:file:" + folder.resolve("keycloak") + ";NON_KEYWORDS=VALUE",
                        "-user",
                        "",
                        "-password",
                        "",
                        "-script",
                        script.toString(),
                        "-showResults"),
                Map.of());
        return run.expect(0)
                .output()
                .lines()
                .filter(line -> line.startsWith(ANSWER))
                .map(line -> line.substring(ANSWER.length()))
                .toList();
    }

    private static void assertWorksAsStock(String realm) {
        assertThat(push(realm).status()).isEqualTo(201);
        Exchange introspection = client(realm)
                .introspectionRequest("x", "application/token-introspection+jwt, application/json")
                .send();
        assertThat(introspection.status()).isEqualTo(200);
        assertThat(introspection.json()).isEqualTo(Map.of("active", false));
        assertThat(admin.trySetClientProfiles(realm, admin.clientProfiles(realm))
                        .status())
                .isEqualTo(204);
        assertThat(admin.put("/" + realm, admin.realm(realm)).status()).isEqualTo(204);
        admin.updateClient(realm, Sandbox.DPOP_CLIENT, Map.of("description", "saved again"));
        assertThat(admin.client(realm, Sandbox.DPOP_CLIENT)).containsEntry("description", "saved again");
    }

    private static DistributionKeycloak.Builder withJar() {
        return withoutJar().providers(Path.of(System.getProperty("fapipack.jar")));
    }

    private static DistributionKeycloak.Builder withoutJar() {
        return DistributionKeycloak.in(Path.of(System.getProperty("keycloak.home")))
                .database(Database.inFileOf(folder))
                // The build of the server that other tests share.
                .buildOption("--metrics-enabled=true")
                .httpsPort(port)
                .logFolder(Path.of("target", "keycloak-logs"))
                .tls(pki);
    }

    private static Sandbox newSandbox(String realm) {
        admin.createRealm(KeycloakUnderTest.messageSigningTemplate()
                .with("FAPI_REALM_NAME", realm)
                .json());
        return sandbox(realm);
    }

    private static Sandbox sandbox(String realm) {
        admin.createClient(realm, CLIENT_UNDER_NO_POLICY);
        return Sandbox.createIn(realm, server, admin, pki, CUSTOMER, PASSWORD);
    }

    private static Run merge(String realm, String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "--server",
                server.baseUri().toString(),
                "--cacert",
                pki.caPem().toString(),
                "--realm",
                realm,
                "--user",
                "admin",
                "--password-file",
                folder.resolve("password").toString(),
                "--backup-dir",
                folder.toString()));
        arguments.addAll(List.of(options));
        return RepositoryScript.at("client-policies/merge.sh", "bash", "curl", "jq", "diff")
                .run(arguments);
    }

    private static FapiClient client(String realm) {
        return sandboxes.get(realm).dpopClient().build();
    }

    private static Exchange push(String realm) {
        FapiClient client = client(realm);
        return client.pushedAuthorizationRequest(client.requestObject(client.begin()))
                .send();
    }

    private static Exchange pushWithoutRequestObject(String realm) {
        FapiClient client = client(realm);
        return client.pushedAuthorizationRequest(client.plainParameters(client.begin()))
                .send();
    }
}
