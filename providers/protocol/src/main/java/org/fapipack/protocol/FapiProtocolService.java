package org.fapipack.protocol;

import java.util.Optional;
import org.fapipack.interactionid.InteractionId;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.OIDCLoginProtocolService;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.protocol.oidc.endpoints.LogoutEndpoint;

/** The endpoints below {@code /realms/{realm}/protocol/openid-connect}; all but these are stock. */
public class FapiProtocolService extends OIDCLoginProtocolService {

    private final KeycloakSession session;
    private final EventBuilder event;
    private final Optional<String> interactionId;

    FapiProtocolService(KeycloakSession session, EventBuilder event) {
        super(session, event);
        this.session = session;
        this.event = event;
        this.interactionId = InteractionId.answer(session);
        interactionId.ifPresent(id -> event.detail(InteractionId.DETAIL, id));
    }

    @Override
    public Object auth() {
        return FapiAuthorizationEndpoint.create(session, event);
    }

    @Override
    public Object registrations(String token) {
        return FapiAuthorizationEndpoint.create(session, event).register(token);
    }

    @Override
    public Object forgotCredentialsPage() {
        return FapiAuthorizationEndpoint.create(session, event).forgotCredentials();
    }

    @Override
    public Object token() {
        return new FapiTokenEndpoint(session, new FapiTokenManager(event), event);
    }

    @Override
    public Object logout() {
        return new LogoutEndpoint(session, new LogoutTokenManager(), event);
    }

    @Override
    public Object issueUserInfo() {
        return new FapiUserInfoEndpoint(InteractionId.inEvents(session, interactionId), new TokenManager());
    }
}
