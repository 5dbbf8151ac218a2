package org.fapipack.senderconstraint;

import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.fapipack.executor.RulesInForce;
import org.keycloak.OAuthErrorException;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.token.TokenPostProcessor;
import org.keycloak.protocol.oidc.token.TokenPostProcessorContext;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.CorsErrorResponseException;
import org.keycloak.services.cors.Cors;

/**
 * Lets no access token out to a client under {@link SenderConstraintRules} that is bound to nobody, or asked for a resource server that is
 * switched off by now, whichever grant made it.
 */
final class BoundTokensOnly implements TokenPostProcessor {

    private final KeycloakSession session;

    BoundTokensOnly(KeycloakSession session) {
        this.session = session;
    }

    @Override
    public void process(TokenPostProcessorContext context) {
        AccessToken token = context.accessToken();
        if (token == null) {
            return;
        }
        if (!isBound(token)
                && !SenderConstraint.doesAccessTokenStayHere(session)
                && isForAClientUnderTheRules(token, context)) {
            throw refusal("the access token would not be bound to its sender");
        }
        if (isForSomebodyDisabled(context) && isForAClientUnderTheRules(token, context)) {
            throw refusal("a requested audience is disabled");
        }
    }

    /** Keycloak asks this when a token is exchanged, and not when the exchanged one is refreshed. */
    private static boolean isForSomebodyDisabled(TokenPostProcessorContext context) {
        ClientModel[] audience =
                context.clientSessionCtx().getAttribute(Constants.REQUESTED_AUDIENCE_CLIENTS, ClientModel[].class);
        return audience != null && Arrays.stream(audience).anyMatch(client -> !client.isEnabled());
    }

    /** A permission token (UMA) is made in a session of the resource server's, so the client it is issued for counts, too. */
    private boolean isForAClientUnderTheRules(AccessToken token, TokenPostProcessorContext context) {
        return Stream.of(context.clientSessionCtx().getClientSession().getClient(), issuedFor(token))
                .filter(Objects::nonNull)
                .anyMatch(client -> RulesInForce.find(session, client, SenderConstraintRules.class)
                        .isPresent());
    }

    private ClientModel issuedFor(AccessToken token) {
        String clientId = token.getIssuedFor();
        return clientId == null ? null : session.getContext().getRealm().getClientByClientId(clientId);
    }

    /** An answer, since the grant of permission tokens makes an internal error of Keycloak's own exception for this. */
    private static CorsErrorResponseException refusal(String description) {
        return new CorsErrorResponseException(
                Cors.builder().allowedMethods("POST"),
                OAuthErrorException.INVALID_REQUEST,
                description,
                Response.Status.BAD_REQUEST);
    }

    private static boolean isBound(AccessToken token) {
        AccessToken.Confirmation confirmation = token.getConfirmation();
        return confirmation != null
                && (confirmation.getKeyThumbprint() != null || confirmation.getCertThumbprint() != null);
    }
}
