package org.fapipack.clientmetadata.registration;

import java.util.Optional;
import org.fapipack.clientmetadata.ClientMetadataExecutorFactory;
import org.fapipack.executor.RealmPolicies;
import org.fapipack.interactionid.InteractionId;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientregistration.ClientRegistrationProvider;
import org.keycloak.services.clientregistration.oidc.OIDCClientRegistrationProvider;
import org.keycloak.services.clientregistration.oidc.OIDCClientRegistrationProviderFactory;

/** Replaces the stock factory of the id {@code openid-connect}. A realm without the executor is served by the stock class itself. */
public final class FapiClientRegistrationProviderFactory extends OIDCClientRegistrationProviderFactory {

    @Override
    public ClientRegistrationProvider create(KeycloakSession session) {
        Optional<String> interactionId = InteractionId.answer(session);
        return RealmPolicies.mention(session, session.getContext().getRealm(), ClientMetadataExecutorFactory.ID)
                ? new ClientRegistrationEndpoint(session, interactionId)
                : interactionId.isPresent()
                        ? new WithInteractionId(session, interactionId.get())
                        : super.create(session);
    }

    /** The stock resource, with the id of the request in its events. */
    private static final class WithInteractionId extends OIDCClientRegistrationProvider {

        private final String interactionId;

        WithInteractionId(KeycloakSession session, String interactionId) {
            super(session);
            this.interactionId = interactionId;
        }

        @Override
        public void setEvent(EventBuilder event) {
            super.setEvent(event.detail(InteractionId.DETAIL, interactionId));
        }
    }

    /** Above the stock factory of the same id. */
    @Override
    public int order() {
        return super.order() + 1;
    }
}
