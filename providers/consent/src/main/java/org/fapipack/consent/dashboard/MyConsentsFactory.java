package org.fapipack.consent.dashboard;

import org.fapipack.consent.Consents;
import org.fapipack.executor.PlainFactory;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.resource.RealmResourceProvider;
import org.keycloak.services.resource.RealmResourceProviderFactory;

/** Opens {@link MyConsentsEndpoint} in realms that use consents and have the client that customers sign in through; others know no such path. */
public final class MyConsentsFactory implements RealmResourceProviderFactory, PlainFactory<RealmResourceProvider> {

    /** Provider id, the path below {@code /realms/{realm}}, and the client id. */
    public static final String ID = "fapi-my-consents";

    @Override
    public RealmResourceProvider create(KeycloakSession session) {
        return new Provider(session);
    }

    private record Provider(KeycloakSession session) implements RealmResourceProvider {

        @Override
        public Object getResource() {
            if (!Consents.areUsedIn(session)) {
                return null;
            }
            ClientModel client = session.getContext().getRealm().getClientByClientId(ID);
            if (client == null || !client.isEnabled()) {
                return null;
            }
            // its login theme, and its name in events
            session.getContext().setClient(client);
            return new MyConsentsEndpoint(session, client);
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
