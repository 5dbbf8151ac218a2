package org.fapipack.clientauth;

import java.util.Optional;
import org.keycloak.authentication.ClientAuthenticationFlowContext;
import org.keycloak.authentication.authenticators.client.FederatedJWTClientAuthenticator;

/** Replaces the stock authenticator {@code federated-jwt}, an assertion by a third party: no rules of ours allow it. */
public final class FederatedJwtAuthenticator extends FederatedJWTClientAuthenticator {

    @Override
    public void authenticateClient(ClientAuthenticationFlowContext context) {
        super.authenticateClient(context);
        StrictClientAuthentication.judge(context, PROVIDER_ID, Optional.empty());
    }

    /** Above the stock authenticator of the same id. */
    @Override
    public int order() {
        return super.order() + 1;
    }
}
