package org.fapipack.protocol;

import org.fapipack.core.jose.CompactJws;
import org.fapipack.senderconstraint.SenderConstraint;
import org.keycloak.OAuthErrorException;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.representations.RefreshToken;

/**
 * Keycloak's token manager, except for the refresh tokens that it takes: they have to say that they are some, and they outlive the certificate that they
 * were issued to, where {@link SenderConstraint} says so.
 */
class RefreshTokenManager extends TokenManager {

    /**
     * Keycloak takes every JWT of the realm without this claim for a refresh token, and the ID tokens of the pack have none. Demanded in every realm, which
     * may have had the policy yesterday: Keycloak's own refresh tokens always have it.
     */
    private static final String TYPE = "typ";

    @Override
    public RefreshToken verifyRefreshToken(
            KeycloakSession session,
            RealmModel realm,
            ClientModel client,
            HttpRequest request,
            String encodedRefreshToken,
            boolean checkExpiration)
            throws OAuthErrorException {
        if (CompactJws.read(encodedRefreshToken)
                .filter(token -> token.claims().hasNonNull(TYPE))
                .isEmpty()) {
            throw new OAuthErrorException(OAuthErrorException.INVALID_GRANT, "Invalid refresh token");
        }
        ClientModel asSeen = SenderConstraint.of(session, client)
                .map(SenderConstraint::withoutPinnedRefreshTokens)
                .orElse(client);
        return super.verifyRefreshToken(session, realm, asSeen, request, encodedRefreshToken, checkExpiration);
    }
}
