package org.fapipack.core.consent;

import java.util.Optional;

/** A request about a consent is refused. */
public final class ConsentRefusal extends Exception {

    private static final long serialVersionUID = 1L;

    private final ConsentDefect defect;
    private final transient Optional<ConsentAnswer> answer;

    /** @param description what the client's developer reads; never quotes the request, unless a store wrote it */
    public ConsentRefusal(ConsentDefect defect, String description) {
        this(defect, Optional.empty(), description);
    }

    /** @param answer where the data say more than what the defect is */
    ConsentRefusal(ConsentDefect defect, Optional<ConsentAnswer> answer, String description) {
        super(description);
        this.defect = defect;
        this.answer = answer;
    }

    public ConsentDefect defect() {
        return defect;
    }

    Optional<ConsentAnswer> answer() {
        return answer;
    }
}
