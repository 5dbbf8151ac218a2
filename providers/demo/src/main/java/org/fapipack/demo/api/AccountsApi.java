package org.fapipack.demo.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.fapipack.testkit.overlay.Sandbox;
import org.fapipack.testkit.resource.ResourceServer;

/**
 * The protected API as a program. Prints {@code ready}, a space and its address as soon as it serves; ends with SIGTERM.
 *
 * <p>With {@code --child} it also ends with its standard input, so that no orphan stays, and prints each introspection as a
 * line of JSON. These lines hold whole tokens: they are for a parent process, not for a log.
 */
public final class AccountsApi {

    /** The IP address to listen on; 127.0.0.1 unless set. */
    public static final String BIND_ADDRESS = "API_BIND_ADDRESS";

    /** The port to listen on; 0 for any free one. */
    public static final String PORT = "API_PORT";

    /** The address that clients use and DPoP proofs name; {@code https://localhost} with the port unless set. */
    public static final String PUBLIC_URL = "API_PUBLIC_URL";

    public static final String ISSUER = "API_ISSUER";

    /** The API's client id at the issuer, which tokens for it have in {@code aud}. */
    public static final String CLIENT_ID = "API_CLIENT_ID";

    /** The private key for private_key_jwt: a JWK with {@code alg} and {@code kid}. */
    public static final String KEY_FILE = "API_KEY_FILE";

    /** The registered {@code introspection_signed_response_alg}, or {@link #UNSIGNED}. */
    public static final String RESPONSE_ALGORITHM = "API_RESPONSE_ALGORITHM";

    /** Where the realm does not sign introspection responses. */
    public static final String UNSIGNED = "none";

    public static final String TLS_CERTIFICATE_FILE = "API_TLS_CERTIFICATE_FILE";

    /** PKCS#8 in PEM, not encrypted. */
    public static final String TLS_KEY_FILE = "API_TLS_KEY_FILE";

    /**
     * The authority of Keycloak's certificate. Client certificates may be anybody's: the thumbprint in the token decides
     * (RFC 8705, section 3).
     */
    public static final String CA_FILE = "API_CA_FILE";

    /** {@code required}: requests have to be signed; {@code accepted}: they may be, and answers are; {@code off} unless set: nothing is. */
    public static final String HTTP_SIGNATURES = "API_HTTP_SIGNATURES";

    /** The folder for what proves signed requests; nothing is kept unless set. */
    public static final String EVIDENCE_FOLDER = "API_EVIDENCE_FOLDER";

    /** The argument of a child process. */
    public static final String CHILD = "--child";

    /** What comes before the address in the first line of output. */
    public static final String READY = "ready ";

    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private AccountsApi() {}

    public static void main(String[] arguments) throws InterruptedException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
        boolean child = List.of(arguments).equals(List.of(CHILD));
        if (!child && arguments.length > 0) {
            end(USAGE, "unknown argument " + arguments[0] + "; settings are environment variables");
        }
        try {
            Settings settings = Settings.of(System.getenv());
            ResourceServer server = start(settings, child, out);
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
            out.println(READY + server.baseUri());
        } catch (SettingsException e) {
            end(USAGE, e.getMessage());
        } catch (UncheckedIOException e) {
            end(FAILED, e.getMessage() + ": " + e.getCause().getMessage());
        }
        if (child) {
            awaitEndOfInput();
            System.exit(0);
        }
        new CountDownLatch(1).await(); // until a signal
    }

    private static ResourceServer start(Settings settings, boolean child, PrintStream out) {
        ResourceServer.Builder server = ResourceServer.of(
                        settings.tls(), settings.issuer(), settings.clientId(), settings.key())
                .requiredScope(Sandbox.SCOPE)
                .bindAddress(settings.bindAddress())
                .port(settings.port());
        settings.responseAlgorithm().ifPresentOrElse(server::responseAlgorithm, server::unsignedResponses);
        settings.publicUri().ifPresent(server::publicUri);
        settings.messages().ifPresent(server::messageProtection);
        if (child) {
            server.onIntrospection(introspection ->
                    out.println(IntrospectionReport.of(introspection).toLine()));
        }
        return server.start();
    }

    private static void awaitEndOfInput() {
        try {
            // Nothing is said here; only the end counts.
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            return; // an input that broke has ended, too
        }
    }

    private static void end(int exitCode, String message) {
        System.err.println("accounts-api: " + message);
        System.exit(exitCode);
    }
}
