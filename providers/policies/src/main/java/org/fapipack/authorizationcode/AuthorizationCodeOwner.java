package org.fapipack.authorizationcode;

import java.util.Map;
import java.util.Optional;
import org.fapipack.executor.RealmPolicies;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.utils.OAuth2Code;
import org.keycloak.protocol.oidc.utils.OAuth2CodeParser;

/**
 * Whose an authorization code is. Keycloak takes a code out of its store before it looks at that, so whoever brings a stolen code, or guesses
 * how one is stored, uses it up.
 */
public final class AuthorizationCodeOwner {

    private AuthorizationCodeOwner() {}

    /**
     * Whether a code that is still good was issued to somebody else than the client that brings it; the code stays. Always false in a realm
     * where no enabled policy lists the executor.
     *
     * @param code as it was sent; null is none
     */
    public static boolean isAnother(KeycloakSession session, ClientModel client, String code) {
        return code != null
                && RealmPolicies.mention(session, session.getContext().getRealm(), AuthorizationCodeExecutorFactory.ID)
                && stored(session, code)
                        .filter(known -> !known.getClientUUID().equals(client.getId()))
                        .isPresent();
    }

    /**
     * The scope parameter of a code that is still good and was issued to the client that brings it; the code stays.
     *
     * @param code as it was sent; null is none
     */
    public static Optional<String> scopeOfOwn(KeycloakSession session, ClientModel client, String code) {
        return code == null
                ? Optional.empty()
                : stored(session, code)
                        .filter(known -> known.getClientUUID().equals(client.getId()))
                        .map(OAuth2Code::getScope);
    }

    private static Optional<OAuth2Code> stored(KeycloakSession session, String code) {
        int end = code.indexOf('.');
        String id = end < 0 ? code : code.substring(0, end);
        Map<String, String> stored = session.singleUseObjects().get(OAuth2CodeParser.CACHE_KEY_PREFIX + id);
        return Optional.ofNullable(stored).map(OAuth2Code::deserializeCode);
    }
}
