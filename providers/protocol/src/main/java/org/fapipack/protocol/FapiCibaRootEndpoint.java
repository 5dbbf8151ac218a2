package org.fapipack.protocol;

import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.grants.ciba.endpoints.BackchannelAuthenticationCallbackEndpoint;
import org.keycloak.protocol.oidc.grants.ciba.endpoints.BackchannelAuthenticationEndpoint;
import org.keycloak.protocol.oidc.grants.ciba.endpoints.CibaRootEndpoint;

/** The stock resource below {@code ext/ciba}, with the pack's endpoints. */
public class FapiCibaRootEndpoint extends CibaRootEndpoint {

    private final KeycloakSession session;
    private EventBuilder event;

    FapiCibaRootEndpoint(KeycloakSession session) {
        super(session);
        this.session = session;
    }

    @Override
    public void setEvent(EventBuilder value) {
        super.setEvent(value);
        event = value;
    }

    @Override
    public BackchannelAuthenticationEndpoint authorize() {
        return new FapiBackchannelEndpoint(session, event);
    }

    @Override
    public BackchannelAuthenticationCallbackEndpoint authenticate() {
        return new FapiBackchannelCallbackEndpoint(session, event);
    }
}
