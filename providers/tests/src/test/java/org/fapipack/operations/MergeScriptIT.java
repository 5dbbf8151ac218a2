package org.fapipack.operations;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateEncodingException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.operations.RepositoryScript.Run;
import org.fapipack.testkit.admin.AdminApi;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.server.Administrator;
import org.fapipack.testkit.server.Ports;
import org.fapipack.testkit.tls.TestPki;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code client-policies/merge.sh} on realms of a running server. */
class MergeScriptIT {

    private static final String DPOP = "fapi-pack-2-message-signing-dpop";
    private static final String MTLS = "fapi-pack-2-message-signing-mtls";
    private static final String EITHER = "fapi-pack-2-message-signing";
    private static final String RESOURCE_SERVER = "fapi-pack-resource-server";

    private static KeycloakUnderTest keycloak;
    private static RepositoryScript merge;
    private static List<Map<String, Object>> ourProfiles;
    private static List<Map<String, Object>> ourPolicies;
    private static String realm;

    @TempDir
    private Path backups;

    @TempDir
    private Path secrets;

    @BeforeAll
    static void readOurFiles() throws IOException {
        keycloak = KeycloakUnderTest.running();
        merge = RepositoryScript.at("client-policies/merge.sh", "bash", "curl", "jq", "diff");
        ourProfiles = shipped("profiles");
        ourPolicies = shipped("policies");
        realm = keycloak.plainRealm();
    }

    private static List<Map<String, Object>> shipped(String kind) throws IOException {
        Path file = RepositoryScript.root().resolve("client-policies/fapi2-message-signing." + kind + ".json");
        return Json.objects((List<?>) Json.object(Files.readString(file)).get(kind));
    }

    @BeforeEach
    void emptyRealm() {
        keycloak.admin().updateRealm(realm, Map.of("adminEventsEnabled", false));
        save(List.of(), List.of());
    }

    @Test
    void addsOursBehindWhatIsThereAndKeepsItInOrder() {
        List<Map<String, Object>> profiles = List.of(profile("zebra", "confidential-client"), profile("aardvark"));
        List<Map<String, Object>> policies = List.of(policy("zebra", "zebra", "aardvark"), policy("aardvark"));
        save(profiles, policies);

        assertThat(run().expect(0).output()).contains("realm " + realm + ": profiles and policies are in place");

        assertThat(profiles()).usingRecursiveComparison().isEqualTo(joined(profiles, ourProfiles));
        assertThat(policies()).usingRecursiveComparison().isEqualTo(joined(policies, ourPolicies));
    }

    @Test
    void replacesAnEarlierVersionOfOursWhereItStands() {
        Map<String, Object> zebra = profile("zebra", "confidential-client");
        Map<String, Object> aardvark = profile("aardvark");
        save(List.of(zebra, profile(MTLS, "fapi-jarm"), aardvark), List.of());

        run().expect(0);

        assertThat(profiles())
                .usingRecursiveComparison()
                .isEqualTo(List.of(
                        zebra,
                        named(ourProfiles, MTLS),
                        aardvark,
                        named(ourProfiles, DPOP),
                        named(ourProfiles, EITHER),
                        named(ourProfiles, RESOURCE_SERVER)));
    }

    @Test
    void aSecondRunWritesNothing() {
        save(List.of(profile("zebra")), List.of(policy("zebra", "zebra")));
        run().expect(0);
        List<Map<String, Object>> profiles = profiles();
        List<Map<String, Object>> policies = policies();
        recordAdminEvents();

        assertThat(run().expect(0).output()).isEqualTo("realm " + realm + ": nothing to change\n");

        assertThat(adminEvents()).isEmpty();
        assertThat(profiles()).isEqualTo(profiles);
        assertThat(policies()).isEqualTo(policies);
        assertThat(backupFiles()).as("the first run's").hasSize(1);
    }

    @Test
    void aDryRunShowsTheDifferenceAndWritesNothing() {
        save(List.of(profile("zebra")), List.of());
        recordAdminEvents();

        String difference = run("--dry-run").expect(0).output();

        assertThat(difference)
                .contains("--- profiles now", "+++ policies then", "dry run, nothing was written")
                .containsPattern("(?m)^\\+ +\"name\": \"" + DPOP + "\"")
                .doesNotContainPattern("(?m)^[+-] +\"name\": \"zebra\"");
        assertThat(adminEvents()).isEmpty();
        assertThat(profiles()).extracting(profile -> profile.get("name")).containsExactly("zebra");
        assertThat(policies()).isEmpty();
        assertThat(backupFiles()).isEmpty();
    }

    @Test
    void refusesAProfileThatOnlyHasOurName() {
        List<Map<String, Object>> profiles = List.of(profile(DPOP, "confidential-client"), profile("zebra"));
        save(profiles, List.of());

        Run refused = run().expect(1);

        assertThat(refused.errors())
                .contains("entries with our names that are not ours", "  profile " + DPOP, "--force", "nothing was");
        assertThat(profiles()).usingRecursiveComparison().isEqualTo(profiles);
        assertThat(policies()).isEmpty();
        assertThat(backupFiles()).isEmpty();

        run("--force").expect(0);
        assertThat(profiles().get(0)).usingRecursiveComparison().isEqualTo(named(ourProfiles, DPOP));
        assertThat(profiles()).hasSize(ourProfiles.size() + 1);
    }

    @Test
    void refusesAPolicyThatOnlyHasOurName() {
        List<Map<String, Object>> policies = List.of(policy(RESOURCE_SERVER, "zebra"));
        save(List.of(profile("zebra")), policies);

        assertThat(run().expect(1).errors()).contains("  policy " + RESOURCE_SERVER);
        assertThat(policies()).usingRecursiveComparison().isEqualTo(policies);

        run("--force").expect(0);
        assertThat(named(policies(), RESOURCE_SERVER))
                .usingRecursiveComparison()
                .isEqualTo(named(ourPolicies, RESOURCE_SERVER));
    }

    @Test
    void newPoliciesCanComeSwitchedOffAndStayAsTheAdministratorLeavesThem() {
        run("--disabled").expect(0);
        assertThat(policies())
                .hasSize(3)
                .allSatisfy(policy -> assertThat(policy).containsEntry("enabled", false));

        List<Map<String, Object>> policies = policies();
        policies.get(1).put("enabled", true);
        policies.get(1).put("description", "an older text");
        keycloak.admin().setClientPolicies(realm, policies);
        run().expect(0);

        assertThat(policies()).extracting(policy -> policy.get("enabled")).containsExactly(false, true, false);
        assertThat(policies().get(1))
                .containsEntry("description", ourPolicies.get(1).get("description"));
    }

    @Test
    void removesOursAndNothingElse() {
        List<Map<String, Object>> profiles = List.of(profile("zebra", "confidential-client"), profile("aardvark"));
        List<Map<String, Object>> policies = List.of(policy("zebra", "zebra", "aardvark"), policy("aardvark"));
        save(profiles, policies);
        run().expect(0);

        assertThat(run("--remove").expect(0).output()).contains("our profiles and policies are out");

        assertThat(profiles()).usingRecursiveComparison().isEqualTo(profiles);
        assertThat(policies()).usingRecursiveComparison().isEqualTo(policies);
        assertThat(run("--remove").expect(0).output()).isEqualTo("realm " + realm + ": nothing to change\n");
    }

    @Test
    void doesNotPullAProfileFromUnderAForeignPolicy() {
        run().expect(0);
        List<Map<String, Object>> policies = joined(policies(), List.of(policy("zebra", DPOP)));
        keycloak.admin().setClientPolicies(realm, policies);

        assertThat(run("--remove").expect(1).errors()).contains("not ours but use our profiles", "  zebra");
        assertThat(policies()).usingRecursiveComparison().isEqualTo(policies);
        assertThat(profiles()).hasSameSizeAs(ourProfiles);

        run("--remove", "--force").expect(0);
        assertThat(policies()).usingRecursiveComparison().isEqualTo(List.of(policy("zebra")));
        assertThat(profiles()).isEmpty();
    }

    @Test
    void saysWhichForeignProfilesStillNeedTheJar() {
        run().expect(0);
        keycloak.admin().setClientProfiles(realm, joined(profiles(), List.of(profile("zebra", "fapi-jarm"))));

        assertThat(run("--remove").expect(3).errors()).contains("still use executors of the JAR", "  zebra");
        assertThat(run("--remove").expect(3).output()).contains("nothing to change");
        assertThat(profiles()).extracting(profile -> profile.get("name")).containsExactly("zebra");
    }

    @Test
    void theCommandItPrintsPutsTheOldListsBack() throws IOException {
        List<Map<String, Object>> profiles = List.of(profile("zebra"));
        List<Map<String, Object>> policies = List.of(policy("zebra", "zebra"));
        save(profiles, policies);

        String goBack = run().expect(0)
                .output()
                .lines()
                .filter(line -> line.startsWith("to go back: "))
                .findFirst()
                .orElseThrow()
                .substring("to go back: ".length());

        assertThat(backupFiles())
                .singleElement()
                .satisfies(backup -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                        .isEqualTo("rw-------"));
        assertThat(profiles()).hasSize(ourProfiles.size() + 1);
        Run.of(List.of("bash", "-c", "cd \"$0\" && " + goBack, backups.toString()), Map.of())
                .expect(0);
        assertThat(profiles()).usingRecursiveComparison().isEqualTo(profiles);
        assertThat(policies()).usingRecursiveComparison().isEqualTo(policies);
    }

    @Test
    void aBackupOfAnotherRealmIsRefused() {
        run().expect(0);
        String other = keycloak.plainRealm();
        assertThat(run("--realm", other, "--restore", backupFiles().get(0).toString())
                        .expect(1)
                        .errors())
                .contains("was taken from realm " + realm + ", not from " + other);
        assertThat(keycloak.admin().clientProfiles(other)).isEmpty();
    }

    @Test
    void takesATokenInsteadOfAPassword() {
        Administrator administrator = keycloak.server().administrator();
        String token = (String) HttpCaller.over(keycloak.pki().sslContext())
                .post(
                        URI.create(keycloak.server().issuer("master") + "/protocol/openid-connect/token"),
                        Form.of(
                                "grant_type",
                                "password",
                                "client_id",
                                "admin-cli",
                                "username",
                                administrator.username(),
                                "password",
                                administrator.password()))
                .expect(200)
                .json()
                .get("access_token");
        List<String> arguments = List.of(
                "--server",
                keycloak.server().baseUri().toString(),
                "--cacert",
                keycloak.pki().caPem().toString(),
                "--backup-dir",
                backups.toString(),
                "--realm",
                realm);

        Run done = merge.with("KC_TOKEN", token).run(arguments).expect(0);
        assertThat(done.output() + done.errors()).doesNotContain(token);
        assertThat(profiles()).hasSameSizeAs(ourProfiles);
        assertThat(merge.with("KC_TOKEN", "x").run(arguments).expect(1).errors())
                .isEqualTo("merge.sh: not authorized (401): the token is expired or not for the Admin API of this"
                        + " server\n");
    }

    @Test
    void anAdministratorWithoutTheRoleIsToldWhichOneIsMissing() {
        keycloak.admin().createUser(realm, "clerk", "clerk's password");
        Run refused = merge.run(arguments("clerk", "clerk's password", "--auth-realm", realm))
                .expect(1);
        assertThat(refused.errors()).startsWith("merge.sh: forbidden (403)").contains("manage-realm");
    }

    @Test
    void aWrongPasswordIsRefusedInOneLine() {
        String administrator = keycloak.server().administrator().username();
        Run refused = merge.run(arguments(administrator, "wrong-password")).expect(1);
        assertThat(refused.errors())
                .startsWith("merge.sh: login as " + administrator + " in realm master refused (400): invalid_grant")
                .doesNotContain("wrong-password")
                .hasLineCount(1);
        assertThat(refused.output()).isEmpty();
        assertThat(profiles()).isEmpty();
    }

    @Test
    void anUnknownRealmIsNamed() {
        assertThat(run("--realm", "no-such-realm").expect(1).errors())
                .isEqualTo("merge.sh: realm no-such-realm does not exist on "
                        + keycloak.server().baseUri() + " (404)\n");
        assertThat(run("--auth-realm", "no-such-realm").expect(1).errors())
                .isEqualTo("merge.sh: realm no-such-realm does not exist on "
                        + keycloak.server().baseUri() + "; see --auth-realm\n");
    }

    @Test
    void anUnreachableServerIsNamed() {
        String nobody = "https://localhost:" + Ports.free();
        assertThat(run("--server", nobody).expect(1).errors())
                .startsWith("merge.sh: cannot reach " + nobody + ": ")
                .hasLineCount(1);
    }

    @Test
    void aServerThatIsNotTrustedGetsNoPassword() throws IOException, CertificateEncodingException {
        Path stranger = secrets.resolve("another-ca.pem");
        Files.writeString(
                stranger,
                "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
                        .formatted(Base64.getMimeEncoder()
                                .encodeToString(TestPki.selfSigned("CN=Another CA")
                                        .certificate()
                                        .getEncoded())));
        assertThat(run("--cacert", stranger.toString()).expect(1).errors())
                .startsWith("merge.sh: cannot reach " + keycloak.server().baseUri() + ": ")
                .endsWith("see --cacert\n");
    }

    @Test
    void aServerThatSpeaksNoTlsIsNamed() throws IOException {
        try (ServerSocket plain = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread server = new Thread(() -> answerInPlainText(plain), "plain-text");
            server.setDaemon(true);
            server.start();
            String address = "https://127.0.0.1:" + plain.getLocalPort();
            assertThat(run("--server", address).expect(1).errors())
                    .startsWith("merge.sh: cannot reach " + address + ": (35) ")
                    .endsWith("; see --cacert\n")
                    .hasLineCount(1);
        }
    }

    private static void answerInPlainText(ServerSocket server) {
        try (Socket client = server.accept()) {
            client.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
            client.shutdownOutput();
            client.getInputStream().readAllBytes();
        } catch (IOException gone) {
            throw new UncheckedIOException(gone);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --realm x                                                 | 2 | --server is missing
            --server https://localhost                                | 2 | --realm is missing
            --server https://localhost --realm                        | 2 | --realm needs a value
            --server https://localhost --realm x                      | 2 | --user and --password-file are needed
            --server localhost:8443 --realm x                         | 2 | --server must be an http(s) address
            --server https://localhost --realm x --misspelt           | 2 | unknown option --misspelt
            --realm x --remove --restore y                            | 2 | exclude each other
            --server http://as.example.com --realm x                  | 1 | would send the credentials unencrypted
            --server https://localhost --realm x --user y --password-file /no/such/file | 1 | cannot read the password
            """)
    void wrongUsageIsExplained(String arguments, int exitStatus, String explanation) {
        assertThat(merge.run(arguments.split(" ", -1)).expect(exitStatus).errors())
                .contains(explanation);
    }

    @Test
    void helpListsTheExitStatus() {
        assertThat(merge.run("--help").expect(0).output()).contains("--dry-run", "--remove", "Exit status:");
    }

    /** As the realm's administrator; a repeated option replaces the earlier one. */
    private Run run(String... options) {
        Administrator administrator = keycloak.server().administrator();
        return merge.run(arguments(administrator.username(), administrator.password(), options));
    }

    private List<String> arguments(String user, String password, String... options) {
        Path passwordFile = secrets.resolve(user);
        try {
            Files.writeString(passwordFile, password + "\n");
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        List<String> arguments = new ArrayList<>(List.of(
                "--server",
                keycloak.server().baseUri().toString(),
                "--cacert",
                keycloak.pki().caPem().toString(),
                "--realm",
                realm,
                "--user",
                user,
                "--password-file",
                passwordFile.toString(),
                "--backup-dir",
                backups.toString()));
        arguments.addAll(List.of(options));
        return arguments;
    }

    private List<Path> backupFiles() {
        try (Stream<Path> files = Files.list(backups)) {
            return files.toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private void save(List<Map<String, Object>> profiles, List<Map<String, Object>> policies) {
        AdminApi admin = keycloak.admin();
        admin.setClientProfiles(realm, profiles);
        admin.setClientPolicies(realm, policies);
        assertThat(profiles()).usingRecursiveComparison().isEqualTo(profiles);
        assertThat(policies()).usingRecursiveComparison().isEqualTo(policies);
    }

    private List<Map<String, Object>> profiles() {
        return keycloak.admin().clientProfiles(realm);
    }

    private List<Map<String, Object>> policies() {
        return keycloak.admin().clientPolicies(realm);
    }

    private void recordAdminEvents() {
        keycloak.admin().updateRealm(realm, Map.of("adminEventsEnabled", true));
        keycloak.admin().delete("/" + realm + "/admin-events").expect(204);
    }

    private List<Map<String, Object>> adminEvents() {
        return Json.objects(
                keycloak.admin().get("/" + realm + "/admin-events").expect(200).body());
    }

    private static Map<String, Object> profile(String name, String... executors) {
        Map<String, Object> profile = new LinkedHashMap<>();
        profile.put("name", name);
        profile.put("description", name + "'s own profile");
        profile.put(
                "executors",
                Stream.of(executors)
                        .map(executor -> Map.of("executor", executor, "configuration", Map.of()))
                        .toList());
        return profile;
    }

    private static Map<String, Object> policy(String name, String... profiles) {
        Map<String, Object> policy = new LinkedHashMap<>();
        policy.put("name", name);
        policy.put("description", name + "'s own policy");
        policy.put("enabled", true);
        policy.put("conditions", List.of(Map.of("condition", "any-client", "configuration", Map.of())));
        policy.put("profiles", List.of(profiles));
        return policy;
    }

    private static Map<String, Object> named(List<Map<String, Object>> list, String name) {
        return list.stream()
                .filter(entry -> name.equals(entry.get("name")))
                .findFirst()
                .orElseThrow();
    }

    private static <T> List<T> joined(List<T> first, List<T> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }
}
