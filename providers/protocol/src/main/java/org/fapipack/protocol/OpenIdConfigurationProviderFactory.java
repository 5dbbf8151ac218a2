package org.fapipack.protocol;

import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.OIDCWellKnownProviderFactory;
import org.keycloak.wellknown.WellKnownProvider;

/** Replaces the stock factory of the id {@code openid-configuration}; the stock document stays, see {@link FapiMetadataProvider}. */
public final class OpenIdConfigurationProviderFactory extends OIDCWellKnownProviderFactory {

    @Override
    public WellKnownProvider create(KeycloakSession session) {
        return new FapiMetadataProvider(session, super.create(session));
    }

    /** Above the stock factory of the same id. */
    @Override
    public int order() {
        return super.order() + 1;
    }
}
