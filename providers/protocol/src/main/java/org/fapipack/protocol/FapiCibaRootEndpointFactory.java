package org.fapipack.protocol;

import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.ext.OIDCExtProvider;
import org.keycloak.protocol.oidc.grants.ciba.endpoints.CibaRootEndpoint;

/** Replaces the stock factory of the id {@code ciba}. */
public final class FapiCibaRootEndpointFactory extends CibaRootEndpoint {

    @Override
    public OIDCExtProvider create(KeycloakSession session) {
        return new FapiCibaRootEndpoint(session);
    }

    /** Above the stock factory of the same id. */
    @Override
    public int order() {
        return super.order() + 1;
    }

    @Override
    public void setEvent(EventBuilder event) {
        throw new UnsupportedOperationException("a factory serves no request");
    }
}
