package org.fapipack.senderconstraint;

import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.token.TokenPostProcessor;
import org.keycloak.protocol.oidc.token.TokenPostProcessorFactory;

/** Factory of {@link BoundTokensOnly}, the last look at every token that Keycloak issues. */
public final class BoundTokensOnlyFactory implements TokenPostProcessorFactory {

    @Override
    public TokenPostProcessor create(KeycloakSession session) {
        return new BoundTokensOnly(session);
    }

    @Override
    public String getId() {
        return "fapi-bound-tokens-only";
    }
}
