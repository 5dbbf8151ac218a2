package org.fapipack.consent;

import org.keycloak.provider.Provider;
import org.keycloak.provider.ProviderFactory;
import org.keycloak.provider.Spi;

/** Lets Keycloak find {@link ConsentSource}; its options begin with {@code --spi-consent-source}. */
public final class ConsentSourceSpi implements Spi {

    @Override
    public boolean isInternal() {
        return true;
    }

    @Override
    public String getName() {
        return "consent-source";
    }

    @Override
    public Class<? extends Provider> getProviderClass() {
        return ConsentSource.class;
    }

    @Override
    @SuppressWarnings("rawtypes") // as Keycloak wants it
    public Class<? extends ProviderFactory> getProviderFactoryClass() {
        return ConsentSourceFactory.class;
    }
}
