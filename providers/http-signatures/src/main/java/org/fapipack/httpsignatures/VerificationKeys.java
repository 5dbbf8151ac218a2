package org.fapipack.httpsignatures;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The public keys of one signer: of the client that the access token belongs to, or of the resource server. A key of anybody else must not be
 * in here. Immutable.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9421.html#section-3.2">RFC 9421 section 3.2, step 6</a>
 */
public final class VerificationKeys {

    private final List<VerificationKey> keys;

    private VerificationKeys(List<VerificationKey> keys) {
        this.keys = keys;
    }

    /** A key with the algorithm that it is used with here. */
    record Resolved(VerificationKey key, JoseAlgorithm algorithm) {}

    /** Those keys, in their order. */
    public static VerificationKeys of(Collection<VerificationKey> keys) {
        return new VerificationKeys(List.copyOf(keys));
    }

    /** The keys of a JWK set ({@code keys} of its JSON object) that can be used, see {@link VerificationKey#ofJwk}. */
    public static VerificationKeys ofJwks(Collection<? extends Map<String, ?>> jwks) {
        return of(jwks.stream()
                .map(VerificationKey::ofJwk)
                .flatMap(Optional::stream)
                .toList());
    }

    /** All keys, in their order. */
    public List<VerificationKey> all() {
        return keys;
    }

    /**
     * The key that a signature names. The key decides on the algorithm, never the message.
     *
     * @param keyId what the signature names it, equal to {@code kid}; without it there must be exactly one key with an allowed algorithm
     * @param httpAlgorithm the signature's {@code alg}, which must name the key's own algorithm
     * @throws HttpSignatureException {@link RefusalReason#KEY_UNKNOWN} or {@link RefusalReason#ALGORITHM_MISMATCH}
     */
    Resolved resolve(
            Optional<String> keyId, Optional<String> httpAlgorithm, Set<JoseAlgorithm> allowed, JoseAlgorithm ofRsa)
            throws HttpSignatureException {
        List<VerificationKey> named = keys.stream()
                .filter(key -> keyId.isEmpty() || keyId.equals(key.keyId()))
                .toList();
        if (named.isEmpty()) {
            throw new HttpSignatureException(RefusalReason.KEY_UNKNOWN, "the signer has no such key");
        }
        List<Resolved> fitting = named.stream()
                .flatMap(
                        key -> key
                                .algorithm(ofRsa)
                                .filter(allowed::contains)
                                .map(algorithm -> new Resolved(key, algorithm))
                                .stream())
                .filter(resolved -> named.size() == 1
                        || keyId.isEmpty()
                        || httpAlgorithm.isEmpty()
                        || httpAlgorithm.equals(resolved.algorithm().httpName()))
                .toList();
        if (fitting.size() > 1) {
            throw new HttpSignatureException(
                    RefusalReason.KEY_UNKNOWN, "the signer has more than one key that could be meant");
        }
        if (fitting.isEmpty()) {
            throw new HttpSignatureException(
                    RefusalReason.ALGORITHM_MISMATCH,
                    "the key's algorithm is not allowed or not the one of the signature");
        }
        Resolved only = fitting.get(0);
        if (httpAlgorithm.isPresent() && !httpAlgorithm.equals(only.algorithm().httpName())) {
            throw new HttpSignatureException(RefusalReason.ALGORITHM_MISMATCH, "alg is not the algorithm of the key");
        }
        return only;
    }
}
