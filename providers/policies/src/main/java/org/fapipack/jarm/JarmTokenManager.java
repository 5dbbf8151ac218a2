package org.fapipack.jarm;

import java.util.Optional;
import java.util.function.Supplier;
import org.keycloak.OAuth2Constants;
import org.keycloak.Token;
import org.keycloak.TokenCategory;
import org.keycloak.jose.jws.DefaultTokenManager;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.AuthorizationResponseToken;

/**
 * Keycloak's token manager, except that a JARM response under {@link JarmRules} carries {@code iss} once and is signed with an allowed
 * algorithm. Every other token, and a response without rules, is encoded as stock does.
 */
final class JarmTokenManager extends DefaultTokenManager {

    private final Supplier<Optional<JarmRules>> rules;

    JarmTokenManager(KeycloakSession session, Supplier<Optional<JarmRules>> rules) {
        super(session);
        this.rules = rules;
    }

    @Override
    public String encode(Token token) {
        if (token instanceof AuthorizationResponseToken response && rules.get().isPresent()) {
            // The JWT's own iss claim stays; this is the copy that RFC 9207 asks for outside of a JWT.
            response.getOtherClaims().remove(OAuth2Constants.ISSUER);
        }
        return super.encode(token);
    }

    @Override
    public String signatureAlgorithm(TokenCategory category) {
        String stockChoice = super.signatureAlgorithm(category);
        return category == TokenCategory.AUTHORIZATION_RESPONSE
                ? rules.get().map(inForce -> inForce.algorithm(stockChoice)).orElse(stockChoice)
                : stockChoice;
    }
}
