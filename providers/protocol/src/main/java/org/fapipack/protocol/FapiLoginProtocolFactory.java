package org.fapipack.protocol;

import org.keycloak.Config;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.LoginProtocol;
import org.keycloak.protocol.oidc.OIDCLoginProtocolFactory;
import org.keycloak.protocol.oidc.OIDCProviderConfig;

/** Replaces the stock factory of the id {@code openid-connect}, which owns both the protocol and its endpoints. */
public final class FapiLoginProtocolFactory extends OIDCLoginProtocolFactory {

    private OIDCProviderConfig config;
    private OIDCProviderConfig strictConfig;

    @Override
    public void init(Config.Scope scope) {
        super.init(scope);
        config = new ServerRequestParameters(scope);
        strictConfig = new StrictRequestParameters(scope);
    }

    @Override
    public LoginProtocol create(KeycloakSession session) {
        return new FapiLoginProtocol(config, strictConfig).setSession(session);
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
