package org.fapipack.protocol;

import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.ext.OIDCExtProvider;
import org.keycloak.protocol.oidc.grants.ciba.endpoints.BackchannelAuthenticationCallbackEndpoint;
import org.keycloak.protocol.oidc.grants.ciba.endpoints.BackchannelAuthenticationEndpoint;
import org.keycloak.protocol.oidc.grants.ciba.endpoints.CibaRootEndpoint;

/** The stock resource below {@code ext/ciba}, with the pack's endpoints. Like the stock one it is its own factory. */
public class FapiCibaRootEndpoint extends CibaRootEndpoint {

    private final KeycloakSession session;
    private EventBuilder event;

    /** The factory, which serves no request. */
    public FapiCibaRootEndpoint() {
        this(null);
    }

    private FapiCibaRootEndpoint(KeycloakSession session) {
        super(session);
        this.session = session;
    }

    @Override
    public OIDCExtProvider create(KeycloakSession requests) {
        return new FapiCibaRootEndpoint(requests);
    }

    /** Above the stock factory of the same id. */
    @Override
    public int order() {
        return super.order() + 1;
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
