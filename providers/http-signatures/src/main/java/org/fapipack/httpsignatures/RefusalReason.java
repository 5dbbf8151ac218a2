package org.fapipack.httpsignatures;

import java.util.Locale;

/**
 * Why a message is refused. The code is stable, for logs, events and metrics; the status is what a resource server answers a request with.
 * A response has no such answer: its reader treats it as a failed transport.
 */
public enum RefusalReason {
    /** More than one {@code Authorization} or {@code DPoP} line: neither is a list. */
    AUTHORIZATION_AMBIGUOUS(400),
    /** {@code Signature-Input} or {@code Signature} is absent, or a label stands in one of them only. */
    SIGNATURE_MISSING(401),
    /** One of the two fields does not parse, has a member of a wrong type, or a label twice. */
    SIGNATURE_MALFORMED(401),
    /** No signature carries the tag of this direction. */
    TAG_MISSING_OR_WRONG(401),
    /** A signature parameter is not of its type: {@code created} and {@code expires} Integer, the others String. */
    PARAMETER_TYPE(401),
    /** No {@code created}. */
    CREATED_MISSING(401),
    /** {@code created} lies too far back or ahead. */
    CREATED_OUT_OF_WINDOW(401),
    /** {@code expires} is past, or before {@code created}. */
    EXPIRED(401),
    /** A covered component is not allowed, unknown, absent, twice in the list, or has no unambiguous value. */
    BASE_ERROR(401),
    /** There is content, but no {@code Content-Digest}. */
    DIGEST_MISSING(401),
    /** A component that the profile demands is not covered. */
    COVERAGE_MISSING(401),
    /** A response does not cover the request that it answers. */
    BINDING_MISSING(401),
    /** No key, or more than one key, of this signer fits {@code keyid}. */
    KEY_UNKNOWN(401),
    /** The key's algorithm is not allowed here, or {@code alg} names another one. */
    ALGORITHM_MISMATCH(401),
    /** The signature is not one of this key over this message. */
    SIGNATURE_INVALID(401),
    /** The content is not the one that {@code Content-Digest} describes. */
    DIGEST_MISMATCH(401),
    /** {@code Content-Digest} has no digest that can be relied on. */
    DIGEST_ALGORITHM(401),
    /** {@code Content-Digest} does not parse, or a digest is no Byte Sequence. */
    DIGEST_MALFORMED(401),
    /** The policy demands {@code nonce}. */
    NONCE_MISSING(401),
    /** The nonce was used before. */
    REPLAY(401),
    /** More signatures, components or characters than {@link Limits} allow. */
    LIMIT_EXCEEDED(401);

    private final int status;

    RefusalReason(int status) {
        this.status = status;
    }

    /** The stable code, {@code snake_case}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The HTTP status of the answer to a request. */
    public int status() {
        return status;
    }

    /**
     * What the sender is told: coarse on purpose, so that nobody learns from it how far a forged message came.
     *
     * @see <a href="https://www.rfc-editor.org/rfc/rfc9421.html#section-8.3">RFC 9421 section 8.3</a>
     */
    public String description() {
        return switch (this) {
            case AUTHORIZATION_AMBIGUOUS -> "authorization_ambiguous";
            case SIGNATURE_MISSING -> "signature_missing";
            default -> "signature_invalid";
        };
    }
}
