package org.fapipack.httpsignatures;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * The digest algorithms that RFC 9530 lets a signature rely on; all others of its registry are deprecated.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9530.html#section-5">RFC 9530 section 5</a>
 */
public enum DigestAlgorithm {
    /** What signers here send. */
    SHA_256("sha-256", "SHA-256"),
    /** Accepted from others. */
    SHA_512("sha-512", "SHA-512");

    private final String key;
    private final String jdkName;

    DigestAlgorithm(String key, String jdkName) {
        this.key = key;
        this.jdkName = jdkName;
    }

    /** The member's key in {@code Content-Digest}. */
    public String key() {
        return key;
    }

    /** The algorithm with that key; empty for an unknown or deprecated one. */
    public static Optional<DigestAlgorithm> ofKey(String key) {
        for (DigestAlgorithm algorithm : values()) {
            if (algorithm.key.equals(key)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance(jdkName);
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
