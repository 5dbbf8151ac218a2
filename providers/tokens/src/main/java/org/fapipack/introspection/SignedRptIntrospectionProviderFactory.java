package org.fapipack.introspection;

import org.keycloak.authorization.protection.introspect.RPTIntrospectionProviderFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.TokenIntrospectionProvider;

/**
 * Replaces the stock factory of the id {@code requesting_party_token}: with that hint any token can be introspected, so leaving it to
 * stock would be a way round every rule.
 */
public final class SignedRptIntrospectionProviderFactory extends RPTIntrospectionProviderFactory {

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
