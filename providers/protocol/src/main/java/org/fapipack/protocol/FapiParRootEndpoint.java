package org.fapipack.protocol;

import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.par.endpoints.ParEndpoint;
import org.keycloak.protocol.oidc.par.endpoints.ParRootEndpoint;

/** The stock resource below {@code ext/par}, with the pack's endpoint. */
public class FapiParRootEndpoint extends ParRootEndpoint {

    private final KeycloakSession session;
    private EventBuilder event;

    FapiParRootEndpoint(KeycloakSession session) {
        super(session);
        this.session = session;
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
