package org.fapipack.httpsignatures;

import java.security.GeneralSecurityException;

/**
 * Verifies signatures of octets. {@code org.fapipack.httpsignatures.jose} has one; a server with crypto of its own brings another.
 * Safe for concurrent use.
 */
@FunctionalInterface
public interface MessageVerifier {

    /**
     * Whether a signature is one of a key over some octets.
     *
     * @param key the public key; {@code algorithm} fits it
     * @param algorithm the algorithm of the key, which the message had no say in
     * @param signatureBase the octets that were signed
     * @param signature the signature, of the length that key and algorithm demand
     * @throws GeneralSecurityException counts as no, like any {@link RuntimeException}
     */
    boolean verifies(VerificationKey key, JoseAlgorithm algorithm, byte[] signatureBase, byte[] signature)
            throws GeneralSecurityException;
}
