package org.fapipack.protocol;

import jakarta.ws.rs.core.Response;
import org.fapipack.jarm.JarmSession;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.LoginProtocol;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.endpoints.AuthorizationEndpoint;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The stock authorization endpoint, with two seams closed: errors it sends to the client are built by {@link JarmSession}, and a
 * request with {@code prompt=none} ends in the pack's login protocol, not in a stock one made on the spot.
 */
public class FapiAuthorizationEndpoint extends AuthorizationEndpoint {

    private FapiAuthorizationEndpoint(KeycloakSession session, EventBuilder event) {
        super(session, event);
    }

    static FapiAuthorizationEndpoint create(KeycloakSession session, EventBuilder event) {
        return new FapiAuthorizationEndpoint(JarmSession.of(session), event);
    }

    @Override
    protected Response handleBrowserAuthenticationRequest(
            AuthenticationSessionModel authSession,
            LoginProtocol stockProtocol,
            boolean isPassive,
            boolean redirectToAuthentication) {
        LoginProtocol protocol = session.getProvider(LoginProtocol.class, OIDCLoginProtocol.LOGIN_PROTOCOL)
                .setRealm(realm)
                .setUriInfo(session.getContext().getUri())
                .setHttpHeaders(headers)
                .setEventBuilder(event);
        return super.handleBrowserAuthenticationRequest(authSession, protocol, isPassive, redirectToAuthentication);
    }
}
