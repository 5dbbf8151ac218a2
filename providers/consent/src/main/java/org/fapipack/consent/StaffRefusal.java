package org.fapipack.consent;

import jakarta.ws.rs.core.Response;

/** A request of an administrator is refused, with a JSON error. */
final class StaffRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final Response.Status status;
    private final String error;

    StaffRefusal(Response.Status status, String error, String description) {
        super(description);
        this.status = status;
        this.error = error;
    }

    Response.Status status() {
        return status;
    }

    String error() {
        return error;
    }
}
