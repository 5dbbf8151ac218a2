package org.fapipack.clientauth;

import java.util.Optional;
import org.keycloak.authentication.ClientAuthenticationFlowContext;
import org.keycloak.authentication.authenticators.client.JWTClientSecretAuthenticator;

/** Replaces the stock authenticator {@code client-secret-jwt}: only where the rules allow it. */
public final class ClientSecretJwtAuthenticator extends JWTClientSecretAuthenticator {

    @Override
    public void authenticateClient(ClientAuthenticationFlowContext context) {
        super.authenticateClient(context);
        StrictClientAuthentication.judge(
                context, PROVIDER_ID, Optional.of(ClientAuthenticationMethod.CLIENT_SECRET_JWT));
    }

    /** Above the stock authenticator of the same id. */
    @Override
    public int order() {
        return super.order() + 1;
    }
}
