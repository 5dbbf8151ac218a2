package org.fapipack.demo.api;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.fapipack.httpsignatures.server.Mode;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.resource.MessageProtection;
import org.fapipack.testkit.tls.TestPki;

/**
 * What the API is told by environment variables.
 *
 * @param port 0 for any free one
 * @param publicUri the address that clients use; empty for {@code https://localhost} with the port
 * @param key for private_key_jwt
 * @param responseAlgorithm the registered {@code introspection_signed_response_alg}
 * @param signatures what is asked of requests, and whether answers are signed
 * @param evidence where signed requests are kept; empty for nowhere
 * @param tls its own certificate, and the authority it trusts for Keycloak's
 */
record Settings(
        InetAddress bindAddress,
        int port,
        Optional<URI> publicUri,
        URI issuer,
        String clientId,
        SigningKey key,
        Optional<JWSAlgorithm> responseAlgorithm,
        Mode signatures,
        Optional<Path> evidence,
        TestPki tls) {

    private static final Set<String> ALGORITHMS = Set.of("PS256", "ES256", "EdDSA");

    /**
     * Reads the variables.
     *
     * @throws SettingsException for the first one that is missing or malformed
     */
    static Settings of(Map<String, String> environment) {
        return new Settings(
                address(optional(environment, AccountsApi.BIND_ADDRESS).orElse("127.0.0.1")),
                port(required(environment, AccountsApi.PORT)),
                optional(environment, AccountsApi.PUBLIC_URL).map(Settings::publicUri),
                https(AccountsApi.ISSUER, required(environment, AccountsApi.ISSUER)),
                required(environment, AccountsApi.CLIENT_ID),
                key(file(environment, AccountsApi.KEY_FILE)),
                Optional.of(required(environment, AccountsApi.RESPONSE_ALGORITHM))
                        .filter(name -> !name.equals(AccountsApi.UNSIGNED))
                        .map(name -> algorithm(AccountsApi.RESPONSE_ALGORITHM, name)),
                mode(optional(environment, AccountsApi.HTTP_SIGNATURES).orElse("off")),
                optional(environment, AccountsApi.EVIDENCE_FOLDER).map(name -> path(AccountsApi.EVIDENCE_FOLDER, name)),
                TestPki.of(
                        PemFiles.certificate(AccountsApi.CA_FILE, file(environment, AccountsApi.CA_FILE)),
                        PemFiles.identity(
                                AccountsApi.TLS_CERTIFICATE_FILE,
                                file(environment, AccountsApi.TLS_CERTIFICATE_FILE),
                                AccountsApi.TLS_KEY_FILE,
                                file(environment, AccountsApi.TLS_KEY_FILE))));
    }

    private static Optional<String> optional(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    private static String required(Map<String, String> environment, String name) {
        return optional(environment, name).orElseThrow(() -> new SettingsException(name + " is not set"));
    }

    private static Path file(Map<String, String> environment, String name) {
        return path(name, required(environment, name));
    }

    private static Path path(String name, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new SettingsException(name + " needs the name of a file");
        }
    }

    private static Mode mode(String text) {
        for (Mode mode : Mode.values()) {
            if (mode.name().toLowerCase(Locale.ROOT).equals(text)) {
                return mode;
            }
        }
        throw new SettingsException(AccountsApi.HTTP_SIGNATURES + " needs off, accepted or required, not " + text);
    }

    /** How messages are signed and verified; empty where that is off. */
    Optional<Function<URI, MessageProtection>> messages() {
        return signatures == Mode.OFF
                ? Optional.empty()
                : Optional.of(address -> new SignedMessages(address, key, signatures, evidence, Clock.systemUTC()));
    }

    private static InetAddress address(String text) {
        // Without letters, or with colons, nothing is looked up.
        if (text.matches("[0-9.]+") || text.matches("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")) {
            try {
                return InetAddress.getAllByName(text)[0];
            } catch (UnknownHostException e) {
                throw new SettingsException(AccountsApi.BIND_ADDRESS + " needs an IP address, not " + text);
            }
        }
        throw new SettingsException(AccountsApi.BIND_ADDRESS + " needs an IP address, not " + text);
    }

    private static int port(String text) {
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65535) {
            return Integer.parseInt(text);
        }
        throw new SettingsException(AccountsApi.PORT + " needs a number from 0 to 65535, not " + text);
    }

    private static URI publicUri(String text) {
        URI uri = https(AccountsApi.PUBLIC_URL, text);
        if (!uri.getRawPath().isEmpty()) {
            throw new SettingsException(AccountsApi.PUBLIC_URL + " must not have a path: " + text);
        }
        return uri;
    }

    private static URI https(String name, String text) {
        try {
            URI uri = URI.create(text);
            if ("https".equals(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null
                    && uri.getRawFragment() == null
                    && !text.endsWith("/")) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new SettingsException(name + " needs an https address, not " + text);
        }
        throw new SettingsException(
                name + " needs an https address without query, fragment and final slash, not " + text);
    }

    private static SigningKey key(Path file) {
        String name = AccountsApi.KEY_FILE;
        JWK jwk;
        try {
            jwk = JWK.parse(Files.readString(file));
        } catch (IOException e) {
            throw PemFiles.unreadable(name, file);
        } catch (ParseException | IllegalArgumentException e) {
            // The cause may quote the file.
            throw new SettingsException(name + ": no JWK in " + file);
        }
        if (!jwk.isPrivate() || jwk.getAlgorithm() == null || jwk.getKeyID() == null) {
            throw new SettingsException(name + ": a private JWK with alg and kid is needed in " + file);
        }
        JWSAlgorithm algorithm = algorithm(name, jwk.getAlgorithm().getName());
        String type = Map.of("PS256", "RSA", "ES256", "EC", "EdDSA", "OKP").get(algorithm.getName());
        if (!jwk.getKeyType().getValue().equals(type)) {
            throw new SettingsException(name + ": " + algorithm + " needs a key of type " + type);
        }
        return SigningKey.of(jwk, algorithm);
    }

    private static JWSAlgorithm algorithm(String name, String text) {
        if (!ALGORITHMS.contains(text)) {
            throw new SettingsException(name + ": the algorithm must be PS256, ES256 or EdDSA, not " + text);
        }
        return JWSAlgorithm.parse(text);
    }
}
