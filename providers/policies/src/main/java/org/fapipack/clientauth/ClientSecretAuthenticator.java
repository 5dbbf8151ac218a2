package org.fapipack.clientauth;

import java.util.Optional;
import org.keycloak.authentication.ClientAuthenticationFlowContext;
import org.keycloak.authentication.authenticators.client.ClientIdAndSecretAuthenticator;

/** Replaces the stock authenticator {@code client-secret}, which also lets public clients through: no rules of ours allow either. */
public final class ClientSecretAuthenticator extends ClientIdAndSecretAuthenticator {

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
