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
    OTHER_CUSTOMER(403, "access_denied");

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

    /** What is answered where the ecosystem says nothing else. */
    ConsentAnswer answer() {
        return new ConsentAnswer(status, code);
    }
}
