package org.fapipack.httpsignatures;

import java.time.Instant;

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
}
