package org.fapipack.protocol;

import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.ext.OIDCExtProvider;
import org.keycloak.protocol.oidc.par.endpoints.ParEndpoint;
import org.keycloak.protocol.oidc.par.endpoints.ParRootEndpoint;

/** The stock resource below {@code ext/par}, with the pack's endpoint. Like the stock one it is its own factory. */
public class FapiParRootEndpoint extends ParRootEndpoint {

    private final KeycloakSession session;
    private EventBuilder event;

    /** The factory, which serves no request. */
    public FapiParRootEndpoint() {
        this(null);
    }

    private FapiParRootEndpoint(KeycloakSession session) {
        super(session);
        this.session = session;
    }

    @Override
    public OIDCExtProvider create(KeycloakSession requests) {
        return new FapiParRootEndpoint(requests);
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
    public ParEndpoint request() {
        return new FapiParEndpoint(session, event);
    }
}
