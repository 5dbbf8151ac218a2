package org.fapipack.clientmetadata.registration;

import org.fapipack.clientmetadata.ClientMetadataExecutorFactory;
import org.fapipack.executor.RealmPolicies;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.saml.clientregistration.EntityDescriptorClientRegistrationProviderFactory;
import org.keycloak.services.clientregistration.ClientRegistrationProvider;

/** Replaces the stock factory of the id {@code saml2-entity-descriptor}. A realm without the executor is served by the stock class itself. */
public final class FapiSamlRegistrationProviderFactory extends EntityDescriptorClientRegistrationProviderFactory {

    @Override
    public ClientRegistrationProvider create(KeycloakSession session) {
        return RealmPolicies.mention(session, session.getContext().getRealm(), ClientMetadataExecutorFactory.ID)
                ? new SamlRegistrationEndpoint(session)
                : super.create(session);
    }

    /** Above the stock factory of the same id. */
    @Override
    public int order() {
        return super.order() + 1;
    }
}
