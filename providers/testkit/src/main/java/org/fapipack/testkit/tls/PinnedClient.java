package org.fapipack.testkit.tls;

/**
 * Client certificates that the server's TLS listener lets in one by one: they are in its truststore themselves. Without that, a listener that
 * verifies refuses the handshake, and no test could see what the server makes of them.
 */
public enum PinnedClient {
    /** Vouches for itself. */
    SELF_SIGNED,
    /** The key and the subject of {@link #SELF_SIGNED} in another certificate. */
    SELF_SIGNED_RENEWED,
    /** Vouches for itself, with the subject of {@link #SELF_SIGNED} and a key of its own. */
    SELF_SIGNED_NAMESAKE,
    /** Vouched for itself until a minute before it was made. */
    SELF_SIGNED_EXPIRED,
    /** From the authority; expired a minute before it was made. */
    ISSUED_EXPIRED,
    /** From an authority that has the name of ours, and not its key. */
    ISSUED_BY_IMPOSTOR,
    /** From one of two trusted authorities that have one name, {@code CN=FAPI Pack Twin CA}, and two keys. */
    ISSUED_BY_TWIN
}
