package org.fapipack.messagesignature;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.util.regex.Pattern;
import org.keycloak.models.KeycloakSession;

/**
 * Sees the octets of requests to userinfo and to the consent API, and of their answers, in realms where an enabled policy lists the executor.
 * Whether a request is good, the endpoints ask {@link ResourceSignatures}; other requests pass untouched.
 */
@Provider
@Priority(Priorities.USER + 2)
class ResourceSignatureFilter implements ContainerRequestFilter, ContainerResponseFilter {

    private static final Pattern RESOURCE =
            Pattern.compile("(.*/)?realms/[^/]+/(protocol/openid-connect/userinfo/?|fapi-consents/.*)");

    private static final String CONCERNED = ResourceSignatureFilter.class.getName();

    @Context
    KeycloakSession session;

    /** Called when the realm is known and the endpoint found. */
    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        if (RESOURCE.matcher(request.getUriInfo().getPath()).matches()
                && session.getContext().getRealm() != null
                && ResourceSignatures.areInUse(session)) {
            ReceivedContent.keep(session, request);
            request.setProperty(CONCERNED, true);
        }
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getProperty(CONCERNED) != null) {
            SignedAnswer.keptWith(session).ifPresent(answer -> answer.sign(response));
        }
    }
}
