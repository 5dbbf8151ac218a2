package org.fapipack.operations;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.fapipack.operations.RepositoryScript.Run;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.server.Ports;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * The steps of the image and of the compose file on an unpacked distribution: its build with the variables of the {@code
 * Dockerfile}, then {@code keycloak.sh} with the variables of {@code compose.yaml}. Only the database, the ports and the cluster
 * differ.
 */
@EnabledIfSystemProperty(
        named = "keycloak.server",
        matches = "distribution",
        disabledReason = "the distribution is built with the variables of the Dockerfile")
class ContainerStartIT {

    private static final String REALM = "fapi2-message-signing";
    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);
    private static final int STOP_TIMEOUT_SECONDS = 20;

    @TempDir
    private static Path folder;

    private static final int PORT = Ports.free();
    private static final int MANAGEMENT_PORT = Ports.free();

    private static RepositoryScript healthCheck;
    private static int healthBeforeStart;
    private static Process keycloak;
    private static Path log;

    @BeforeAll
    static void buildAndStartAsInTheContainer() throws IOException {
        RepositoryScript.at("docker/prepare.sh", "bash", "openssl")
                .run("--out", folder.toString())
                .expect(0);
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
        start(home, image, ComposeFile.in(docker.resolve("compose.yaml")).environment("keycloak"));
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

    private static void start(Path home, Dockerfile image, Map<String, String> compose) throws IOException {
        Map<String, String> environment = new LinkedHashMap<>();
        compose.forEach(
                (name, value) -> environment.put(name, value.replaceFirst("^/run/(tls|secrets)/", folder + "/$1/")));
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
        Map<String, Object> metadata = https().get(uri("/realms/" + REALM + "/.well-known/openid-configuration"))
                .expect(200)
                .json();

        assertThat(metadata)
                .containsEntry("issuer", "https://localhost:8443/realms/" + REALM)
                .containsEntry(
                        "authorization_endpoint",
                        "https://localhost:8443/realms/" + REALM + "/protocol/openid-connect/auth")
                .containsEntry(
                        "token_endpoint",
                        uri("/realms/" + REALM + "/protocol/openid-connect/token")
                                .toString());
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

    /** Trusts the CA that {@code prepare.sh} made. */
    private static HttpCaller https() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(folder.resolve("tls/ca.pem"))) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return HttpCaller.over(context);
    }
}
