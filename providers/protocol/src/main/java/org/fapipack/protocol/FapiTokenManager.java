package org.fapipack.protocol;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.fapipack.consent.ConsentBinding;
import org.fapipack.consent.ConsentSource;
import org.fapipack.consent.ConsentedTokens;
import org.keycloak.OAuthErrorException;
import org.keycloak.TokenVerifier;
import org.keycloak.common.ClientConnection;
import org.keycloak.common.VerificationException;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.http.HttpRequest;
import org.keycloak.models.ClientModel;
import org.keycloak.models.ClientScopeModel;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.representations.AccessToken;
import org.keycloak.representations.AccessTokenResponse;
import org.keycloak.representations.RefreshToken;
import org.keycloak.services.CorsErrorResponseException;
import org.keycloak.services.cors.Cors;

/**
 * Keycloak's token manager, except that no token is issued that {@linkplain ConsentedTokens consents} do not allow, whatever the grant.
 */
final class FapiTokenManager extends RefreshTokenManager {

    private final EventBuilder event;

    FapiTokenManager(EventBuilder event) {
        this.event = event;
    }

    @Override
    public RefreshToken verifyRefreshToken(
            KeycloakSession session,
            RealmModel realm,
            ClientModel client,
            HttpRequest request,
            String encodedRefreshToken,
            boolean checkExpiration)
            throws OAuthErrorException {
        boolean isOutlived = checkExpiration && ConsentedTokens.of(session).isOutlived(encodedRefreshToken);
        RefreshToken token = super.verifyRefreshToken(
                session, realm, client, request, encodedRefreshToken, checkExpiration && !isOutlived);
        if (isOutlived) {
            checkNotBefore(realm, client, token);
        }
        if (!ConsentedTokens.of(session).allow(token, ConsentSource.TokenCheck.ISSUE)) {
            throw new OAuthErrorException(OAuthErrorException.INVALID_GRANT, "the consent is not in force");
        }
        return token;
    }

    /** What Keycloak checks together with the expiry. */
    private static void checkNotBefore(RealmModel realm, ClientModel client, RefreshToken token)
            throws OAuthErrorException {
        try {
            TokenVerifier.createWithoutSignature(token)
                    .withChecks(NotBeforeCheck.forModel(realm), NotBeforeCheck.forModel(client))
                    .verify();
        } catch (VerificationException revoked) {
            throw new OAuthErrorException(OAuthErrorException.INVALID_GRANT, revoked.getMessage());
        }
    }

    /** A refresh token that is for no consent, but for scopes that need one, was issued before they did. */
    @Override
    public TokenValidation validateToken(
            KeycloakSession session,
            UriInfo uriInfo,
            ClientConnection connection,
            RealmModel realm,
            RefreshToken oldToken,
            HttpHeaders headers,
            String oldTokenScope)
            throws OAuthErrorException {
        TokenValidation found =
                super.validateToken(session, uriInfo, connection, realm, oldToken, headers, oldTokenScope);
        Optional<String> defect = ConsentedTokens.of(session)
                .defect(found.clientSessionCtx.getClientSession().getClient(), found.user, scopes(oldToken.getScope()));
        if (defect.isPresent()) {
            throw new OAuthErrorException(OAuthErrorException.INVALID_GRANT, defect.get());
        }
        return found;
    }

    private static Set<String> scopes(String scope) {
        return scope == null ? Set.of() : Arrays.stream(scope.split(" ", -1)).collect(Collectors.toSet());
    }

    @Override
    public AccessToken createClientAccessToken(
            KeycloakSession session,
            RealmModel realm,
            ClientModel client,
            UserModel user,
            UserSessionModel userSession,
            ClientSessionContext clientSessionCtx,
            boolean isOffline) {
        Set<String> scopes = clientSessionCtx
                .getClientScopesStream()
                .map(ClientScopeModel::getName)
                .collect(Collectors.toSet());
        ConsentedTokens.of(session).defect(client, user, scopes).ifPresent(defect -> {
            event.detail(Details.REASON, defect).error(OAuthErrorException.INVALID_GRANT);
            throw new CorsErrorResponseException(
                    Cors.builder().auth().allowedMethods("POST").checkAllowedOrigins(session, client),
                    OAuthErrorException.INVALID_GRANT,
                    defect,
                    Response.Status.BAD_REQUEST);
        });
        return super.createClientAccessToken(session, realm, client, user, userSession, clientSessionCtx, isOffline);
    }

    @Override
    public AccessTokenResponseBuilder responseBuilder(
            RealmModel realm,
            ClientModel client,
            EventBuilder responseEvent,
            KeycloakSession session,
            UserSessionModel userSession,
            ClientSessionContext clientSessionCtx) {
        return new ResponseWithConsentScope(realm, client, responseEvent, session, userSession, clientSessionCtx, this);
    }

    /**
     * The token response, which says the scopes that the access token has: those are the granted ones, and the one that names the consent. Keycloak
     * would leave that out, and tell all scopes of the refresh token where fewer are asked for.
     */
    private static final class ResponseWithConsentScope extends AccessTokenResponseBuilder {

        private final KeycloakSession session;

        ResponseWithConsentScope(
                RealmModel realm,
                ClientModel client,
                EventBuilder event,
                KeycloakSession session,
                UserSessionModel userSession,
                ClientSessionContext clientSessionCtx,
                TokenManager tokenManager) {
            super(realm, client, event, session, userSession, clientSessionCtx, tokenManager);
            this.session = session;
        }

        @Override
        public AccessTokenResponse build() {
            AccessTokenResponse response = super.build();
            if (getAccessToken() != null && ConsentBinding.ofRequest(session).isPresent()) {
                response.setScope(getAccessToken().getScope());
            }
            return response;
        }
    }
}
