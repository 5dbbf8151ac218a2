package org.fapipack.protocol;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.fapipack.consent.ConsentedTokens;
import org.keycloak.OAuth2Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.utils.StringUtil;

/**
 * A token request that trades one token for another: token exchange, JWT grant, permission tickets. What it would get has another life, another
 * owner or other scopes than a customer agreed to, so a token that is for a consent is not taken.
 */
final class ConsentedTokenTrade {

    static final String DESCRIPTION = "a token that is for a consent cannot be exchanged";

    /** Form parameters that can hold a token, other than a refresh token. */
    private static final List<String> PARAMETERS = List.of(
            OAuth2Constants.SUBJECT_TOKEN,
            OAuth2Constants.ACTOR_TOKEN,
            OAuth2Constants.ASSERTION,
            "claim_token",
            "rpt");

    private ConsentedTokenTrade() {}

    /** Whether the token request has a token that is for a consent, other than as what it is refreshed by. */
    static boolean isAttempted(KeycloakSession session) {
        MultivaluedMap<String, String> form =
                session.getContext().getHttpRequest().getDecodedFormParameters();
        List<String> headers =
                session.getContext().getHttpRequest().getHttpHeaders().getRequestHeader(HttpHeaders.AUTHORIZATION);
        Stream<String> inForm =
                PARAMETERS.stream().map(form::get).filter(Objects::nonNull).flatMap(Collection::stream);
        Stream<String> inHeader = headers == null
                ? Stream.empty()
                : headers.stream()
                        .map(header -> header.substring(header.indexOf(' ') + 1).trim());
        ConsentedTokens consents = ConsentedTokens.of(session);
        // Keycloak takes control characters out of what it reads.
        return Stream.concat(inForm, inHeader)
                .map(StringUtil::removeControlCharacters)
                .anyMatch(consents::isForConsent);
    }
}
