package org.fapipack.consent;

import jakarta.ws.rs.core.Response;

/** The access token does not open the consent API. */
public final class RefusedAccess extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Response answer;
    private final String error;

    /**
     * @param error for the event
     * @param reason for the event
     */
    public RefusedAccess(Response answer, String error, String reason) {
        super(reason);
        this.answer = answer;
        this.error = error;
    }

    Response answer() {
        return answer;
    }

    String error() {
        return error;
    }
}
