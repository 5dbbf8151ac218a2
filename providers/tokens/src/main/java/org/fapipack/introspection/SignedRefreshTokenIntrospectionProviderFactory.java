package org.fapipack.introspection;

import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.RefreshTokenIntrospectionProviderFactory;
import org.keycloak.protocol.oidc.TokenIntrospectionProvider;

/**
 * Replaces the stock factory of the id {@code refresh_token}: the endpoint picks the provider by {@code token_type_hint}, so there is no
 * other place to stand. Requests of clients without our rules go to the stock provider.
 */
public final class SignedRefreshTokenIntrospectionProviderFactory extends RefreshTokenIntrospectionProviderFactory {

    @Override
    public TokenIntrospectionProvider create(KeycloakSession session) {
        return new SignedIntrospectionProvider(session, super.create(session));
    }

    /** Above the stock factory of the same id. */
    @Override
    public int order() {
        return super.order() + 1;
    }
}
