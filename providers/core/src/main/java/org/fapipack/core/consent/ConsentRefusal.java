package org.fapipack.core.consent;

/** A request about a consent is refused. */
public final class ConsentRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final ConsentDefect defect;

    /** @param description what the client's developer reads; never quotes the request */
    public ConsentRefusal(ConsentDefect defect, String description) {
        super(description);
        this.defect = defect;
    }

    public ConsentDefect defect() {
        return defect;
    }
}
