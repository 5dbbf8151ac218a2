package org.fapipack.consent;

import java.util.List;
import org.keycloak.connections.jpa.entityprovider.JpaEntityProvider;

/** The tables of this package, made and kept up to date by the server when it starts. */
final class ConsentTables implements JpaEntityProvider {

    @Override
    public List<Class<?>> getEntities() {
        return List.of(
                ConsentEntity.class,
                ConsentEventEntity.class,
                ConsentAccountEntity.class,
                ConsentKeyEntity.class,
                ConsentDeliveryEntity.class);
    }

    @Override
    public String getChangelogLocation() {
        return "META-INF/fapi-consent-changelog.xml";
    }

    @Override
    public String getFactoryId() {
        return ConsentTablesFactory.ID;
    }

    @Override
    public void close() {
        // nothing to release
    }
}
