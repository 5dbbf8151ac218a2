package org.fapipack.protocol;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Refuses a {@code Content-Type} that is no media type, in realms that {@linkplain OptedIn opted in}, and takes it out of the request: Keycloak
 * looks at it last when it adds security headers to an answer, and fails there with 500 whatever the answer was. Other requests pass untouched.
 */
@Provider
@Priority(Priorities.USER + 1)
class UnreadableContentTypeFilter implements ContainerRequestFilter, ContainerResponseFilter {

    @Context
    KeycloakSession session;

    /** Called when the realm is known and the endpoint found. */
    @Override
    public void filter(ContainerRequestContext request) {
        if (isRemoved(request)) {
            request.abortWith(UnreadableRequest.answer("Content-Type must be a media type"));
        }
    }

    /** For the answers to requests that no endpoint was found for; before Keycloak's filter, which has a lower priority. */
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        isRemoved(request);
    }

    private boolean isRemoved(ContainerRequestContext request) {
        if (isReadable(request)) {
            return false;
        }
        RealmModel realm = session.getContext().getRealm();
        boolean concerned = realm != null && OptedIn.realm(session, realm);
        if (concerned) {
            request.getHeaders().remove(HttpHeaders.CONTENT_TYPE);
        }
        return concerned;
    }

    /** Not with {@code getMediaType()}, which fails at its first call only: a realm that did not opt in shall see it fail as ever. */
    private static boolean isReadable(ContainerRequestContext request) {
        String contentType = request.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE);
        try {
            return contentType == null || MediaType.valueOf(contentType) != null;
        } catch (IllegalArgumentException noMediaType) {
            return false;
        }
    }
}
