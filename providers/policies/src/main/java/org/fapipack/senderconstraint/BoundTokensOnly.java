package org.fapipack.senderconstraint;

import org.fapipack.executor.RulesInForce;
import org.keycloak.OAuthErrorException;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.token.TokenInterceptorException;
import org.keycloak.protocol.oidc.token.TokenPostProcessor;
import org.keycloak.protocol.oidc.token.TokenPostProcessorContext;
import org.keycloak.representations.AccessToken;

/** Lets no unbound access token out to a client under {@link SenderConstraintRules}, whichever grant made it. */
final class BoundTokensOnly implements TokenPostProcessor {

    private final KeycloakSession session;

    BoundTokensOnly(KeycloakSession session) {
        this.session = session;
    }

    @Override
    public void process(TokenPostProcessorContext context) {
        AccessToken token = context.accessToken();
        if (token != null
                && !isBound(token)
                && !SenderConstraint.doesAccessTokenStayHere(session)
                && RulesInForce.find(
                                session,
                                context.clientSessionCtx().getClientSession().getClient(),
                                SenderConstraintRules.class)
                        .isPresent()) {
            throw new TokenInterceptorException(
                    OAuthErrorException.INVALID_REQUEST, "the access token would not be bound to its sender");
        }
    }

    private static boolean isBound(AccessToken token) {
        AccessToken.Confirmation confirmation = token.getConfirmation();
        return confirmation != null
                && (confirmation.getKeyThumbprint() != null || confirmation.getCertThumbprint() != null);
    }
}
