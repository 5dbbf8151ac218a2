package org.fapipack.protocol;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.fapipack.consent.ConsentedTokens;
import org.keycloak.OAuth2Constants;
import org.keycloak.models.KeycloakSession;

/**
 * A client that refreshes a token may name the scopes it was granted (RFC 6749 section 6), so also the one that names the consent. Keycloak knows no
 * such scope and would refuse it.
 */
final class RefreshedConsentScope {

    private RefreshedConsentScope() {}

    /**
     * Takes the scope that names the consent of the refresh token out of the request; another one is left for Keycloak to refuse. Who sent the
     * request is not known yet, so nothing is looked up.
     */
    static void takeOut(KeycloakSession session) {
        MultivaluedMap<String, String> form =
                session.getContext().getHttpRequest().getDecodedFormParameters();
        String scope = form.getFirst(OAuth2Constants.SCOPE);
        String token = form.getFirst(OAuth2Constants.REFRESH_TOKEN);
        if (scope == null || !OAuth2Constants.REFRESH_TOKEN.equals(form.getFirst(OAuth2Constants.GRANT_TYPE))) {
            return;
        }
        Set<String> naming = ConsentedTokens.of(session).scopesThatName(token);
        if (!naming.isEmpty()) {
            form.putSingle(
                    OAuth2Constants.SCOPE,
                    Arrays.stream(scope.split(" ", -1))
                            .filter(other -> !naming.contains(other))
                            .collect(Collectors.joining(" ")));
        }
    }
}
