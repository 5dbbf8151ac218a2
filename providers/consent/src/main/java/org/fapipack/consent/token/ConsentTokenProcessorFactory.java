package org.fapipack.consent.token;

import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.token.TokenPostProcessor;
import org.keycloak.protocol.oidc.token.TokenPostProcessorFactory;

/** Factory of {@link ConsentTokenProcessor}. */
public final class ConsentTokenProcessorFactory implements TokenPostProcessorFactory {

    @Override
    public TokenPostProcessor create(KeycloakSession session) {
        return new ConsentTokenProcessor(session);
    }

    @Override
    public String getId() {
        return "fapi-consent-tokens";
    }
}
