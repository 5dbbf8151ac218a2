package org.fapipack.core.consent;

import java.util.Locale;

/** Why a request about a consent is refused. An ecosystem says which status and code it answers with. */
public enum ConsentDefect {
    /** The body is not what the type of consent describes. */
    MALFORMED(400, "invalid_request"),
    /** Something that has to be in the body is not there; answered like the former where the ecosystem says nothing else. */
    MISSING(400, "invalid_request"),
    /** A permission that is not in the list of the type. */
    UNKNOWN_PERMISSION(400, "invalid_request"),
    /** No permission is left after unknown ones were dropped. */
    NO_PERMISSIONS(400, "invalid_request"),
    /** Permissions that do not go together, or not without others. */
    PERMISSION_COMBINATION(400, "invalid_request"),
    /** Something else was lodged with the same idempotency key. */
    OTHER_BODY(409, "invalid_request"),
    /** The wanted end has passed, or is too far away. */
    INVALID_END(400, "invalid_request"),
    /** Unknown, or of another client; nobody can tell which. */
    NOT_FOUND(404, "not_found"),
    /** The state of the consent does not allow what is asked. */
    WRONG_STATE(409, "invalid_state"),
    /** More than one customer has to agree, so one cannot do so without a page. */
    SEVERAL_APPROVERS(409, "invalid_state"),
    /** For somebody else than the consent is for. */
    OTHER_CUSTOMER(403, "access_denied"),
    /** The store that judges new consents says no to this one. */
    REFUSED_BY_STORE(400, "invalid_request"),
    /** A body that is not signed by the client, in a way that is allowed. */
    BAD_SIGNATURE(400, "invalid_request"),
    /** No signature; answered like the former where the ecosystem says nothing else. */
    MISSING_SIGNATURE(400, "invalid_request"),
    /** What is no signature; answered like a bad one where the ecosystem says nothing else. */
    MALFORMED_SIGNATURE(400, "invalid_request"),
    /** A signed body that says something wrong about where it comes from, whom it is for, or when it was made. */
    WRONG_CLAIM(400, "invalid_request"),
    /** One that does not say it; answered like the former where the ecosystem says nothing else. */
    MISSING_CLAIM(400, "invalid_request"),
    /** A signed body that came before; answered like a wrong claim where the ecosystem says nothing else. */
    USED_BEFORE(400, "invalid_request");

    private final int status;
    private final String code;

    ConsentDefect(int status, String code) {
        this.status = status;
        this.code = code;
    }

    /** The name in data, for example {@code wrong-state}. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Whose answer it gets where the ecosystem has none for it; itself where there is no other. */
    ConsentDefect likeness() {
        return switch (this) {
            case MISSING -> MALFORMED;
            case MISSING_SIGNATURE, MALFORMED_SIGNATURE -> BAD_SIGNATURE;
            case MISSING_CLAIM, USED_BEFORE -> WRONG_CLAIM;
            default -> this;
        };
    }

    /** What is answered where the ecosystem says nothing else. */
    ConsentAnswer answer() {
        return new ConsentAnswer(status, code);
    }
}
