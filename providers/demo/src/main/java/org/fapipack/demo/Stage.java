package org.fapipack.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.fapipack.testkit.admin.AdminApi;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.client.RandomText;
import org.fapipack.testkit.overlay.Sandbox;
import org.fapipack.testkit.server.Administrator;
import org.fapipack.testkit.server.DistributionKeycloak;
import org.fapipack.testkit.server.KeycloakStartException;
import org.fapipack.testkit.tls.TestPki;

/** Everything that has to be there before the flow begins: certificates, server, realm, parties. */
final class Stage implements AutoCloseable {

    static final String REALM = "fapi2-message-signing";
    static final String CUSTOMER = "alice";
    static final String CONSENT_TEXT = Sandbox.SCOPE_CONSENT_TEXT;

    private static final String REALM_FILE = "realm-exports/fapi2-message-signing/fapi2-message-signing-realm.json";
    private static final int PASSWORD_OCTETS = 12;

    private final TestPki pki;
    private final DistributionKeycloak keycloak;
    private final Sandbox sandbox;
    private final ApiProcess api;
    private final String customerPassword;

    private Stage(
            TestPki pki, DistributionKeycloak keycloak, Sandbox sandbox, ApiProcess api, String customerPassword) {
        this.pki = pki;
        this.keycloak = keycloak;
        this.sandbox = sandbox;
        this.api = api;
        this.customerPassword = customerPassword;
    }

    /**
     * Sets the stage.
     *
     * @param target the demo module's build folder: distribution, provider JAR, and a place for keys and logs
     * @param repository the checkout, for the realm template
     */
    static Stage set(Path target, Path repository, int port, Terminal terminal) {
        Path work = target.resolve("demo");
        TestPki pki = TestPki.in(work.resolve("tls"));
        Path jar = theOne(target.resolve("provider"), "fapi-pack-for-keycloak-", ".jar");
        Path realm = repository.resolve(REALM_FILE);
        if (!Files.isRegularFile(realm)) {
            throw new KeycloakStartException("the realm template " + realm + " is missing");
        }
        DistributionKeycloak keycloak = terminal.during(
                "preparing",
                () -> DistributionKeycloak.in(theOne(target, "keycloak-", ""))
                        .providers(jar)
                        .tls(pki)
                        .httpsPort(port)
                        .administrator(new Administrator("admin", RandomText.ofOctets(PASSWORD_OCTETS)))
                        .realmImports(realm)
                        .environment("FAPI_REALM_NAME", REALM)
                        .logFolder(work)
                        .onProgress(terminal::phase)
                        .start());
        String customerPassword = RandomText.ofOctets(PASSWORD_OCTETS);
        try {
            Sandbox sandbox = terminal.during(
                    "adding two clients, an API and a customer to the realm " + REALM,
                    () -> Sandbox.createIn(
                            REALM, keycloak, new AdminApi(keycloak, pki), pki, CUSTOMER, customerPassword));
            ApiProcess api = terminal.during(
                    "starting the account API",
                    () -> ApiProcess.start(work, pki, keycloak.issuer(REALM), sandbox.resourceServerKey()));
            return new Stage(pki, keycloak, sandbox, api, customerPassword);
        } catch (RuntimeException e) {
            keycloak.close();
            throw e;
        }
    }

    private static Path theOne(Path folder, String prefix, String suffix) {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> matching = entries.filter(
                            entry -> entry.getFileName().toString().startsWith(prefix))
                    .filter(entry -> entry.getFileName().toString().endsWith(suffix))
                    .sorted()
                    .toList();
            if (matching.size() == 1) {
                return matching.get(0);
            }
            throw new KeycloakStartException(
                    "expected one " + prefix + "*" + suffix + " in " + folder + ", found " + matching.size());
        } catch (IOException e) {
            throw new KeycloakStartException("cannot read " + folder + ": run ./providers/demo/run", e);
        }
    }

    TestPki pki() {
        return pki;
    }

    DistributionKeycloak keycloak() {
        return keycloak;
    }

    Sandbox sandbox() {
        return sandbox;
    }

    ApiProcess api() {
        return api;
    }

    Browser browser() {
        return sandbox.browser();
    }

    Walkthrough.Customer customer() {
        return new Walkthrough.Customer(CUSTOMER, customerPassword);
    }

    @Override
    public void close() {
        api.close();
        keycloak.close();
    }
}
