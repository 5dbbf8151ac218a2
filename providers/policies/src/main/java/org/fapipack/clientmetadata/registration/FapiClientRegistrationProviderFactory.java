package org.fapipack.clientmetadata.registration;

import org.fapipack.clientmetadata.ClientMetadataExecutorFactory;
import org.fapipack.executor.RealmPolicies;
import org.fapipack.interactionid.InteractionId;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientregistration.ClientRegistrationProvider;
import org.keycloak.services.clientregistration.oidc.OIDCClientRegistrationProviderFactory;

/** Replaces the stock factory of the id {@code openid-connect}. A realm without the executor is served by the stock class itself. */
public final class FapiClientRegistrationProviderFactory extends OIDCClientRegistrationProviderFactory {

    @Override
    public ClientRegistrationProvider create(KeycloakSession session) {
        InteractionId.answer(session);
        return RealmPolicies.mention(session, session.getContext().getRealm(), ClientMetadataExecutorFactory.ID)
                ? new ClientRegistrationEndpoint(session)
                : super.create(session);
    }

    /** Above the stock factory of the same id. */
    @Override
    public int order() {
        return super.order() + 1;
    }
}
