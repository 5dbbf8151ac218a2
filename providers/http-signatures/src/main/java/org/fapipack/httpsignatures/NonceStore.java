package org.fapipack.httpsignatures;

import java.time.Instant;

/**
 * Remembers the nonces of accepted signatures, for all nodes of a server. Safe for concurrent use: of several that bring the same nonce
 * exactly one is the first.
 */
@FunctionalInterface
public interface NonceStore {

    /**
     * Remembers a nonce unless it is there already.
     *
     * @param keyThumbprint whose nonce it is: the thumbprint of the key that signed
     * @param nonce as sent; at most {@link Limits#maxFieldLength()} characters
     * @param until when it may be forgotten, because the signature would then be too old
     * @return whether this was its first use
     */
    boolean remember(String keyThumbprint, String nonce, Instant until);
}
