package org.fapipack.demo.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.consentstore.AmountLimit;
import org.fapipack.testkit.consentstore.ConsentStoreServer;
import org.fapipack.testkit.consentstore.KeptConsent;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.tls.TestPki;

/**
 * A bank's store of consents as a program, in memory; ends with SIGTERM. Prints {@code ready}, a space and its URL as soon as it serves, then a line
 * for each call: what was asked, and why it was not believed, where it was not.
 */
public final class ConsentStore {

    /** The port to listen on, on loopback; 0 for any free one. */
    public static final String PORT = "STORE_PORT";

    /** The realm whose calls are believed; its keys are found through its metadata. */
    public static final String ISSUER = "STORE_ISSUER";

    /** The authority of Keycloak's certificate, and of client certificates. */
    public static final String CA_FILE = "STORE_CA_FILE";

    public static final String TLS_CERTIFICATE_FILE = "STORE_TLS_CERTIFICATE_FILE";

    /** PKCS#8 in PEM, not encrypted. */
    public static final String TLS_KEY_FILE = "STORE_TLS_KEY_FILE";

    /** {@code true}: nobody comes in without a client certificate. */
    public static final String CERTIFICATE_NEEDED = "STORE_CERTIFICATE_NEEDED";

    /** A JSON array of objects with {@code id}, {@code client_id}, {@code type} and {@code consent}; optional. */
    public static final String CONSENTS_FILE = "STORE_CONSENTS_FILE";

    /** Where consents have an amount, with dots for members of members; with it, new consents are judged. Optional. */
    public static final String AMOUNT_MEMBER = "STORE_AMOUNT_MEMBER";

    /** The highest amount that is accepted. */
    public static final String MAX_AMOUNT = "STORE_MAX_AMOUNT";

    /** The code of refusals, one of the type's {@code refusal-codes}; optional. */
    public static final String REFUSAL_CODE = "STORE_REFUSAL_CODE";

    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int MAX_PORT = 65_535;

    private ConsentStore() {}

    public static void main(String[] arguments) throws InterruptedException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
        if (arguments.length > 0) {
            end(USAGE, "unknown argument " + arguments[0] + "; settings are environment variables");
        }
        try {
            ConsentStoreServer server = start(System.getenv(), out);
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
            out.println(AccountsApi.READY + server.url());
        } catch (SettingsException e) {
            end(USAGE, e.getMessage());
        } catch (UncheckedIOException e) {
            end(FAILED, e.getMessage() + ": " + e.getCause().getMessage());
        }
        new CountDownLatch(1).await(); // until a signal
    }

    /** Starts a store with these settings. */
    static ConsentStoreServer start(Map<String, String> environment, PrintStream out) {
        int port = port(required(environment, PORT));
        URI issuer = issuer(required(environment, ISSUER));
        TestPki pki = TestPki.of(
                PemFiles.certificate(CA_FILE, file(environment, CA_FILE)),
                PemFiles.identity(
                        TLS_CERTIFICATE_FILE,
                        file(environment, TLS_CERTIFICATE_FILE),
                        TLS_KEY_FILE,
                        file(environment, TLS_KEY_FILE)));
        FapiClient keys = FapiClient.of(pki, issuer, "consent-store").build();
        ConsentStoreServer.Builder store = ConsentStoreServer.of(pki, issuer, keys::issuerKeys)
                .port(port)
                .onCall(call -> out.println(call.method()
                        + ' '
                        + call.path()
                        + call.refusal().map(reason -> " refused: " + reason).orElse("")));
        if ("true".equals(environment.get(CERTIFICATE_NEEDED))) {
            store.certificateNeeded();
        }
        optional(environment, AMOUNT_MEMBER)
                .map(member -> new AmountLimit(
                        member, amount(required(environment, MAX_AMOUNT)), optional(environment, REFUSAL_CODE)))
                .ifPresent(store::judge);
        Map<String, KeptConsent> consents = optional(environment, CONSENTS_FILE)
                .map(name -> consents(file(environment, CONSENTS_FILE)))
                .orElse(Map.of());
        ConsentStoreServer server = store.start();
        consents.values().forEach(server::put);
        return server;
    }

    private static Map<String, KeptConsent> consents(Path file) {
        try {
            Map<String, KeptConsent> consents = new LinkedHashMap<>();
            for (Map<String, Object> consent : Json.objects(Files.readString(file))) {
                String id = text(consent, "id");
                consents.put(
                        id,
                        KeptConsent.lodged(
                                id,
                                text(consent, "client_id"),
                                text(consent, "type"),
                                Json.write(Json.object(consent.get("consent")))));
            }
            return consents;
        } catch (IOException unreadable) {
            throw PemFiles.unreadable(CONSENTS_FILE, file);
        } catch (IllegalArgumentException | ClassCastException notSo) {
            throw new SettingsException(
                    CONSENTS_FILE + ": an array of objects with id, client_id, type and consent is needed in " + file);
        }
    }

    private static String text(Map<String, Object> consent, String member) {
        return Json.text(consent, member).orElseThrow(() -> new IllegalArgumentException(member));
    }

    private static Optional<String> optional(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static String required(Map<String, String> environment, String name) {
        return optional(environment, name).orElseThrow(() -> new SettingsException(name + " is not set"));
    }

    private static Path file(Map<String, String> environment, String name) {
        try {
            return Path.of(required(environment, name));
        } catch (InvalidPathException e) {
            throw new SettingsException(name + " needs the name of a file");
        }
    }

    private static int port(String text) {
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= MAX_PORT) {
            return Integer.parseInt(text);
        }
        throw new SettingsException(PORT + " needs a number from 0 to " + MAX_PORT + ", not " + text);
    }

    private static BigDecimal amount(String text) {
        if (text.matches("[0-9]{1,16}(\\.[0-9]{1,4})?")) {
            return new BigDecimal(text);
        }
        throw new SettingsException(MAX_AMOUNT + " needs an amount like 1000.00, not " + text);
    }

    private static URI issuer(String text) {
        if (text.matches("https://[^/?#@\\s]+(/[^?#\\s]*[^/?#\\s])?")) {
            try {
                return URI.create(text);
            } catch (IllegalArgumentException e) {
                throw new SettingsException(ISSUER + " needs an https address, not " + text);
            }
        }
        throw new SettingsException(ISSUER + " needs an https address, not " + text);
    }

    private static void end(int exitCode, String message) {
        System.err.println("consent-store: " + message);
        System.exit(exitCode);
    }
}
