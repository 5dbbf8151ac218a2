package org.fapipack.par;

import java.util.List;
import java.util.Set;
import org.fapipack.executor.ExecutorConfiguration;
import org.fapipack.executor.PackExecutor;
import org.fapipack.par.RequestUriOneTimeExecutor.Configuration;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;
import org.keycloak.services.clientpolicy.context.AuthorizationRequestContext;

/**
 * Lets a pushed {@code request_uri} be used for one authorization only.
 *
 * <p>Acts on AUTHORIZATION_REQUEST, where it marks the authentication session; the use is consumed when the authorization ends, by
 * the pack's login protocol. A second use is answered by an error page with status 400 and never reaches the client.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9126.html#section-4">RFC 9126 section 4</a>
 */
final class RequestUriOneTimeExecutor extends PackExecutor<Configuration> {

    /** Those that {@link #enforce} does something at. */
    static final Set<ClientPolicyEvent> EVENTS = Set.of(ClientPolicyEvent.AUTHORIZATION_REQUEST);

    /** No settings: a {@code request_uri} that may be used twice is not a choice. */
    static final class Configuration extends ExecutorConfiguration {
        Configuration() {
            super(RequestUriOneTimeExecutorFactory.ID, List.of());
        }
    }

    private final KeycloakSession session;

    RequestUriOneTimeExecutor(KeycloakSession session) {
        super(RequestUriOneTimeExecutorFactory.ID, EVENTS, Configuration.class, new Configuration());
        this.session = session;
    }

    @Override
    protected void enforce(ClientPolicyContext context, Configuration settings) {
        switch (context.getEvent()) {
            case AUTHORIZATION_REQUEST -> markOpened((AuthorizationRequestContext) context);
            default -> {
                // the use of a request_uri begins at the authorization endpoint
            }
        }
    }

    private void markOpened(AuthorizationRequestContext context) {
        String requestUri = context.getRequestParameters().getFirst(OIDCLoginProtocol.REQUEST_URI_PARAM);
        if (PushedAuthorization.isPushed(requestUri)) {
            OneTimeRequestUri.open(session, context.getAuthenticationSession(), requestUri);
        }
    }
}
