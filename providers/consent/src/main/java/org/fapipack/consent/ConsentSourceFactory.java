package org.fapipack.consent;

import org.keycloak.provider.ProviderFactory;

/** Makes a {@link ConsentSource} for each request. */
public interface ConsentSourceFactory extends ProviderFactory<ConsentSource> {}
