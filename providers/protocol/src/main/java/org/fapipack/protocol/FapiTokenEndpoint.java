package org.fapipack.protocol;

import org.fapipack.introspection.SignedIntrospectionEndpoint;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.protocol.oidc.endpoints.TokenEndpoint;

/** The stock token endpoint; introspection is a sub-resource of it. */
public class FapiTokenEndpoint extends TokenEndpoint {

    private final KeycloakSession session;
    private final EventBuilder event;

    FapiTokenEndpoint(KeycloakSession session, TokenManager tokenManager, EventBuilder event) {
        super(session, tokenManager, event);
        this.session = session;
        this.event = event;
    }

    @Override
    public Object introspect() {
        return new SignedIntrospectionEndpoint(session, event);
    }
}
