package org.fapipack.testkit.client;

/** A JARM response that a client must not believe. */
public final class JarmRejection extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What was wrong, in the order of checking. */
    public enum Reason {
        /** There is no {@code response} parameter, or others beside it. */
        PARAMETERS,
        NOT_ENCRYPTED,
        DECRYPTION,
        /** Not a signed JWT, or JSON with duplicate members. */
        FORMAT,
        ALGORITHM,
        KEY,
        SIGNATURE,
        ISSUER,
        AUDIENCE,
        /** {@code exp} is missing, over, or more than ten minutes ahead. */
        EXPIRY,
        STATE
    }

    private final Reason reason;

    JarmRejection(Reason reason, String message) {
        super(reason + ": " + message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
