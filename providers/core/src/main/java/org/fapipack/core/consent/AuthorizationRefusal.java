package org.fapipack.core.consent;

/** An authorization request is refused for its consent. */
public final class AuthorizationRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final AuthorizationDefect defect;

    /** @param description what the client's developer reads; never quotes the request */
    public AuthorizationRefusal(AuthorizationDefect defect, String description) {
        super(description);
        this.defect = defect;
    }

    public AuthorizationDefect defect() {
        return defect;
    }
}
