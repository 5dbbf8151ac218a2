package org.fapipack.protocol;

import java.util.Optional;
import org.fapipack.consent.ConsentEndpoint;
import org.fapipack.consent.ConsentExecutorFactory;
import org.fapipack.executor.PlainFactory;
import org.fapipack.executor.RealmPolicies;
import org.fapipack.interactionid.InteractionId;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;

/** Opens the {@linkplain ConsentEndpoint consent API} in realms that use the executor {@code fapi-consent}; others know no such path. */
public final class FapiConsentsFactory implements RealmResourceProviderFactory, PlainFactory<RealmResourceProvider> {

    /** Provider id, and the path below {@code /realms/{realm}}. */
    public static final String ID = "fapi-consents";

    @Override
    public RealmResourceProvider create(KeycloakSession session) {
        return new Provider(session);
    }

    private record Provider(KeycloakSession session) implements RealmResourceProvider {

        @Override
        public Object getResource() {
            RealmModel realm = session.getContext().getRealm();
            if (!RealmPolicies.mention(session, realm, ConsentExecutorFactory.ID)) {
                return null;
            }
            EventBuilder event =
                    new EventBuilder(realm, session, session.getContext().getConnection());
            Optional<String> interactionId = InteractionId.answer(session);
            interactionId.ifPresent(id -> event.detail(InteractionId.DETAIL, id));
            return new ConsentEndpoint(session, new BoundClientToken(session), event, interactionId);
        }

        @Override
        public void close() {
            // nothing to release
        }
    }

    @Override
    public String getId() {
        return ID;
    }
}
