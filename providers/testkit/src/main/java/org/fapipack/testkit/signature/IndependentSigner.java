package org.fapipack.testkit.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A request or response that is signed by hand: signature base from plain strings, signature by {@link java.security.Signature}. Signs what it
 * is told, be it right or wrong. Not thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9421.html#section-2.5">RFC 9421 section 2.5</a>
 */
public final class IndependentSigner {

    private final Map<String, String> derived = new LinkedHashMap<>();
    private final List<String[]> fields = new ArrayList<>();
    private final List<String> components = new ArrayList<>();
    private final StringBuilder parameters = new StringBuilder();
    private IndependentSigner request;
    private String label = "sig1";

    private IndependentSigner() {}

    /** Begins a request. Nothing is covered yet. */
    public static IndependentSigner request(String method, String targetUri) {
        IndependentSigner signer = new IndependentSigner();
        signer.derived.put("@method", method);
        signer.derived.put("@target-uri", targetUri);
        int question = targetUri.indexOf('?');
        String beforeQuery = question < 0 ? targetUri : targetUri.substring(0, question);
        signer.derived.put("@path", beforeQuery.replaceFirst("^[a-z]+://[^/]*", ""));
        signer.derived.put("@query", question < 0 ? "?" : targetUri.substring(question));
        return signer;
    }

    /** Begins a response to a request that was signed here or only described here. */
    public static IndependentSigner response(int status, IndependentSigner request) {
        IndependentSigner signer = new IndependentSigner();
        signer.derived.put("@status", Integer.toString(status));
        signer.request = request;
        return signer;
    }

    /** One field line of the message. */
    public IndependentSigner field(String name, String value) {
        fields.add(new String[] {name, value});
        return this;
    }

    /** Content: adds its {@code Content-Digest} with SHA-256. */
    public IndependentSigner content(byte[] octets) {
        return field("Content-Digest", contentDigest(octets));
    }

    /** {@code sha-256=:...:}. */
    public static String contentDigest(byte[] content) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(content);
            return "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":";
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    /** The signature's label; {@code sig1} if nothing is said. */
    public IndependentSigner label(String name) {
        label = name;
        return this;
    }

    /** Covers components: a name, with its parameters as they stand in a signature base, for example {@code @method;req}. */
    public IndependentSigner cover(String... identifiers) {
        for (String identifier : identifiers) {
            int semicolon = identifier.indexOf(';');
            components.add(
                    semicolon < 0
                            ? "\"" + identifier + "\""
                            : "\"" + identifier.substring(0, semicolon) + "\"" + identifier.substring(semicolon));
        }
        return this;
    }

    /** A signature parameter, its value as it stands on the wire, for example {@code "k1"} with its quotes. */
    public IndependentSigner parameter(String name, String rawValue) {
        return parameters(";" + name + "=" + rawValue);
    }

    /** More signature parameters as they stand on the wire, with the leading semicolon. */
    public IndependentSigner parameters(String raw) {
        parameters.append(raw);
        return this;
    }

    /** When it was made, by which key and what for, as the FAPI profile has it. */
    public IndependentSigner parameters(long created, String keyId, String tag) {
        return parameter("created", Long.toString(created))
                .parameter("keyid", "\"" + keyId + "\"")
                .parameter("tag", "\"" + tag + "\"");
    }

    /** The signature base. */
    public String base() {
        StringBuilder base = new StringBuilder();
        for (String component : components) {
            base.append(component).append(": ").append(value(component)).append('\n');
        }
        return base.append("\"@signature-params\": ").append(signatureParams()).toString();
    }

    /**
     * Signs, and adds the two fields to the message.
     *
     * @param algorithm {@code PS256}, {@code ES256} or {@code EdDSA}
     * @return all field lines of the message in their order, name and value each
     */
    public List<String[]> sign(String algorithm, PrivateKey key) throws GeneralSecurityException {
        return signed(signature(algorithm, key, base().getBytes(ISO_8859_1)));
    }

    /** The same with a signature that was made elsewhere, over {@link #base}. */
    public List<String[]> signed(byte[] signature) {
        field("Signature-Input", label + "=" + signatureParams());
        field("Signature", label + "=:" + Base64.getEncoder().encodeToString(signature) + ":");
        return List.copyOf(fields);
    }

    private String signatureParams() {
        return "(" + String.join(" ", components) + ")" + parameters;
    }

    private String value(String component) {
        String name = component.substring(1, component.indexOf('"', 1));
        return component.contains(";req") && request != null ? request.plainValue(name) : plainValue(name);
    }

    private String plainValue(String name) {
        if (derived.containsKey(name)) {
            return derived.get(name);
        }
        List<String> lines = new ArrayList<>();
        for (String[] line : fields) {
            if (line[0].equalsIgnoreCase(name)) {
                lines.add(line[1].strip());
            }
        }
        return String.join(", ", lines);
    }

    /** A signature's octets as they stand in the field. */
    public static byte[] signature(String algorithm, PrivateKey key, byte[] input) throws GeneralSecurityException {
        Signature signature = unkeyed(algorithm);
        signature.initSign(key);
        signature.update(input);
        return signature.sign();
    }

    static Signature unkeyed(String algorithm) throws GeneralSecurityException {
        return switch (algorithm) {
            case "PS256" -> {
                Signature pss = Signature.getInstance("RSASSA-PSS");
                pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
                yield pss;
            }
            case "ES256" -> Signature.getInstance("SHA256withECDSAinP1363Format");
            case "EdDSA" -> Signature.getInstance("Ed25519");
            default -> throw new IllegalArgumentException(algorithm);
        };
    }
}
