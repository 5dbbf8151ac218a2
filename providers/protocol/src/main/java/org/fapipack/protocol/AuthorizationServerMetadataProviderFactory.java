package org.fapipack.protocol;

import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oauth2.OAuth2WellKnownProviderFactory;
import org.keycloak.wellknown.WellKnownProvider;

/** Replaces the stock factory of the id {@code oauth-authorization-server}; the stock document stays, see {@link FapiMetadataProvider}. */
public final class AuthorizationServerMetadataProviderFactory extends OAuth2WellKnownProviderFactory {

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
