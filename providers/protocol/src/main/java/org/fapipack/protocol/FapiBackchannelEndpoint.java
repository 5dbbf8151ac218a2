package org.fapipack.protocol;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import org.fapipack.consent.BackchannelRequests;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.grants.ciba.endpoints.BackchannelAuthenticationEndpoint;

/** The stock backchannel authentication endpoint; a request that is refused does not keep others for the same consent waiting. */
public class FapiBackchannelEndpoint extends BackchannelAuthenticationEndpoint {

    FapiBackchannelEndpoint(KeycloakSession session, EventBuilder event) {
        super(session, event);
    }

    @Override
    public Response processGrantRequest() {
        try {
            return super.processGrantRequest();
        } catch (WebApplicationException refused) {
            BackchannelRequests.of(session).forgetRefused();
            throw refused;
        }
    }
}
