package org.fapipack.consent.remote;

import org.fapipack.executor.PlainFactory;
import org.fapipack.executor.RealmPolicies;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;

/** Opens {@link ConsentNoticesEndpoint} in realms that use {@link ConsentStoreExecutorFactory}; others know no such path. */
public final class ConsentNoticesFactory implements RealmResourceProviderFactory, PlainFactory<RealmResourceProvider> {

    /** Provider id, and the path below {@code /realms/{realm}}. */
    public static final String ID = "fapi-consent-notices";

    @Override
    public RealmResourceProvider create(KeycloakSession session) {
        return new Provider(session);
    }

    private record Provider(KeycloakSession session) implements RealmResourceProvider {

        @Override
        public Object getResource() {
            return RealmPolicies.mention(session, session.getContext().getRealm(), ConsentStoreExecutorFactory.ID)
                    ? new ConsentNoticesEndpoint(session)
                    : null;
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
