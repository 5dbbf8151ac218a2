package org.fapipack.clientmetadata.registration;

import org.fapipack.clientmetadata.ClientMetadataExecutorFactory;
import org.fapipack.executor.RealmPolicies;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientregistration.ClientRegistrationProvider;
import org.keycloak.services.clientregistration.DefaultClientRegistrationProviderFactory;

/** Replaces the stock factory of the id {@code default}. A realm without the executor is served by the stock class itself. */
public final class FapiDefaultRegistrationProviderFactory extends DefaultClientRegistrationProviderFactory {

    @Override
    public ClientRegistrationProvider create(KeycloakSession session) {
        return RealmPolicies.mention(session, session.getContext().getRealm(), ClientMetadataExecutorFactory.ID)
                ? new DefaultRegistrationEndpoint(session)
                : super.create(session);
    }

    /** Above the stock factory of the same id. */
    @Override
    public int order() {
        return super.order() + 1;
    }
}
