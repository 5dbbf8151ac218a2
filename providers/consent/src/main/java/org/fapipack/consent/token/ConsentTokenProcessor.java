package org.fapipack.consent.token;

import java.time.Instant;
import java.util.List;
import org.fapipack.consent.ConsentBinding;
import org.fapipack.consent.ConsentDetails;
import org.fapipack.consent.StoredConsent;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.token.TokenPostProcessor;
import org.keycloak.protocol.oidc.token.TokenPostProcessorContext;
import org.keycloak.representations.AccessToken;
import org.keycloak.representations.RefreshToken;

/** Writes the consent of the request into its access token and refresh token. None of them outlives the consent. */
final class ConsentTokenProcessor implements TokenPostProcessor {

    private final KeycloakSession session;

    ConsentTokenProcessor(KeycloakSession session) {
        this.session = session;
    }

    @Override
    public void process(TokenPostProcessorContext context) {
        ConsentBinding.ofRequest(session).ifPresent(consent -> {
            AccessToken accessToken = context.accessToken();
            if (accessToken != null) {
                bind(accessToken, consent);
                accessToken.setScope(ConsentScope.of(consent).addTo(accessToken.getScope()));
            }
            RefreshToken refreshToken = context.refreshToken();
            if (refreshToken != null) {
                bind(refreshToken, consent);
            }
            ConsentDetails.granted(consent).map(List::of).ifPresent(details -> {
                // Keycloak writes them at the exchange of the code; a refreshed token says the same.
                if (accessToken != null) {
                    accessToken.setAuthorizationDetails(details);
                }
                context.clientSessionCtx().setAttribute(Constants.AUTHORIZATION_DETAILS_RESPONSE, details);
            });
        });
    }

    private static void bind(AccessToken token, StoredConsent consent) {
        ConsentBinding.bind(token, consent);
        consent.view().end().map(Instant::getEpochSecond).ifPresent(end -> token.exp(earlier(token.getExp(), end)));
    }

    /** @param expiry null or 0 where the token has none */
    private static long earlier(Long expiry, long end) {
        return expiry == null || expiry == 0 ? end : Math.min(expiry, end);
    }
}
