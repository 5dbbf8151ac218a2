package org.fapipack.core.consent;

import java.util.Locale;

/** Why an authorization request is refused for its consent. An ecosystem says with which error. */
public enum AuthorizationDefect {
    /** It asks for a scope that needs a consent, and names none. */
    MISSING("invalid_request"),
    /** What should name the consent does not have that form. */
    MALFORMED("invalid_request"),
    /** It names more than one. */
    SEVERAL("invalid_request"),
    /** Unknown, or of another client; nobody can tell which. */
    NOT_FOUND("invalid_request"),
    /** The customer cannot decide on it, or not any more. */
    WRONG_STATE("invalid_request"),
    EXPIRED("invalid_request"),
    /** It asks for a scope that the consent has no permission for. */
    SCOPE_NOT_COVERED("invalid_scope"),
    /** It does not ask for a scope that a permission of the consent needs. */
    SCOPE_MISSING("invalid_scope"),
    /** The consent is for somebody else than who signed in. */
    OTHER_CUSTOMER("access_denied");

    private final String error;

    AuthorizationDefect(String error) {
        this.error = error;
    }

    /** The name in data, for example {@code wrong-state}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The OAuth error where the ecosystem says nothing else. */
    String error() {
        return error;
    }
}
