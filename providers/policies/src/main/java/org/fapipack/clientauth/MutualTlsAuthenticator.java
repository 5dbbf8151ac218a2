package org.fapipack.clientauth;

import java.util.Optional;
import org.keycloak.authentication.ClientAuthenticationFlowContext;
import org.keycloak.authentication.authenticators.client.X509ClientAuthenticator;

/** Replaces the stock authenticator {@code client-x509}: mutual TLS, where the rules allow it and nothing else comes with it. */
public final class MutualTlsAuthenticator extends X509ClientAuthenticator {

    @Override
    public void authenticateClient(ClientAuthenticationFlowContext context) {
        super.authenticateClient(context);
        StrictClientAuthentication.judge(context, PROVIDER_ID, Optional.of(ClientAuthenticationMethod.TLS_CLIENT_AUTH));
    }

    /** Above the stock authenticator of the same id. */
    @Override
    public int order() {
        return super.order() + 1;
    }
}
