package org.fapipack.clientmetadata.registration;

import jakarta.ws.rs.core.Response;
import org.keycloak.OAuthErrorException;
import org.keycloak.services.ErrorResponseException;
import org.keycloak.services.clientregistration.ErrorCodes;

/** Why a registration or an update is refused. The text echoes no value of the request. */
final class RefusedRegistration extends Exception {

    private static final long serialVersionUID = 1L;

    private final String error;
    private final Response.Status status;

    private RefusedRegistration(String error, String description, Response.Status status) {
        super(description);
        this.error = error;
        this.status = status;
    }

    static RefusedRegistration metadata(String description) {
        return new RefusedRegistration(ErrorCodes.INVALID_CLIENT_METADATA, description, Response.Status.BAD_REQUEST);
    }

    static RefusedRegistration redirectUri(String description) {
        return new RefusedRegistration(ErrorCodes.INVALID_REDIRECT_URI, description, Response.Status.BAD_REQUEST);
    }

    /** The body is not even a JSON object. */
    static RefusedRegistration request(String description) {
        return new RefusedRegistration(OAuthErrorException.INVALID_REQUEST, description, Response.Status.BAD_REQUEST);
    }

    static RefusedRegistration tooLarge(int maxBytes) {
        return new RefusedRegistration(
                OAuthErrorException.INVALID_REQUEST,
                "the request must not be larger than " + maxBytes + " bytes",
                Response.Status.REQUEST_ENTITY_TOO_LARGE);
    }

    /** Whoever sends it may not do that, whatever is in it. */
    static RefusedRegistration right(String description) {
        return new RefusedRegistration(OAuthErrorException.INSUFFICIENT_SCOPE, description, Response.Status.FORBIDDEN);
    }

    String error() {
        return error;
    }

    ErrorResponseException answer() {
        return new ErrorResponseException(error, getMessage(), status);
    }
}
