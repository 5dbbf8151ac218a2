package org.fapipack.protocol;

import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.fapipack.introspection.SignedIntrospectionEndpoint;
import org.fapipack.senderconstraint.SenderConstraint;
import org.fapipack.senderconstraint.SenderConstraintDefect;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.protocol.oidc.endpoints.TokenEndpoint;
import org.keycloak.services.CorsErrorResponseException;
import org.keycloak.services.cors.Cors;

/** The stock token endpoint, with DPoP proofs and certificates checked before the grant; introspection is a sub-resource of it. */
public class FapiTokenEndpoint extends TokenEndpoint {

    private final KeycloakSession session;
    private final EventBuilder event;

    FapiTokenEndpoint(KeycloakSession session, TokenManager tokenManager, EventBuilder event) {
        super(SenderConstraint.forProofAsSpelt(session), tokenManager, event);
        this.session = session;
        this.event = event;
    }

    /** Keycloak calls this when it knows the client, before it looks at the DPoP proof and before the grant looks at the code. */
    @Override
    protected void checkParameters() {
        super.checkParameters();
        Optional.ofNullable(session.getContext().getClient())
                .flatMap(client -> SenderConstraint.of(session, client))
                .flatMap(SenderConstraint::firstDefectAtToken)
                .ifPresent(this::refuse);
    }

    private void refuse(SenderConstraintDefect defect) {
        event.detail(Details.REASON, defect.reason()).error(defect.error());
        throw new CorsErrorResponseException(
                Cors.builder()
                        .auth()
                        .allowedMethods("POST")
                        .checkAllowedOrigins(session, session.getContext().getClient()),
                defect.error(),
                defect.description(),
                Response.Status.BAD_REQUEST);
    }

    @Override
    public Object introspect() {
        return new SignedIntrospectionEndpoint(session, event);
    }
}
