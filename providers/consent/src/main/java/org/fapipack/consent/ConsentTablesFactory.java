package org.fapipack.consent;

import org.keycloak.Config;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProvider;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProviderFactory;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.provider.ProviderEvent;

/** Factory of {@link ConsentTables}. Consents go with their realm, client or customer. */
public final class ConsentTablesFactory implements JpaEntityProviderFactory {

    /** Provider id; the table {@code DATABASECHANGELOG_FAPI_CONSE} is named after it. */
    public static final String ID = "fapi-consent";

    @Override
    public JpaEntityProvider create(KeycloakSession session) {
        return new ConsentTables();
    }

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public void init(Config.Scope config) {
        // nothing to set
    }

    @Override
    public void postInit(KeycloakSessionFactory factory) {
        factory.register(ConsentTablesFactory::forget);
    }

    private static void forget(ProviderEvent event) {
        if (event instanceof RealmModel.RealmRemovedEvent removed) {
            new ConsentStore(removed.getKeycloakSession()).forget(removed.getRealm());
        } else if (event instanceof ClientModel.ClientRemovedEvent removed) {
            new ConsentStore(removed.getKeycloakSession())
                    .forget(removed.getClient().getRealm(), removed.getClient());
        } else if (event instanceof UserModel.UserRemovedEvent removed) {
            new ConsentStore(removed.getKeycloakSession()).forget(removed.getRealm(), removed.getUser());
        }
    }

    @Override
    public void close() {
        // nothing to release
    }
}
