package org.fapipack.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.fapipack.demo.api.AccountsApi;
import org.fapipack.testkit.admin.AdminApi;
import org.fapipack.testkit.client.RandomText;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.server.Administrator;
import org.fapipack.testkit.server.DistributionKeycloak;
import org.fapipack.testkit.server.KeycloakStartException;
import org.fapipack.testkit.tls.TestPki;

/**
 * Everything that has to be there before the flow begins: certificates, server, realm, parties.
 *
 * @param <P> the parties
 */
final class Stage<P> implements AutoCloseable {

    private static final int PASSWORD_OCTETS = 12;

    private final String realm;
    private final TestPki pki;
    private final DistributionKeycloak keycloak;
    private final P parties;
    private final ApiProcess api;
    private final Walkthrough.Customer customer;

    /**
     * Where it is set.
     *
     * @param target the demo module's build folder: distribution, provider JAR, and a place for keys and logs
     * @param repository the checkout, for the realm template
     * @param port of the server
     */
    record Place(Path target, Path repository, int port, Terminal terminal) {

        /** The folder of keys, certificates, logs and evidence. */
        Path work() {
            return target.resolve("demo");
        }

        /** The folder of realm templates. */
        Path templates() {
            return repository.resolve("realm-exports");
        }
    }

    /**
     * How the account API asks about tokens, and what it asks of messages.
     *
     * @param key for private_key_jwt
     * @param responseAlgorithm of signed answers, or {@link AccountsApi#UNSIGNED}
     * @param evidence the folder for requests, which then have to be signed; empty: no message is
     */
    record ApiSettings(SigningKey key, String responseAlgorithm, Optional<Path> evidence) {}

    /** Adds everybody to the realm. */
    interface Cast<P> {
        P create(DistributionKeycloak keycloak, AdminApi admin, TestPki pki, String password);
    }

    private Stage(
            String realm,
            TestPki pki,
            DistributionKeycloak keycloak,
            P parties,
            ApiProcess api,
            Walkthrough.Customer customer) {
        this.realm = realm;
        this.pki = pki;
        this.keycloak = keycloak;
        this.parties = parties;
        this.api = api;
        this.customer = customer;
    }

    /**
     * Sets the stage.
     *
     * @param realm the name of a template, and of the realm made from it
     * @param customer the name of the customer whom the cast adds
     * @param settings of the resource server that the cast adds
     */
    static <P> Stage<P> set(
            Place place, String realm, String customer, Cast<P> cast, Function<P, ApiSettings> settings) {
        Path work = place.work();
        TestPki pki = TestPki.in(work.resolve("tls"));
        Path jar = theOne(place.target().resolve("provider"), "fapi-pack-for-keycloak-", ".jar");
        Path file = place.templates().resolve(realm).resolve(realm + "-realm.json");
        if (!Files.isRegularFile(file)) {
            throw new KeycloakStartException("the realm template " + file + " is missing");
        }
        Terminal terminal = place.terminal();
        DistributionKeycloak keycloak = terminal.during(
                "preparing",
                () -> DistributionKeycloak.in(theOne(place.target(), "keycloak-", ""))
                        .providers(jar)
                        .tls(pki)
                        .httpsPort(place.port())
                        .administrator(new Administrator("admin", RandomText.ofOctets(PASSWORD_OCTETS)))
                        .realmImports(file)
                        .environment("FAPI_REALM_NAME", realm)
                        .logFolder(work)
                        .onProgress(terminal::phase)
                        .start());
        String password = RandomText.ofOctets(PASSWORD_OCTETS);
        try {
            P parties = terminal.during(
                    "adding clients, an API and a customer to the realm " + realm,
                    () -> cast.create(keycloak, new AdminApi(keycloak, pki), pki, password));
            ApiProcess api = terminal.during(
                    "starting the account API",
                    () -> ApiProcess.start(work, pki, keycloak.issuer(realm), settings.apply(parties)));
            return new Stage<>(realm, pki, keycloak, parties, api, new Walkthrough.Customer(customer, password));
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

    String realm() {
        return realm;
    }

    P parties() {
        return parties;
    }

    ApiProcess api() {
        return api;
    }

    Walkthrough.Customer customer() {
        return customer;
    }

    @Override
    public void close() {
        api.close();
        keycloak.close();
    }
}
