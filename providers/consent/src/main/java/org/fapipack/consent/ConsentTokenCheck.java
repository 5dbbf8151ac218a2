package org.fapipack.consent;

import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.keycloak.OAuthErrorException;
import org.keycloak.authentication.AuthenticationProcessor;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.endpoints.UserInfoEndpoint.TokenForUserInfo;
import org.keycloak.protocol.oidc.utils.OAuth2CodeParser;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.clientpolicy.ClientPolicyException;

/** Refuses codes and access tokens that are for a consent that is not in force. */
final class ConsentTokenCheck {

    private final KeycloakSession session;

    ConsentTokenCheck(KeycloakSession session) {
        this.session = session;
    }

    /** A code that is being exchanged by its client. */
    void check(OAuth2CodeParser.ParseResult code) throws ClientPolicyException {
        AuthenticatedClientSessionModel clientSession = code.getClientSession();
        Optional<String> defect = ConsentedTokens.of(session)
                .defectOfCode(
                        clientSession.getClient(),
                        clientSession.getUserSession().getUser(),
                        code.getCodeData().getScope());
        if (defect.isPresent()) {
            throw new ClientPolicyException(OAuthErrorException.INVALID_GRANT, defect.get());
        }
        if (ConsentBinding.ofRequest(session).isPresent()) {
            // Keycloak would end the customer's session, in which they may be about to decide on another consent.
            clientSession.removeNote(AuthenticationProcessor.FIRST_OFFLINE_ACCESS);
        }
    }

    /** An access token that opens the userinfo endpoint: Keycloak has verified it by now. */
    void check(TokenForUserInfo presented) throws ClientPolicyException {
        Optional<AccessToken> token = ConsentedTokens.read(presented.getToken());
        if (token.isEmpty() || !ConsentedTokens.of(session).allow(token.get(), ConsentSource.TokenCheck.USE)) {
            throw new ClientPolicyException(
                    OAuthErrorException.INVALID_TOKEN,
                    "the consent of the access token is not in force",
                    Response.Status.UNAUTHORIZED);
        }
    }
}
