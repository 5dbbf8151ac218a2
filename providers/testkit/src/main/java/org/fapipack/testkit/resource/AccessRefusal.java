package org.fapipack.testkit.resource;

/** Why a request for a protected resource is turned away, in the words of RFC 6750 and RFC 9449. */
final class AccessRefusal extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final String error;

    AccessRefusal(int status, String error, String description) {
        super(description);
        this.status = status;
        this.error = error;
    }

    static AccessRefusal noToken() {
        return new AccessRefusal(401, "", "an access token is needed");
    }

    static AccessRefusal invalidRequest(String description) {
        return new AccessRefusal(400, "invalid_request", description);
    }

    static AccessRefusal invalidToken(String description) {
        return new AccessRefusal(401, "invalid_token", description);
    }

    static AccessRefusal invalidDpopProof(String description) {
        return new AccessRefusal(401, "invalid_dpop_proof", description);
    }

    static AccessRefusal insufficientScope(String description) {
        return new AccessRefusal(403, "insufficient_scope", description);
    }

    /** Not the client's fault, and none of its business. */
    static AccessRefusal cannotDecide() {
        return new AccessRefusal(503, "temporarily_unavailable", "the token cannot be judged at the moment");
    }

    int status() {
        return status;
    }

    /** Empty when the request had no token at all: then a challenge carries no error (RFC 6750, section 3.1). */
    String error() {
        return error;
    }
}
