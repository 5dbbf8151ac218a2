package org.fapipack.senderconstraint;

import java.time.Duration;

/**
 * What part nonces of the server play in DPoP proofs.
 *
 * @param mode whether they are looked at
 * @param lifetime a nonce is good for at least this long, and at most twice as long
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9449.html#section-8">RFC 9449 section 8</a>
 */
record NonceRules(Mode mode, Duration lifetime) {

    /** From lax to strict. */
    enum Mode {
        /** The server hands out none and does not look at those of others. */
        OFF,
        /** The server hands them out; a proof that carries one carries a good one. */
        ACCEPTED,
        /** Every proof carries one. */
        REQUIRED
    }

    NonceRules and(NonceRules other) {
        return new NonceRules(
                mode.compareTo(other.mode) >= 0 ? mode : other.mode,
                SenderConstraintRules.shorter(lifetime, other.lifetime));
    }
}
