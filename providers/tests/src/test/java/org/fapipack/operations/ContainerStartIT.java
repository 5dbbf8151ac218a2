package org.fapipack.operations;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fapipack.operations.RepositoryScript.Run;
import org.fapipack.testkit.admin.AdminApi;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.JwkSets;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.overlay.Parties;
import org.fapipack.testkit.server.Administrator;
import org.fapipack.testkit.server.ExternalKeycloak;
import org.fapipack.testkit.server.Ports;
import org.fapipack.testkit.signature.RequestDraft;
import org.fapipack.testkit.signature.ResponseSignature;
import org.fapipack.testkit.tls.TestPki;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The steps of the image and of the compose file on an unpacked distribution: its build with the variables of the {@code
 * Dockerfile}, then {@code keycloak.sh} with the variables of {@code compose.yaml}, then the API with its command and
 * variables. Only the database, the ports, the cluster and the paths differ.
 */
@EnabledIfSystemProperty(
        named = "keycloak.server",
        matches = "distribution",
        disabledReason = "the distribution is built with the variables of the Dockerfile")
class ContainerStartIT {

    private static final String REALM = "fapi2-message-signing";
    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
    private static final int STOP_TIMEOUT_SECONDS = 20;
    private static final String API = "accounts-api";
    private static final String SCOPE = "accounts";
    private static final URI REDIRECT_URI = URI.create("https://client.example.test/callback");

    @TempDir
    private static Path folder;

    private static final int PORT = Ports.free();
    private static final int MANAGEMENT_PORT = Ports.free();
    private static final int API_PORT = Ports.free();

    private static ComposeFile compose;
    private static RepositoryScript registerApi;
    private static RepositoryScript healthCheck;
    private static int healthBeforeStart;
    private static Process keycloak;
    private static Path log;

    @BeforeAll
    static void buildAndStartAsInTheContainer() throws IOException {
        RepositoryScript.at("docker/prepare.sh", "bash", "openssl")
                .run("--out", folder.toString())
                .expect(0);
        registerApi = RepositoryScript.at("docker/register-api.sh", "bash", "curl", "jq");
        healthCheck = RepositoryScript.at("docker/healthcheck.sh", "bash");
        healthBeforeStart = health();
        Path docker = RepositoryScript.root().resolve("docker");
        Dockerfile image = Dockerfile.in(docker.resolve("Dockerfile"));
        Path home = distributionWith(Path.of(System.getProperty("fapipack.jar")));
        build(home, image);
        Path imports = Files.createDirectories(home.resolve("data/import"));
        Files.copy(
                RepositoryScript.root().resolve("realm-exports/" + REALM + "/" + REALM + "-realm.json"),
                imports.resolve(REALM + "-realm.json"));
        compose = ComposeFile.in(docker.resolve("compose.yaml"));
        start(home, image);
    }

    /** A copy of its own, with nothing in {@code providers/} but the JAR; time stamped as in the image. */
    private static Path distributionWith(Path jar) {
        String original = System.getProperty("keycloak.home");
        Path home = Path.of("target", "keycloak-container").toAbsolutePath();
        shell(
                "rm -rf \"$2\" && cp -a \"$1\" \"$2\" && rm -rf \"$2/data\" \"$2\"/providers/*.jar",
                original,
                home.toString());
        shell(
                "cp \"$1\" \"$2/providers/\" && touch -m --date=@1700000000 \"$2\"/providers/*.jar",
                jar.toString(),
                home.toString());
        return home;
    }

    private static void build(Path home, Dockerfile image) {
        Map<String, String> environment = new LinkedHashMap<>(image.variables());
        environment.keySet().removeIf(name -> !name.startsWith("KC_"));
        assertThat(environment).containsEntry("KC_DB", "postgres").containsEntry("KC_HTTPS_CLIENT_AUTH", "request");
        environment.put("KC_DB", "dev-mem");
        environment.putAll(javaEnvironment());
        Run.of(List.of(home.resolve("bin/kc.sh").toString(), "build"), environment)
                .expect(0);
    }

    private static void start(Path home, Dockerfile image) throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        compose.environment("keycloak")
                .forEach((name, value) -> environment.put(
                        name, onFreePorts(value.replaceFirst("^/run/(tls|secrets)/", folder + "/$1/"))));
        assertThat(environment).containsKeys("KC_DB_URL", "KC_HOSTNAME");
        environment.remove("KC_DB_URL");
        environment.put("KC_CACHE", "local");
        environment.put("KC_HTTP_HOST", "127.0.0.1");
        environment.put("KC_HTTPS_PORT", String.valueOf(PORT));
        environment.put("KC_HTTP_MANAGEMENT_PORT", String.valueOf(MANAGEMENT_PORT));
        environment.put("KEYCLOAK_HOME", home.toString());
        environment.putAll(javaEnvironment());

        List<String> command = new ArrayList<>(
                List.of(RepositoryScript.root().resolve("docker/keycloak.sh").toString()));
        Json.array(image.last("CMD").arguments()).forEach(argument -> command.add((String) argument));
        log = Files.createDirectories(Path.of("target", "keycloak-logs")).resolve("container-start.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("KC_"));
        builder.environment().putAll(environment);
        keycloak = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(ContainerStartIT::stop, "stop-container-start"));
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (health() != 0) {
            if (!keycloak.isAlive() || System.nanoTime() > deadline) {
                throw new IllegalStateException("Keycloak did not become healthy: " + Files.readString(log));
            }
        }
    }

    private static String onFreePorts(String address) {
        return address.replace(":8443", ":" + PORT).replace(":8444", ":" + API_PORT);
    }

    private static Map<String, String> javaEnvironment() {
        return Map.of(
                "JAVA_HOME",
                System.getProperty("java.home"),
                "JAVA_OPTS_APPEND",
                "-XX:TieredStopAtLevel=1 -XX:-UseG1GC -XX:+UseSerialGC",
                "JAVA_OPTS_KC_HEAP",
                "-Xms512m -Xmx1g");
    }

    private static int health() {
        return healthCheck.run(String.valueOf(MANAGEMENT_PORT)).exitStatus();
    }

    /** The values are {@code $1}, {@code $2} and so on. */
    private static void shell(String script, String... values) {
        List<String> command = new ArrayList<>(List.of("bash", "-c", script, "bash"));
        command.addAll(List.of(values));
        Run.of(command, Map.of()).expect(0);
    }

    @AfterAll
    static void stop() {
        if (keycloak == null) {
            return;
        }
        List<ProcessHandle> children = keycloak.descendants().toList();
        keycloak.destroy();
        try {
            if (keycloak.waitFor(STOP_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        children.forEach(ProcessHandle::destroyForcibly);
        keycloak.destroyForcibly();
    }

    @Test
    void theHealthCheckKnowsAReadyServer() {
        assertThat(healthBeforeStart).isNotZero();
        assertThat(health()).isZero();
    }

    @Test
    void theIssuerIsTheAddressForBrowsersWhoeverAsks() throws IOException, GeneralSecurityException {
        String otherAddress = "https://127.0.0.1:" + PORT + "/realms/" + REALM;
        Map<String, Object> metadata = https().get(URI.create(otherAddress + "/.well-known/openid-configuration"))
                .expect(200)
                .json();

        assertThat(metadata)
                .containsEntry("issuer", issuer().toString())
                .containsEntry("authorization_endpoint", issuer() + "/protocol/openid-connect/auth")
                .containsEntry("token_endpoint", otherAddress + "/protocol/openid-connect/token");
    }

    @Test
    void theAdministratorOfTheSecretFileFindsTheImportedRealm() throws IOException, GeneralSecurityException {
        Exchange token = https().post(
                        uri("/realms/master/protocol/openid-connect/token"),
                        Form.of(
                                "grant_type",
                                "password",
                                "client_id",
                                "admin-cli",
                                "username",
                                "admin",
                                "password",
                                secret("admin-password")))
                .expect(200);

        Exchange profiles = https().get(
                        uri("/admin/realms/" + REALM + "/client-policies/profiles"),
                        Headers.of("Authorization", "Bearer " + token.json().get("access_token")));
        assertThat(profiles.expect(200).body())
                .contains("fapi-pack-2-message-signing-dpop", "fapi-signed-introspection");
    }

    /** One story: each step needs the one before. */
    @Test
    void theApiServesAccountsAsSoonAsItIsRegistered() throws IOException, GeneralSecurityException {
        Process api = startApi();
        try {
            URI accounts = URI.create("https://localhost:" + API_PORT + "/accounts");
            Headers madeUp = Headers.of("Authorization", "Bearer made-up");
            assertThat(https().get(accounts, madeUp).status())
                    .as("not registered")
                    .isEqualTo(503);

            AdminApi admin = admin();
            FapiClient app = app(admin, "app");
            Run registered = register("--app", "app").expect(0);
            assertThat(registered.errors()).isEmpty();
            assertThat(registered.output().lines())
                    .containsExactly(
                            "made    client accounts-api",
                            "made    client scope accounts",
                            "made    client scope accounts of client accounts-api",
                            "made    client scope accounts of client app",
                            "made    keys of client app");

            assertThat(register("--app", "app").expect(0).output().lines())
                    .hasSize(5)
                    .allMatch(line -> line.startsWith("kept "));

            assertThat(https().get(accounts).status()).as("no token").isEqualTo(401);
            assertThat(https().get(accounts, madeUp).status()).as("inactive").isEqualTo(401);

            admin.createUser(REALM, "alice", "correct horse battery staple");
            Tokens tokens =
                    app.obtainTokens(Browser.forClientAt(REDIRECT_URI, pki()), "alice", "correct horse battery staple");
            Exchange served = app.callApi(accounts, tokens.accessToken()).expect(200);
            assertThat(served.json()).containsKey("accounts").containsEntry("requested_by", "app");
            ResponseSignature.verify(
                    served,
                    JwkSets.parse(
                            https().get(accounts.resolve("/jwks")).expect(200).body()));
            assertThat(https().get(accounts, Headers.of("Authorization", "DPoP " + tokens.accessToken()))
                            .status())
                    .as("without the key it is bound to")
                    .isEqualTo(401);

            SigningKey key = app.authenticationKey().orElseThrow();
            assertThat(signed(app, accounts, tokens, key).status())
                    .as("signed by the app")
                    .isEqualTo(200);
            assertThat(signed(app, accounts, tokens, SigningKey.generate(ES256)).headers("www-authenticate"))
                    .as("signed by somebody else")
                    .containsExactly("DPoP error=\"invalid_request\", error_description=\"signature_invalid\"");
        } finally {
            api.destroy();
        }
    }

    private static Exchange signed(FapiClient app, URI uri, Tokens tokens, SigningKey key)
            throws IOException, GeneralSecurityException {
        Headers headers = Headers.of("Authorization", "DPoP " + tokens.accessToken())
                .add("DPoP", app.dpopProof("GET", uri, tokens.accessToken()).compact());
        return RequestDraft.of("GET", uri, headers, "", key).sign().send(https());
    }

    @Test
    void registeringAgainChangesNothingButANewKey() throws IOException, GeneralSecurityException {
        AdminApi admin = admin();
        String realm = "again";
        admin.createRealm(Map.of("realm", realm, "enabled", true, "adminEventsEnabled", true));
        assertThat(register("--realm", realm).expect(0).errors())
                .startsWith("register-api.sh: no policy of realm again is for resource servers")
                .hasLineCount(1);
        Map<String, Object> client = admin.client(realm, API);
        assertThat(introspectionClaims(client)).isEqualTo("client_jwks");
        admin.delete("/" + realm + "/admin-events").expect(204);

        assertThat(register("--realm", realm).expect(0).output().lines())
                .containsExactly(
                        "kept    client accounts-api",
                        "kept    client scope accounts",
                        "kept    client scope accounts of client accounts-api");
        assertThat(Json.objects(
                        admin.get("/" + realm + "/admin-events").expect(200).body()))
                .isEmpty();

        Path other = folder.resolve("other");
        RepositoryScript.at("docker/prepare.sh", "bash", "openssl")
                .run("--out", other.toString())
                .expect(0);
        assertThat(register("--realm", realm, "--generated", other.toString())
                        .expect(1)
                        .errors())
                .as("another CA")
                .endsWith("; see --cacert\n");
        for (String shared : List.of("tls/ca.pem", "secrets/admin-password")) {
            Files.copy(folder.resolve(shared), other.resolve(shared), StandardCopyOption.REPLACE_EXISTING);
        }
        assertThat(register("--realm", realm, "--generated", other.toString())
                        .expect(0)
                        .output())
                .startsWith("changed client accounts-api\nkept ");
        Map<String, Object> changed = admin.client(realm, API);
        assertThat(changed).containsEntry("id", client.get("id"));
        assertThat(jwks(changed))
                .isNotEqualTo(jwks(client))
                .contains(kid(other))
                .doesNotContain("\"d\"");
        assertThat(clientsAndScopes(admin, realm)).containsExactly(1L, 1L);
    }

    @Test
    void registeringCompletesAScopeAndRefusesAForeignClient() throws IOException, GeneralSecurityException {
        AdminApi admin = admin();
        String realm = "half";
        admin.createRealm(Map.of("realm", realm, "enabled", true));
        admin.createClientScope(realm, Map.of("name", SCOPE, "protocol", "openid-connect"));

        assertThat(register("--realm", realm).expect(0).output()).contains("changed client scope accounts\n");
        assertThat(register("--realm", realm).expect(0).output()).contains("kept    client scope accounts\n");
        assertThat(clientsAndScopes(admin, realm)).containsExactly(1L, 1L);

        admin.setClientAttribute(realm, API, "fapi.introspection.claims", "email");
        assertThat(register("--realm", realm).expect(0).output()).contains("changed client accounts-api\n");
        assertThat(introspectionClaims(admin.client(realm, API))).isEqualTo("email client_jwks");
        assertThat(register("--realm", realm).expect(0).output()).contains("kept    client accounts-api\n");

        admin.createClient(realm, Parties.dpopClient("app", REDIRECT_URI, "{\"keys\":[]}", ES256));
        assertThat(register("--realm", realm, "--app", "app").expect(0).output())
                .endsWith("made    keys of client app\n");
        admin.setClientAttribute(realm, "app", "jwks.string", SigningKey.publicJwks(SigningKey.generate(ES256)));
        assertThat(register("--realm", realm, "--app", "app").expect(0).output())
                .endsWith("changed keys of client app\n");
        assertThat(register("--realm", realm, "--app", "app").expect(0).output())
                .endsWith("kept    keys of client app\n");
        admin.setClientAttribute(realm, "app", "jwks.string", null);
        assertThat(register("--realm", realm, "--app", "app").expect(0).errors())
                .contains("client app registered no jwks: the API cannot verify requests that it signs\n");

        admin.setClientAttribute(realm, API, "fapi.resource.server", null);
        assertThat(register("--realm", realm).expect(1).errors())
                .isEqualTo(
                        "register-api.sh: refused: realm half has a client accounts-api that is not a resource server;"
                                + " rename or delete it\n");
    }

    @Test
    void registeringNamesWhatIsWrong() throws IOException, GeneralSecurityException {
        Path wrong = Files.writeString(folder.resolve("wrong-password"), "not the password");
        assertThat(register("--password-file", wrong.toString()).expect(1).errors())
                .startsWith("register-api.sh: login as admin in realm master refused (400): invalid_grant")
                .doesNotContain("not the password")
                .hasLineCount(1);
        assertThat(register("--realm", "no-such-realm").expect(1).errors())
                .isEqualTo("register-api.sh: realm no-such-realm does not exist on " + uri("") + " (404)\n");
        assertThat(register("--auth-realm", "no-such-realm").expect(1).errors())
                .isEqualTo(
                        "register-api.sh: realm no-such-realm does not exist on " + uri("") + "; see --auth-realm\n");

        AdminApi admin = admin();
        admin.createRealm(Map.of("realm", "appless", "enabled", true));
        assertThat(register("--realm", "appless", "--app", "no-such-app")
                        .expect(1)
                        .errors())
                .isEqualTo("register-api.sh: realm appless has no client no-such-app\n");
        admin.createUser("appless", "clerk", secret("admin-password"));
        assertThat(register("--realm", "appless", "--auth-realm", "appless", "--user", "clerk")
                        .expect(1)
                        .errors())
                .startsWith("register-api.sh: forbidden (403): clerk lacks the role")
                .hasLineCount(1);
    }

    /** A repeated option replaces the earlier one. */
    private static Run register(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("--generated", folder.toString(), "--server", uri("").toString()));
        arguments.addAll(List.of(options));
        return registerApi.run(arguments);
    }

    /** The service {@code api}: its own command and variables and nothing else, its mounts where they come from. */
    private static Process startApi() throws IOException {
        Path demo = RepositoryScript.root().resolve("providers/demo/target/lib");
        if (!Files.isDirectory(demo)) {
            throw new IllegalStateException(demo + " is not there: ./mvnw -B -pl providers/demo -am package");
        }
        List<String> command = compose.command("api").stream()
                .map(ContainerStartIT::outsideTheContainer)
                .collect(Collectors.toCollection(ArrayList::new));
        assertThat(command.set(0, System.getProperty("java.home") + "/bin/java"))
                .isEqualTo("java");
        Path output = log.resolveSibling("container-api.log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile());
        builder.environment().clear();
        compose.environment("api")
                .forEach((name, value) -> builder.environment().put(name, onFreePorts(outsideTheContainer(value))));
        builder.environment().put("API_BIND_ADDRESS", "127.0.0.1");
        assertThat(builder.environment().put("API_PORT", String.valueOf(API_PORT)))
                .isEqualTo("8444");
        Process api = builder.start();
        Runtime.getRuntime().addShutdownHook(new Thread(api::destroy, "stop-container-api"));
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        while (!Files.readString(output).equals("ready https://localhost:" + API_PORT + "\n")) {
            if (!api.isAlive() || System.nanoTime() > deadline) {
                api.destroy();
                throw new IllegalStateException("the API did not become ready: " + Files.readString(output));
            }
            pause();
        }
        return api;
    }

    private static String outsideTheContainer(String text) {
        String mapped = text;
        Path docker = RepositoryScript.root().resolve("docker");
        for (Map.Entry<String, String> mount : compose.readOnlyMounts("api").entrySet()) {
            String source = mount.getValue();
            Path outside = source.startsWith("./generated/")
                    ? folder.resolve(source.substring("./generated/".length()))
                    : docker.resolve(source).normalize();
            mapped = mapped.replace(mount.getKey(), outside.toString());
        }
        return mapped;
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(100);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the API started", stopped);
        }
    }

    private static FapiClient app(AdminApi admin, String clientId) throws IOException, GeneralSecurityException {
        SigningKey key = SigningKey.generate(ES256);
        admin.createClient(REALM, Parties.dpopClient(clientId, REDIRECT_URI, SigningKey.publicJwks(key), ES256));
        return FapiClient.of(pki(), issuer(), clientId)
                .authenticatesWith(key)
                .jarmAlgorithm(ES256)
                .redirectUri(REDIRECT_URI)
                .scope("openid " + SCOPE)
                .bindsTokensTo(SigningKey.generate(ES256))
                .build();
    }

    private static Object introspectionClaims(Map<String, Object> client) {
        return Json.object(client.get("attributes")).get("fapi.introspection.claims");
    }

    private static String jwks(Map<String, Object> client) {
        return (String) Json.object(client.get("attributes")).get("jwks.string");
    }

    private static String kid(Path generated) throws IOException {
        return (String)
                Json.object(Files.readString(generated.resolve("api/key.json"))).get("kid");
    }

    /** How many clients and client scopes have the API's names. */
    private static List<Long> clientsAndScopes(AdminApi admin, String realm) {
        return List.of(
                count(admin.get("/" + realm + "/clients"), "clientId", API),
                count(admin.get("/" + realm + "/client-scopes"), "name", SCOPE));
    }

    private static long count(Exchange list, String member, String value) {
        return Json.objects(list.expect(200).body()).stream()
                .filter(entry -> value.equals(entry.get(member)))
                .count();
    }

    @Test
    void metricsAreOnTheManagementPort() throws IOException, GeneralSecurityException {
        assertThat(https().get(URI.create("http://127.0.0.1:" + MANAGEMENT_PORT + "/metrics"))
                        .expect(200)
                        .body())
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void noSecretIsOnACommandLineOrInTheLog() throws IOException {
        assertThat(keycloak.descendants()).isNotEmpty();
        String arguments = Stream.concat(Stream.of(keycloak.toHandle()), keycloak.descendants())
                .map(process -> String.join(" ", process.info().arguments().orElseThrow()))
                .collect(Collectors.joining("\n"));
        assertThat(arguments).contains("--import-realm");
        for (String name : List.of("admin-password", "db-password")) {
            assertThat(arguments).doesNotContain(secret(name));
            assertThat(Files.readString(log)).doesNotContain(secret(name));
        }
    }

    private static String secret(String name) throws IOException {
        return Files.readString(folder.resolve("secrets").resolve(name));
    }

    private static URI uri(String path) {
        return URI.create("https://localhost:" + PORT + path);
    }

    private static URI issuer() {
        return uri("/realms/" + REALM);
    }

    private static HttpCaller https() throws IOException, GeneralSecurityException {
        return HttpCaller.over(pki().sslContext());
    }

    /** Trusts the CA that {@code prepare.sh} made. */
    private static TestPki pki() throws IOException, GeneralSecurityException {
        try (InputStream pem = Files.newInputStream(folder.resolve("tls/ca.pem"))) {
            X509Certificate ca =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
            return TestPki.of(ca, TestPki.selfSigned("CN=serves nothing"));
        }
    }

    private static AdminApi admin() throws IOException, GeneralSecurityException {
        return new AdminApi(new ExternalKeycloak(uri(""), new Administrator("admin", secret("admin-password"))), pki());
    }
}
