package org.fapipack.httpsignatures.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fapipack.httpsignatures.VerificationKeys;
import org.fapipack.httpsignatures.jose.JwkSets;

/**
 * What the command line says.
 *
 * @param url the resource, as its clients know it
 * @param connectTo where to send the requests instead, without a path; for a server behind a proxy
 * @param body of the good request; empty for none
 * @param dpopKey the key that the access token is bound to; empty for a bearer token, or one that is bound to a certificate
 * @param certificate of the client, PKCS #12, with its password
 * @param serverKeys of the resource server; empty when answers need not be signed
 * @param authority a certificate to trust besides those of the JDK
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
record Options(
        URI url,
        Optional<URI> connectTo,
        String method,
        byte[] body,
        String contentType,
        PlainKey key,
        Optional<PlainKey> dpopKey,
        String token,
        Optional<VerificationKeys> serverKeys,
        Optional<Path> authority,
        Optional<Certificate> certificate,
        Path report) {

    private static final Set<String> NAMES = Set.of(
            "--url",
            "--connect-to",
            "--method",
            "--body",
            "--content-type",
            "--key",
            "--dpop-key",
            "--token",
            "--token-file",
            "--server-jwks",
            "--ca",
            "--client-p12",
            "--client-p12-password-file",
            "--report");

    /** A key store and how to open it. */
    record Certificate(Path file, String password) {}

    /** Says what is wrong with the command line. */
    static final class UsageException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UsageException(String message) {
            super(message);
        }
    }

    /** @throws UsageException for the first thing that is missing or malformed */
    static Options parse(String... arguments) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < arguments.length; i += 2) {
            if (!NAMES.contains(arguments[i])) {
                throw new UsageException("unknown option " + arguments[i]);
            }
            if (i + 1 == arguments.length) {
                throw new UsageException(arguments[i] + " needs a value");
            }
            if (values.put(arguments[i], arguments[i + 1]) != null) {
                throw new UsageException(arguments[i] + " is given twice");
            }
        }
        String body = values.get("--body");
        return new Options(
                url("--url", required(values, "--url")),
                Optional.ofNullable(values.get("--connect-to")).map(text -> url("--connect-to", text)),
                values.getOrDefault("--method", body == null ? "GET" : "POST"),
                body == null ? new byte[0] : octets("--body", body),
                values.getOrDefault("--content-type", "application/json"),
                key("--key", required(values, "--key")),
                Optional.ofNullable(values.get("--dpop-key")).map(name -> key("--dpop-key", name)),
                token(values),
                Optional.ofNullable(values.get("--server-jwks")).map(Options::serverKeys),
                Optional.ofNullable(values.get("--ca")).map(name -> file("--ca", name)),
                Optional.ofNullable(values.get("--client-p12"))
                        .map(name -> new Certificate(
                                file("--client-p12", name),
                                text("--client-p12-password-file", required(values, "--client-p12-password-file"))
                                        .strip())),
                file("--report", values.getOrDefault("--report", "http-signatures-report.json")));
    }

    private static String required(Map<String, String> values, String name) {
        String value = values.get(name);
        if (value == null || value.isBlank()) {
            throw new UsageException(name + " is missing");
        }
        return value;
    }

    private static String token(Map<String, String> values) {
        if (values.containsKey("--token") == values.containsKey("--token-file")) {
            throw new UsageException("one of --token and --token-file is needed");
        }
        String token = values.containsKey("--token")
                ? values.get("--token")
                : text("--token-file", values.get("--token-file")).strip();
        if (!token.matches("[\\x21-\\x7e]+")) {
            throw new UsageException("the access token must be printable ASCII without spaces");
        }
        return token;
    }

    private static URI url(String name, String text) {
        try {
            URI uri = URI.create(text);
            if (uri.getHost() != null
                    && ("https".equals(uri.getScheme()) || "http".equals(uri.getScheme()))
                    && uri.getRawFragment() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new UsageException(name + " needs an http or https address, not " + text);
        }
        throw new UsageException(name + " needs an http or https address without fragment, not " + text);
    }

    private static Path file(String name, String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new UsageException(name + " needs the name of a file");
        }
    }

    private static byte[] octets(String name, String file) {
        try {
            return Files.readAllBytes(file(name, file));
        } catch (IOException e) {
            throw new UsageException(name + ": " + file + " cannot be read");
        }
    }

    private static String text(String name, String file) {
        return new String(octets(name, file), UTF_8);
    }

    private static VerificationKeys serverKeys(String file) {
        try {
            return JwkSets.parse(text("--server-jwks", file));
        } catch (ParseException e) {
            throw new UsageException("--server-jwks: no JWK set in " + file);
        }
    }

    /** The cause is left out: it may quote the file. */
    private static PlainKey key(String name, String file) {
        try {
            JWK jwk = JWK.parse(text(name, file));
            if (!jwk.isPrivate() || jwk.getKeyID() == null || jwk.getAlgorithm() == null) {
                throw new UsageException(name + ": a private JWK with kid and alg is needed");
            }
            PrivateKey privateKey;
            PublicKey publicKey;
            if (jwk instanceof RSAKey rsa) {
                privateKey = rsa.toPrivateKey();
                publicKey = rsa.toPublicKey();
            } else if (jwk instanceof ECKey ec) {
                privateKey = ec.toPrivateKey();
                publicKey = ec.toPublicKey();
            } else if (jwk instanceof OctetKeyPair okp) {
                KeyFactory keys = KeyFactory.getInstance("Ed25519");
                privateKey =
                        keys.generatePrivate(new EdECPrivateKeySpec(NamedParameterSpec.ED25519, okp.getDecodedD()));
                publicKey = keys.generatePublic(new X509EncodedKeySpec(HexFormat.of()
                        .parseHex("302a300506032b6570032100" + HexFormat.of().formatHex(okp.getDecodedX()))));
            } else {
                throw new UsageException(name + ": the type of the key must be RSA, EC or OKP");
            }
            return new PlainKey(jwk.getKeyID(), jwk.getAlgorithm().getName(), privateKey, publicKey);
        } catch (ParseException | JOSEException | GeneralSecurityException e) {
            throw new UsageException(name + ": no JWK that can be used");
        } catch (IllegalArgumentException e) {
            throw new UsageException(name + ": " + e.getMessage());
        }
    }
}
