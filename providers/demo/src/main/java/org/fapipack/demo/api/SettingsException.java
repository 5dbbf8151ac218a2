package org.fapipack.demo.api;

/** A setting is missing or malformed; the message says which and how, in one line, and never quotes a key. */
final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SettingsException(String message) {
        super(message);
    }
}
