package org.fapipack.httpsignatures.kit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.fapipack.testkit.signature.IndependentSigner;

/**
 * A request that is going to be signed, well unless told otherwise: each part of the signature can be given another value, so that it has exactly
 * one defect. Never changed; every method gives a changed copy.
 */
public final class RequestDraft {

    private final String method;
    private final String targetUri;
    private List<Map.Entry<String, String>> headers = List.of();
    private byte[] body = new byte[0];

    /** What the signature says, when it is not the truth. */
    private String signedMethod;

    private String signedTargetUri;
    private List<String> covered;
    private String parameters;
    private String digest;
    private BiFunction<PlainKey, byte[], byte[]> signing = PlainKey::sign;
    private UnaryOperator<List<Map.Entry<String, String>>> afterwards = UnaryOperator.identity();

    private RequestDraft(String method, String targetUri) {
        this.method = requireNonNull(method, "method");
        this.targetUri = requireNonNull(targetUri, "targetUri");
        this.signedMethod = method;
        this.signedTargetUri = targetUri;
    }

    private RequestDraft with(Consumer<RequestDraft> change) {
        RequestDraft copy = new RequestDraft(method, targetUri);
        copy.headers = headers;
        copy.body = body;
        copy.signedMethod = signedMethod;
        copy.signedTargetUri = signedTargetUri;
        copy.covered = covered;
        copy.parameters = parameters;
        copy.digest = digest;
        copy.signing = signing;
        copy.afterwards = afterwards;
        change.accept(copy);
        return copy;
    }

    /** A request without headers and body. */
    public static RequestDraft of(String method, String targetUri) {
        return new RequestDraft(method, targetUri);
    }

    /** One more header line, before the signature is made. */
    public RequestDraft header(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return with(copy -> copy.headers = more);
    }

    /** Another value for a header that was given. */
    RequestDraft replacing(String name, String value) {
        return with(copy -> copy.headers = headers.stream()
                .map(line -> line.getKey().equals(name) ? Map.entry(name, value) : line)
                .toList());
    }

    /** The content, which {@code Content-Digest} describes unless {@link #digest} says something else. */
    public RequestDraft body(byte[] octets) {
        return with(copy -> copy.body = octets);
    }

    /** Covers these component identifiers, as they stand in the list, instead of what the profile demands. */
    public RequestDraft covering(List<String> identifiers) {
        return with(copy -> copy.covered = List.copyOf(identifiers));
    }

    /** These signature parameters, with the leading semicolon, instead of {@code created}, {@code keyid} and {@code tag}. */
    public RequestDraft parameters(String text) {
        return with(copy -> copy.parameters = text);
    }

    /** This value of {@code Content-Digest}; an empty one leaves the field out. */
    public RequestDraft digest(String value) {
        return with(copy -> copy.digest = value);
    }

    /** Signs another method than the one that is sent. */
    public RequestDraft signedMethod(String other) {
        return with(copy -> copy.signedMethod = other);
    }

    /** Signs another target URI than the one that is sent: what a client sees before a proxy. */
    public RequestDraft signedTargetUri(String other) {
        return with(copy -> copy.signedTargetUri = other);
    }

    /** Makes the signature's octets in another way. */
    RequestDraft signing(BiFunction<PlainKey, byte[], byte[]> other) {
        return with(copy -> copy.signing = other);
    }

    /** Changes the header lines when the signature is in them. */
    public RequestDraft afterwards(UnaryOperator<List<Map.Entry<String, String>>> change) {
        return with(copy -> copy.afterwards = change);
    }

    public String method() {
        return method;
    }

    public String targetUri() {
        return targetUri;
    }

    public byte[] body() {
        return body;
    }

    /** The first value of a header that was given, or null. */
    public String header(String name) {
        return headers.stream()
                .filter(line -> line.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /** The components that the profile demands for this request. */
    public List<String> demanded() {
        List<String> components = new ArrayList<>(List.of("\"@method\"", "\"@target-uri\"", "\"authorization\""));
        if (header("dpop") != null) {
            components.add("\"dpop\"");
        }
        if (body.length > 0) {
            components.add("\"content-digest\"");
        }
        return components;
    }

    /** The header lines to send, signature included. */
    public List<Map.Entry<String, String>> signed(PlainKey key, Instant created) {
        IndependentSigner signer = IndependentSigner.request(signedMethod, signedTargetUri);
        headers.forEach(line -> signer.field(line.getKey(), line.getValue()));
        String value = digest != null ? digest : body.length > 0 ? sha256(body) : "";
        if (!value.isEmpty()) {
            signer.field("Content-Digest", value);
        }
        for (String identifier : covered != null ? covered : demanded()) {
            signer.cover(identifier.replace("\"", ""));
        }
        signer.parameters(parameters != null ? parameters : parameters(key.keyId(), created));
        byte[] signature = signing.apply(key, signer.base().getBytes(US_ASCII));
        return afterwards.apply(signer.signed(signature).stream()
                .map(line -> Map.entry(line[0], line[1]))
                .toList());
    }

    /** What {@link #parameters(String)} replaces. */
    public static String parameters(String keyId, Instant created) {
        return ";created=%d;keyid=\"%s\";tag=\"fapi-2-request\"".formatted(created.getEpochSecond(), keyId);
    }

    /** {@code Content-Digest} of some content. */
    public static String sha256(byte[] octets) {
        return IndependentSigner.contentDigest(octets);
    }

    static byte[] hash(String algorithm, byte[] octets) {
        try {
            return MessageDigest.getInstance(algorithm).digest(octets);
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
