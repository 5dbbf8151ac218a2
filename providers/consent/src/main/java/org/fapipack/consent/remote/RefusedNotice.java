package org.fapipack.consent.remote;

/** A notice is not taken. */
final class RefusedNotice extends Exception {

    /** Codes of RFC 8935, section 2.4. */
    static final String INVALID_REQUEST = "invalid_request";

    static final String AUTHENTICATION_FAILED = "authentication_failed";
    static final String INVALID_ISSUER = "invalid_issuer";
    static final String INVALID_AUDIENCE = "invalid_audience";

    private static final long serialVersionUID = 1L;

    private final String error;

    RefusedNotice(String error, String description) {
        super(description);
        this.error = error;
    }

    String error() {
        return error;
    }
}
