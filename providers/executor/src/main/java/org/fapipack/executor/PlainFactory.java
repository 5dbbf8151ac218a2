package org.fapipack.executor;

import org.keycloak.Config;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.Provider;
import org.keycloak.provider.ProviderFactory;

/** A factory with nothing to set, to prepare or to release. */
public interface PlainFactory<P extends Provider> extends ProviderFactory<P> {

    @Override
    default void init(Config.Scope config) {
        // nothing to set
    }

    @Override
    default void postInit(KeycloakSessionFactory factory) {
        // nothing to prepare
    }

    @Override
    default void close() {
        // nothing to release
    }
}
