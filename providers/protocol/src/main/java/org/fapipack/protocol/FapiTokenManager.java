package org.fapipack.protocol;

import org.fapipack.senderconstraint.SenderConstraint;
import org.keycloak.OAuthErrorException;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.representations.RefreshToken;

/** Keycloak's token manager, except that a refresh token outlives the certificate it was issued to, where {@link SenderConstraint} says so. */
final class FapiTokenManager extends TokenManager {

    @Override
    public RefreshToken verifyRefreshToken(
            KeycloakSession session,
            RealmModel realm,
            ClientModel client,
            HttpRequest request,
            String encodedRefreshToken,
            boolean checkExpiration)
            throws OAuthErrorException {
        ClientModel asSeen = SenderConstraint.of(session, client)
                .map(SenderConstraint::withoutPinnedRefreshTokens)
                .orElse(client);
        return super.verifyRefreshToken(session, realm, asSeen, request, encodedRefreshToken, checkExpiration);
    }
}
