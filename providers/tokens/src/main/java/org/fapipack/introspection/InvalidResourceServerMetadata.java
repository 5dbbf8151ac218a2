package org.fapipack.introspection;

/** The introspection metadata of a resource server cannot be used; the message says what to change and echoes no secret. */
final class InvalidResourceServerMetadata extends Exception {

    private static final long serialVersionUID = 1L;

    InvalidResourceServerMetadata(String message) {
        super(message);
    }
}
