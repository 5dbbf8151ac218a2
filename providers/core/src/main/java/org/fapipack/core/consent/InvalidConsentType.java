package org.fapipack.core.consent;

/** The description of a type of consent cannot be used. The message names the type and the member. */
public final class InvalidConsentType extends Exception {

    private static final long serialVersionUID = 1L;

    InvalidConsentType(String message) {
        super(message);
    }
}
