package org.fapipack.tokenlifetime;

import org.fapipack.executor.RulesInForce;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.token.TokenPostProcessor;
import org.keycloak.protocol.oidc.token.TokenPostProcessorContext;
import org.keycloak.representations.AccessToken;

/** Moves the end of every access token into the window, whichever grant made it. */
final class LifetimeInWindow implements TokenPostProcessor {

    private final KeycloakSession session;

    LifetimeInWindow(KeycloakSession session) {
        this.session = session;
    }

    @Override
    public void process(TokenPostProcessorContext context) {
        AccessToken token = context.accessToken();
        if (token != null) {
            RulesInForce.find(
                            session,
                            context.clientSessionCtx().getClientSession().getClient(),
                            AccessTokenLifetimeRules.class)
                    .ifPresent(rules -> token.exp(token.getIat() + rules.nearest(life(token))));
        }
    }

    /** One without an end lives for ever. */
    private static long life(AccessToken token) {
        Long end = token.getExp();
        return end == null || end == 0 ? Long.MAX_VALUE : end - token.getIat();
    }
}
