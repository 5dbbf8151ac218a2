package org.fapipack.protocol;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.fapipack.clientmetadata.ClientMetadataExecutorFactory;
import org.fapipack.executor.RealmPolicies;
import org.keycloak.OAuthErrorException;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.IDToken;
import org.keycloak.util.TokenUtil;

/**
 * Keycloak's token manager as the logout endpoint uses it, except that it knows ID tokens without the claim {@code typ}, which clients under
 * {@code fapi-client-metadata} get. Keycloak knows an ID token by that claim; here one without is known by what no other JWT of a realm has together.
 */
final class LogoutTokenManager extends RefreshTokenManager {

    @Override
    public IDToken verifyIDTokenSignature(KeycloakSession session, String encoded) throws OAuthErrorException {
        IDToken token = super.verifyIDTokenSignature(session, encoded);
        if (token.getType() == null
                && isIdToken(token)
                && RealmPolicies.mention(session, session.getContext().getRealm(), ClientMetadataExecutorFactory.ID)) {
            token.type(TokenUtil.TOKEN_TYPE_ID);
        }
        return token;
    }

    /** Authorization responses and introspection responses have no subject at the top, user info has no end. */
    private static boolean isIdToken(IDToken token) {
        return Stream.of(
                                token.getSubject(),
                                token.getId(),
                                token.getSessionId(),
                                token.getExp(),
                                token.getIat(),
                                token.getIssuedFor())
                        .allMatch(Objects::nonNull)
                && Arrays.equals(token.getAudience(), new String[] {token.getIssuedFor()});
    }
}
