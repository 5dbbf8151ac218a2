package org.fapipack.httpsignatures;

import java.security.GeneralSecurityException;

/**
 * A private key that signs octets. {@code org.fapipack.httpsignatures.jose} has one for a JWK; a server with keys of its own, or an HSM,
 * brings another. Safe for concurrent use.
 */
public interface MessageSigner {

    /** The {@code kid} under which others find the public key; printable ASCII, not null. */
    String keyId();

    /** The algorithm of {@link #sign}, not null. */
    JoseAlgorithm algorithm();

    /**
     * Signs.
     *
     * @param signatureBase the JWS signing input, so to speak: nothing is hashed or encoded yet
     * @return the octets that a JWS would carry before base64url; for ECDSA r and s of fixed length, never DER
     * @throws GeneralSecurityException when the key cannot be used
     */
    byte[] sign(byte[] signatureBase) throws GeneralSecurityException;
}
