package org.fapipack.testkit.server;

/** Keycloak could not be built or started; the message says why in one line and names the log. */
public final class KeycloakStartException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public KeycloakStartException(String message) {
        super(message);
    }

    public KeycloakStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
