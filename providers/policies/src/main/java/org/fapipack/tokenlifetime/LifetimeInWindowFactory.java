package org.fapipack.tokenlifetime;

import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.token.TokenPostProcessor;
import org.keycloak.protocol.oidc.token.TokenPostProcessorFactory;

/** Factory of {@link LifetimeInWindow}. */
public final class LifetimeInWindowFactory implements TokenPostProcessorFactory {

    @Override
    public TokenPostProcessor create(KeycloakSession session) {
        return new LifetimeInWindow(session);
    }

    @Override
    public String getId() {
        return "fapi-access-token-lifetime-window";
    }

    /** Before those that cut a token's life shorter, for example because its consent ends. */
    @Override
    public int order() {
        return 1;
    }
}
