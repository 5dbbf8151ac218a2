package org.fapipack.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.fapipack.operations.RepositoryScript.Run;
import org.fapipack.testkit.server.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The files in {@code docker/}: the scripts are run, the image and the compose file are read. No container engine is needed. */
class ContainerFilesIT {

    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String SECRET_NAME = ".*(PASSWORD|SECRET|TOKEN|CREDENTIAL|PRIVATE|_KEY).*";
    private static final Path DOCKER = RepositoryScript.root().resolve("docker");

    private final RepositoryScript tls = RepositoryScript.at("docker/tls.sh", "bash", "openssl");
    private final RepositoryScript prepare = RepositoryScript.at("docker/prepare.sh", "bash", "openssl");
    private final RepositoryScript registerApi = RepositoryScript.at("docker/register-api.sh", "bash", "curl", "jq");

    @TempDir
    private Path folder;

    @Test
    void theServersCertificateIsValidForItsNamesAndKeptByASecondRun() throws IOException, GeneralSecurityException {
        String[] command = {"--out", folder.toString(), "server", "keycloak,localhost,127.0.0.1"};
        assertThat(tls.run(command).expect(0).output()).contains("made    " + folder.resolve("keycloak.pem"));

        X509Certificate certificate = certificate("keycloak.pem");
        assertIssuedByOurCa(certificate);
        assertThat(alternativeNames(certificate)).containsExactlyInAnyOrder("keycloak", "localhost", "127.0.0.1");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly(SERVER_AUTH);
        assertThat(certificate.getBasicConstraints()).as("no CA").isNegative();
        assertKeyBelongsTo(certificate, "keycloak-key.pem");
        assertThat(certificate("ca.pem").getBasicConstraints())
                .as("signs leaves only")
                .isZero();
        assertThat(files()).containsOnlyKeys("ca.pem", "ca-key.pem", "keycloak.pem", "keycloak-key.pem");
        assertNobodyElseCanRead();

        Map<String, String> before = files();
        assertThat(tls.run(command).expect(0).output()).isEqualTo("kept    %s\n", folder.resolve("keycloak.pem"));
        assertThat(files()).isEqualTo(before);
    }

    @Test
    void otherNamesGetANewCertificateFromTheSameCa() throws IOException, GeneralSecurityException {
        tls.run("--out", folder.toString(), "server", "keycloak,localhost").expect(0);
        Map<String, String> before = files();

        tls.run("--out", folder.toString(), "server", "keycloak,as.example.com").expect(0);

        X509Certificate certificate = certificate("keycloak.pem");
        assertIssuedByOurCa(certificate);
        assertThat(alternativeNames(certificate)).containsExactlyInAnyOrder("keycloak", "as.example.com");
        assertThat(files())
                .containsEntry("ca.pem", before.get("ca.pem"))
                .containsEntry("ca-key.pem", before.get("ca-key.pem"));
        assertThat(files().get("keycloak-key.pem")).isNotEqualTo(before.get("keycloak-key.pem"));
        assertNobodyElseCanRead();
    }

    @Test
    void aClientCertificateHasTheSubjectTheReadmeNames() throws IOException, GeneralSecurityException {
        tls.run("--out", folder.toString(), "client", "app").expect(0);

        X509Certificate certificate = certificate("app.pem");
        assertIssuedByOurCa(certificate);
        assertThat(certificate.getSubjectX500Principal()).hasToString("CN=app, O=FAPI Pack local");
        assertThat(Files.readString(DOCKER.resolve("README.md"))).contains("`CN=NAME, O=FAPI Pack local`");
        assertThat(certificate.getExtendedKeyUsage()).containsExactly(CLIENT_AUTH);
        assertThat(certificate.getSubjectAlternativeNames()).isNull();
        assertKeyBelongsTo(certificate, "app-key.pem");
        assertNobodyElseCanRead();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            server|ca         | 1  | the name ca is taken
            client|a b        | 1  | names may contain
            client|../outside | 1  | names may contain
            server|-x         | 1  | names may contain
            server|''         | 64 | Usage:
            steal|app         | 64 | Usage:
            """)
    void tlsScriptRefusesWhatItCannotName(String kind, String name, int exitStatus, String explanation)
            throws IOException {
        assertThat(tls.run("--out", folder.toString(), kind, name)
                        .expect(exitStatus)
                        .errors())
                .contains(explanation);
        assertThat(files()).isEmpty();
    }

    @Test
    void prepareWritesEverythingTheComposeFileNeeds() throws IOException, GeneralSecurityException {
        prepare.run("--out", folder.toString()).expect(0);

        for (String file : ComposeFile.in(DOCKER.resolve("compose.yaml")).generatedFiles()) {
            assertThat(folder.resolve(file)).isNotEmptyFile();
        }
        assertThat(alternativeNames(certificate("tls/keycloak.pem")))
                .containsExactlyInAnyOrder("keycloak", "localhost", "127.0.0.1");
        assertThat(alternativeNames(certificate("tls/api.pem")))
                .containsExactlyInAnyOrder("api", "localhost", "127.0.0.1");
        String database = content("secrets/db-password");
        String administrator = content("secrets/admin-password");
        assertThat(Base64.getDecoder().decode(database)).hasSize(24);
        assertThat(Base64.getDecoder().decode(administrator)).hasSize(24);
        assertThat(administrator).isNotEqualTo(database);
        assertThat(content(".env")).doesNotContain(database, administrator);
        assertNobodyElseCanRead();
    }

    @Test
    void theApisKeyIsAPairForEs256() throws IOException, GeneralSecurityException, ParseException, JOSEException {
        prepare.run("--out", folder.toString()).expect(0);

        ECKey key = ECKey.parse(content("api/key.json"));

        assertThat(key.getCurve()).isEqualTo(Curve.P_256);
        assertThat(key.getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
        assertThat(key.getKeyID()).isNotEmpty();
        assertBelongTogether(key.toECPrivateKey(), key.toECPublicKey());
    }

    @Test
    void prepareAsksForTheBuildBeforeItWritesAnything() throws IOException {
        Path copy = Files.createDirectory(folder.resolve("docker"));
        for (String file : List.of("prepare.sh", "tls.sh", "compose.yaml", "Dockerfile.dockerignore")) {
            Files.copy(DOCKER.resolve(file), copy.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
        List<String> command = List.of(copy.resolve("prepare.sh").toString());
        Map<String, String> before = files();
        String version = System.getProperty("fapipack.version");
        String bundle = "providers/bundle/target/fapi-pack-for-keycloak-" + version + ".jar";
        String demo = "providers/demo/target/fapi-pack-demo-" + version + ".jar";
        String build = " is not there; build it first: ./mvnw -B -pl providers/demo -am package\n";

        assertThat(Run.of(command, Map.of()).expect(1).errors()).isEqualTo("prepare.sh: " + bundle + build);
        Files.createDirectories(folder.resolve(bundle).getParent());
        Files.createFile(folder.resolve(bundle));
        assertThat(Run.of(command, Map.of()).expect(1).errors()).isEqualTo("prepare.sh: " + demo + build);
        assertThat(copy.resolve("generated")).doesNotExist();
        assertThat(files()).containsAllEntriesOf(before).hasSize(before.size() + 1);

        Files.createDirectories(folder.resolve("providers/demo/target/lib"));
        Files.createFile(folder.resolve(demo));
        Run.of(command, Map.of()).expect(0);
        assertThat(copy.resolve("generated/api/key.json")).isNotEmptyFile();
        assertThat(copy.resolve(".env")).isNotEmptyFile();
    }

    @Test
    void prepareKeepsWhatIsThere() throws IOException, GeneralSecurityException {
        prepare.run("--out", folder.toString()).expect(0);
        Map<String, String> before = files();
        prepare.run("--out", folder.toString()).expect(0);
        assertThat(files()).isEqualTo(before);

        prepare.run("--out", folder.toString(), "--host", "as.example.com").expect(0);
        assertThat(alternativeNames(certificate("tls/keycloak.pem")))
                .containsExactlyInAnyOrder("keycloak", "as.example.com", "localhost", "127.0.0.1");
        assertThat(settings()).containsEntry("FAPI_HOST", "as.example.com");
        for (String kept : List.of(
                "tls/ca.pem", "tls/ca-key.pem", "secrets/db-password", "secrets/admin-password", "api/key.json")) {
            assertThat(files()).containsEntry(kept, before.get(kept));
        }
    }

    @Test
    void keycloakAndTheApiNeverRunAsRootAndOwnTheirFiles() throws IOException {
        prepare.run("--out", folder.toString()).expect(0);
        int uid = Integer.parseInt(settings().getProperty("FAPI_UID"));
        assertThat(uid).isPositive();
        for (String file : List.of(
                "secrets/db-password", "tls/keycloak-key.pem", "tls/api-key.pem", "tls/ca.pem", "api/key.json")) {
            assertThat(Files.getAttribute(folder.resolve(file), "unix:uid"))
                    .as(file)
                    .isEqualTo(uid);
        }
        ComposeFile compose = ComposeFile.in(DOCKER.resolve("compose.yaml"));
        for (String service : List.of("keycloak", "api")) {
            assertThat(compose.service(service).values("user"))
                    .singleElement()
                    .asString()
                    .startsWith("${FAPI_UID:?");
        }
    }

    @Test
    void prepareExplainsWrongUsage() throws IOException {
        assertThat(prepare.run("--out", folder.toString(), "--misspelt")
                        .expect(64)
                        .errors())
                .contains("Usage:");
        assertThat(prepare.run("--help").expect(0).output()).contains("--host NAME");
        assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --misspelt                     | 2 | unknown option --misspelt
            --realm                        | 2 | --realm needs a value
            --server localhost:8443        | 2 | --server must be an http(s) address
            --server http://as.example.com | 1 | would send the password unencrypted
            --cacert /no/such/file         | 1 | /no/such/file is missing
            --password-file /no/such/file  | 1 | /no/such/file is missing
            """)
    void registerApiExplainsWrongUsage(String arguments, int exitStatus, String explanation) {
        prepare.run("--out", folder.toString()).expect(0);
        List<String> command = new ArrayList<>(List.of("--generated", folder.toString()));
        command.addAll(List.of(arguments.split(" ", -1)));
        assertThat(registerApi.run(command).expect(exitStatus).errors()).contains(explanation);
        assertThat(registerApi.run("--help").expect(0).output()).contains("--app CLIENT_ID", "Exit status:");
    }

    @Test
    void registerApiNamesTheGeneratedFileItMisses() throws IOException {
        prepare.run("--out", folder.toString()).expect(0);
        for (String file : List.of("tls/ca.pem", "secrets/admin-password", "api/key.json")) {
            Files.delete(folder.resolve(file));
            assertThat(registerApi
                            .run("--generated", folder.toString())
                            .expect(1)
                            .errors())
                    .isEqualTo("register-api.sh: " + folder.resolve(file)
                            + " is missing, empty or not readable; run docker/prepare.sh first\n");
        }
    }

    @Test
    void registerApiRefusesAKeyOfAnotherKind() throws IOException {
        prepare.run("--out", folder.toString()).expect(0);
        Files.writeString(folder.resolve("api/key.json"), "{\"kty\":\"RSA\",\"d\":\"a secret\"}");
        assertThat(registerApi.run("--generated", folder.toString()).expect(1).errors())
                .contains("api/key.json does not hold a key as prepare.sh makes it")
                .doesNotContain("a secret")
                .hasLineCount(1);
    }

    @Test
    void registerApiNamesAnUnreachableServer() {
        prepare.run("--out", folder.toString()).expect(0);
        String nobody = "https://localhost:" + Ports.free();
        Run failed = registerApi
                .run("--generated", folder.toString(), "--server", nobody)
                .expect(1);
        assertThat(failed.errors())
                .startsWith("register-api.sh: cannot reach " + nobody + ": ")
                .doesNotContain("--cacert")
                .hasLineCount(1);
    }

    @Test
    void registerApiFindsTheServerByTheHostNameOfPrepare() throws IOException {
        prepare.run("--out", folder.toString(), "--host", "as.invalid").expect(0);
        assertThat(registerApi.run("--generated", folder.toString()).expect(1).errors())
                .startsWith("register-api.sh: cannot reach https://as.invalid:8443: ");

        Files.delete(folder.resolve(".env"));
        assertThat(registerApi.run("--generated", folder.toString()).expect(1).errors())
                .isEqualTo("register-api.sh: cannot read " + folder.resolve(".env")
                        + "; run docker/prepare.sh first, or name the --server\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"KC_DB_PASSWORD", "KC_BOOTSTRAP_ADMIN_PASSWORD"})
    void theEntryPointRefusesUnusableSecretFiles(String variable) throws IOException {
        RepositoryScript start = RepositoryScript.at("docker/keycloak.sh", "bash");
        Path empty = Files.createFile(folder.resolve("empty"));
        Path missing = folder.resolve("missing");

        assertThat(start.with(variable + "_FILE", empty.toString())
                        .run()
                        .expect(1)
                        .errors())
                .contains("the secret file " + empty + " named by " + variable + "_FILE is empty");
        assertThat(start.with(variable + "_FILE", missing.toString())
                        .run()
                        .expect(1)
                        .errors())
                .contains("cannot read the secret file " + missing);
        assertThat(start.with(variable, "a secret")
                        .with(variable + "_FILE", empty.toString())
                        .run()
                        .expect(1)
                        .errors())
                .contains("both " + variable + " and " + variable + "_FILE are set")
                .doesNotContain("a secret");
        assertThat(start.with("KEYCLOAK_HOME", folder.toString())
                        .run()
                        .expect(1)
                        .errors())
                .contains(folder + "/bin/kc.sh is not there");
    }

    @Test
    void theImageIsPinnedRunsWithoutRootAndHoldsNoSecret() throws IOException {
        Dockerfile dockerfile = Dockerfile.in(DOCKER.resolve("Dockerfile"));
        assertThat(dockerfile.baseImages())
                .isNotEmpty()
                .containsOnly("quay.io/keycloak/keycloak:" + System.getProperty("keycloak.version"));
        assertThat(Integer.parseInt(dockerfile.last("USER").arguments())).isPositive();
        assertThat(dockerfile.variables().keySet()).contains("KC_DB").noneMatch(name -> name.matches(SECRET_NAME));
        for (String script : List.of("keycloak.sh", "healthcheck.sh")) {
            assertThat(DOCKER.resolve(script)).isExecutable();
            assertThat(dockerfile.last("ENTRYPOINT").arguments()
                            + dockerfile.last("HEALTHCHECK").arguments())
                    .contains("/opt/keycloak/bin/" + script);
        }
    }

    @Test
    void theBuildContextHoldsWhatIsCopiedAndNothingElse() throws IOException {
        List<String> copied = Dockerfile.in(DOCKER.resolve("Dockerfile")).copiedFiles();
        String jar = "providers/bundle/target/fapi-pack-for-keycloak-%s.jar"
                .formatted(System.getProperty("fapipack.version"));
        assertThat(copied).contains(jar);
        assertThat(copied)
                .filteredOn(file -> !file.equals(jar))
                .allSatisfy(file ->
                        assertThat(RepositoryScript.root().resolve(file)).isRegularFile());

        List<String> ignoreRules = Files.readAllLines(DOCKER.resolve("Dockerfile.dockerignore"));
        assertThat(ignoreRules.get(0)).isEqualTo("*");
        assertThat(ignoreRules.subList(1, ignoreRules.size()))
                .containsExactlyInAnyOrderElementsOf(
                        copied.stream().map(file -> "!" + file).toList());
    }

    @Test
    void theComposeFileNamesNoSecretAndPublishesOnLoopbackOnly() throws IOException {
        ComposeFile compose = ComposeFile.in(DOCKER.resolve("compose.yaml"));
        assertThat(compose.lines()).noneMatch(line -> line.contains("\t"));
        for (String service : List.of("keycloak", "postgres", "api")) {
            assertThat(compose.environment(service)).isNotEmpty().allSatisfy((name, value) -> {
                if (name.matches(SECRET_NAME)) {
                    assertThat(name).endsWith("_FILE");
                    assertThat(value).startsWith("/run/");
                }
            });
        }
        assertThat(compose.environment("keycloak"))
                .containsEntry("KC_BOOTSTRAP_ADMIN_PASSWORD_FILE", "/run/secrets/admin-password");
        assertThat(compose.items("ports")).isNotEmpty().allMatch(port -> port.startsWith("127.0.0.1:"));
        assertThat(compose.values("image"))
                .contains("fapi-pack-keycloak:" + System.getProperty("fapipack.version"))
                .allMatch(image -> image.matches(".+:\\d.*"), "pinned");
        assertThat(Files.readAllLines(DOCKER.resolve(".gitignore"))).contains("/generated/", "/.env");
    }

    @Test
    void theApiIsConfinedAndGetsFilesThatAreBuiltOrPrepared() throws IOException {
        prepare.run("--out", folder.toString()).expect(0);
        ComposeFile compose = ComposeFile.in(DOCKER.resolve("compose.yaml"));
        ComposeFile api = compose.service("api");

        assertThat(api.values("read_only")).containsExactly("true");
        assertThat(api.items("cap_drop")).containsExactly("ALL");
        assertThat(api.items("security_opt")).containsExactly("no-new-privileges:true");
        assertThat(api.items("ports"))
                .as("published by the service it shares the network with")
                .isEmpty();
        assertThat(api.values("network_mode")).containsExactly("service:keycloak");
        assertThat(compose.service("keycloak").items("ports"))
                .contains("127.0.0.1:%1$s:%1$s"
                        .formatted(compose.environment("api").get("API_PORT")));
        assertThat(compose.service("keycloak").items("extra_hosts"))
                .as("the issuer's host name inside")
                .containsExactly("${FAPI_HOST:-localhost}:127.0.0.1");

        Map<String, String> mounts = compose.readOnlyMounts("api");
        assertThat(mounts).hasSameSizeAs(api.items("volumes"));
        String demo = "../providers/demo/target/";
        assertThat(mounts)
                .containsEntry(
                        "/opt/api/api.jar",
                        demo + "fapi-pack-demo-%s.jar".formatted(System.getProperty("fapipack.version")))
                .containsEntry("/opt/api/lib", demo + "lib");
        assertThat(mounts.values())
                .filteredOn(source -> !source.startsWith(demo))
                .isNotEmpty()
                .allSatisfy(source -> {
                    assertThat(source).startsWith("./generated/");
                    assertThat(folder.resolve(source.substring("./generated/".length())))
                            .isNotEmptyFile();
                });
        assertThat(compose.environment("api").entrySet())
                .filteredOn(variable -> variable.getKey().endsWith("_FILE"))
                .hasSize(4)
                .allSatisfy(variable -> assertThat(mounts).containsKey(variable.getValue()));
    }

    private X509Certificate certificate(String name) throws IOException, GeneralSecurityException {
        try (InputStream pem = Files.newInputStream(folder.resolve(name))) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(pem);
        }
    }

    /** Throws when the JDK's validator does not accept the chain. */
    private void assertIssuedByOurCa(X509Certificate certificate) throws IOException, GeneralSecurityException {
        PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(certificate("ca.pem"), null)));
        parameters.setRevocationEnabled(false);
        CertPathValidator.getInstance("PKIX")
                .validate(CertificateFactory.getInstance("X.509").generateCertPath(List.of(certificate)), parameters);
    }

    private static List<String> alternativeNames(X509Certificate certificate) throws GeneralSecurityException {
        return certificate.getSubjectAlternativeNames().stream()
                .map(name -> (String) name.get(1))
                .toList();
    }

    private void assertKeyBelongsTo(X509Certificate certificate, String keyFile)
            throws IOException, GeneralSecurityException {
        String pem = content(keyFile);
        assertThat(pem).as("PKCS#8, the form Keycloak reads").startsWith("-----BEGIN PRIVATE KEY-----");
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(
                        new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.replaceAll("-----.*-----", ""))));
        assertBelongTogether(key, certificate.getPublicKey());
    }

    private static void assertBelongTogether(PrivateKey key, PublicKey publicKey) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update("proof".getBytes(UTF_8));
        byte[] proof = signature.sign();
        signature.initVerify(publicKey);
        signature.update("proof".getBytes(UTF_8));
        assertThat(signature.verify(proof)).isTrue();
    }

    private void assertNobodyElseCanRead() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            assertThat(all.filter(Files::isRegularFile).toList())
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    /** Path and SHA-256 of everything that was written: a test that fails prints them. */
    private Map<String, String> files() throws IOException {
        Map<String, String> digests = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                digests.put(folder.relativize(file).toString(), sha256(file));
            }
        }
        return digests;
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException(missing);
        }
    }

    private String content(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    private Properties settings() throws IOException {
        Properties settings = new Properties();
        try (InputStream file = Files.newInputStream(folder.resolve(".env"))) {
            settings.load(file);
        }
        return settings;
    }
}
