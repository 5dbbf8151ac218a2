package org.fapipack.protocol;

import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.LoginProtocol;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.OIDCLoginProtocolFactory;

/** Replaces the stock factory of the id {@code openid-connect}, which owns both the protocol and its endpoints. */
public final class FapiLoginProtocolFactory extends OIDCLoginProtocolFactory {

    @Override
    public LoginProtocol create(KeycloakSession session) {
        OIDCLoginProtocol stock = (OIDCLoginProtocol) super.create(session);
        return new FapiLoginProtocol(stock.getConfig()).setSession(session);
    }

    @Override
    public Object createProtocolEndpoint(KeycloakSession session, EventBuilder event) {
        return new FapiProtocolService(session, event);
    }

    /** Above the stock factory of the same id. */
    @Override
    public int order() {
        return super.order() + 1;
    }
}
