package org.fapipack.clientauth;

import java.util.Optional;
import org.keycloak.authentication.ClientAuthenticationFlowContext;
import org.keycloak.authentication.authenticators.client.ClientIdAndSecretAuthenticator;
import org.keycloak.models.ClientModel;

/** Replaces the stock authenticator {@code client-secret}, which also lets public clients through: only those, where the rules allow it. */
public final class ClientSecretAuthenticator extends ClientIdAndSecretAuthenticator {

    @Override
    public void authenticateClient(ClientAuthenticationFlowContext context) {
        super.authenticateClient(context);
        StrictClientAuthentication.judge(context, PROVIDER_ID, method(context.getClient()));
    }

    private static Optional<ClientAuthenticationMethod> method(ClientModel client) {
        return Optional.ofNullable(client)
                .filter(ClientModel::isPublicClient)
                .map(isPublic -> ClientAuthenticationMethod.NONE);
    }

    /** Above the stock authenticator of the same id. */
    @Override
    public int order() {
        return super.order() + 1;
    }
}
