package org.fapipack.protocol;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;
import org.fapipack.consent.ConsentBinding;
import org.fapipack.consent.ConsentSource;
import org.fapipack.consent.ConsentedTokens;
import org.fapipack.consent.token.ConsentScope;
import org.keycloak.OAuth2Constants;
import org.keycloak.models.KeycloakSession;

/**
 * A client that refreshes a token may name the scopes it was granted (RFC 6749 section 6), so also the one that names the consent. Keycloak knows no
 * such scope and would refuse it.
 */
final class RefreshedConsentScope {

    private RefreshedConsentScope() {}

    /** Takes the scope that names the consent of the refresh token out of the request; another one is left for Keycloak to refuse. */
    static void takeOut(KeycloakSession session) {
        MultivaluedMap<String, String> form =
                session.getContext().getHttpRequest().getDecodedFormParameters();
        String scope = form.getFirst(OAuth2Constants.SCOPE);
        String token = form.getFirst(OAuth2Constants.REFRESH_TOKEN);
        if (scope == null
                || !OAuth2Constants.REFRESH_TOKEN.equals(form.getFirst(OAuth2Constants.GRANT_TYPE))
                || !ConsentedTokens.of(session).allow(token, ConsentSource.TokenCheck.ISSUE)) {
            return;
        }
        Optional<String> named = ConsentBinding.ofRequest(session)
                .flatMap(consent -> ConsentScope.of(consent).value());
        named.ifPresent(value -> form.putSingle(
                OAuth2Constants.SCOPE,
                Arrays.stream(scope.split(" ", -1))
                        .filter(other -> !other.equals(value))
                        .collect(Collectors.joining(" "))));
    }
}
