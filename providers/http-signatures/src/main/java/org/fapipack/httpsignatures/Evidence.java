package org.fapipack.httpsignatures;

import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What proves later that a signer sent a message: to be kept where access is controlled and changes would be seen. Immutable.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9421.html#section-3.2">RFC 9421 section 3.2</a>
 */
public final class Evidence {

    private final HttpMessage message;
    private final ReceivedSignature signature;
    private final SignatureBase base;
    private final VerificationKeys.Resolved key;
    private final Instant verifiedAt;

    Evidence(
            HttpMessage message,
            ReceivedSignature signature,
            SignatureBase base,
            VerificationKeys.Resolved key,
            Instant verifiedAt) {
        this.message = message;
        this.signature = signature;
        this.base = base;
        this.key = key;
        this.verifiedAt = verifiedAt;
    }

    /** The message, for a response with its request. */
    public HttpMessage message() {
        return message;
    }

    /** The member of {@code Signature-Input}. */
    public SignatureInput input() {
        return signature.input();
    }

    /** The signature's octets. */
    public byte[] signature() {
        return signature.octets().clone();
    }

    /** The signature base, as it was verified. */
    public SignatureBase base() {
        return base;
    }

    /** The public key that verified it. */
    public VerificationKey key() {
        return key.key();
    }

    /** The algorithm it was verified with. */
    public JoseAlgorithm algorithm() {
        return key.algorithm();
    }

    /** When it was verified, by the verifier's clock. */
    public Instant verifiedAt() {
        return verifiedAt;
    }

    /**
     * All of it as a JSON object, for any JSON library: Strings, numbers, Lists and Maps. Contains the message with its content and its access
     * token, because those are what was signed: keep it where access is controlled, and drop what the law does not allow to keep.
     */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("verified_at", verifiedAt.toString());
        map.put("algorithm", algorithm().joseName());
        map.put("key", key().jwk());
        key().keyId().ifPresent(keyId -> map.put("key_id", keyId));
        map.put("key_thumbprint", key().thumbprint());
        map.put("signature_input", input().toString());
        map.put("signature", Base64.getEncoder().encodeToString(signature.octets()));
        map.put("signature_base", base.toString());
        map.put("message", toMap(message));
        return map;
    }

    private static Map<String, Object> toMap(HttpMessage message) {
        Map<String, Object> map = new LinkedHashMap<>();
        message.method().ifPresent(method -> map.put("method", method));
        message.targetUri().ifPresent(uri -> map.put("target_uri", uri));
        if (!message.isRequest()) {
            map.put("status", message.status());
        }
        map.put(
                "fields",
                message.fields().stream()
                        .map(line -> List.of(line.name(), line.value()))
                        .toList());
        map.put("content_length", message.content().length());
        message.content()
                .octets()
                .ifPresent(octets -> map.put("content", Base64.getEncoder().encodeToString(octets)));
        message.request().ifPresent(request -> map.put("request", toMap(request)));
        return map;
    }
}
