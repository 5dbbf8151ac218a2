package org.fapipack.jarm;

import java.util.Optional;
import org.fapipack.executor.RulesInForce;
import org.keycloak.OAuth2Constants;
import org.keycloak.Token;
import org.keycloak.TokenCategory;
import org.keycloak.jose.jws.DefaultTokenManager;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.AuthorizationResponseToken;

/**
 * Keycloak's token manager, except that a JARM response of a client under {@link JarmRules} carries {@code iss} once and is signed
 * with an allowed algorithm. Every other token, and every other client, is encoded as stock does.
 */
final class JarmTokenManager extends DefaultTokenManager {

    private final KeycloakSession session;

    JarmTokenManager(KeycloakSession session) {
        super(session);
        this.session = session;
    }

    @Override
    public String encode(Token token) {
        if (token instanceof AuthorizationResponseToken response && rules().isPresent()) {
            // The JWT's own iss claim stays; this is the copy that RFC 9207 asks for outside of a JWT.
            response.getOtherClaims().remove(OAuth2Constants.ISSUER);
        }
        return super.encode(token);
    }

    @Override
    public String signatureAlgorithm(TokenCategory category) {
        String stockChoice = super.signatureAlgorithm(category);
        return category == TokenCategory.AUTHORIZATION_RESPONSE
                ? rules().map(rules -> rules.algorithm(stockChoice)).orElse(stockChoice)
                : stockChoice;
    }

    private Optional<JarmRules> rules() {
        ClientModel client = session.getContext().getClient();
        return client == null ? Optional.empty() : RulesInForce.find(session, client, JarmRules.class);
    }
}
