package org.fapipack.consent.dashboard;

import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.fapipack.core.consent.ConsentReference;
import org.keycloak.OAuth2Constants;
import org.keycloak.common.util.SecretGenerator;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.OIDCLoginProtocolService;
import org.keycloak.protocol.oidc.utils.PkceUtils;

/**
 * Sends customers to sign in, with an ordinary authorization request of our client. They come back signed in to the realm, and that is all that is
 * wanted: the code is left alone, and nobody can use it, because the PKCE verifier is forgotten at once.
 *
 * <p>The state says which consent the customer wanted to see, nothing else: what comes back never leads anywhere but to our own pages, and
 * changes nothing.
 */
final class SignIn {

    private static final int RANDOM_CHARACTERS = 22;

    private final KeycloakSession session;
    private final ClientModel client;
    private final Links links;

    SignIn(KeycloakSession session, ClientModel client, Links links) {
        this.session = session;
        this.client = client;
        this.links = links;
    }

    /** @param id of the consent to come back to; empty for the list */
    Response redirect(Optional<String> id) {
        URI request = UriBuilder.fromUri(
                        OIDCLoginProtocolService.authUrl(session.getContext().getUri())
                                .build(session.getContext().getRealm().getName()))
                .queryParam(OAuth2Constants.CLIENT_ID, client.getClientId())
                .queryParam(OAuth2Constants.REDIRECT_URI, "{redirectUri}")
                .queryParam(OAuth2Constants.RESPONSE_TYPE, OAuth2Constants.CODE)
                .queryParam(OAuth2Constants.SCOPE, OAuth2Constants.SCOPE_OPENID)
                .queryParam(OAuth2Constants.STATE, state(id))
                .queryParam(
                        OAuth2Constants.CODE_CHALLENGE,
                        PkceUtils.encodeCodeChallenge(
                                PkceUtils.generateCodeVerifier(), OAuth2Constants.PKCE_METHOD_S256))
                .queryParam(OAuth2Constants.CODE_CHALLENGE_METHOD, OAuth2Constants.PKCE_METHOD_S256)
                .build(links.signedIn());
        return Response.seeOther(request).build();
    }

    /** Where the customer wanted to go. */
    URI goal() {
        String state = Optional.ofNullable(
                        session.getContext().getUri().getQueryParameters().getFirst(OAuth2Constants.STATE))
                .orElse("");
        return id(state.substring(state.indexOf('.') + 1)).map(links::details).orElse(links.list());
    }

    /** Whether the customer was sent back without being signed in. */
    boolean isRefused() {
        return session.getContext().getUri().getQueryParameters().containsKey(OAuth2Constants.ERROR);
    }

    private static String state(Optional<String> id) {
        return SecretGenerator.getInstance().randomString(RANDOM_CHARACTERS)
                + '.'
                + Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(id.orElse("").getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> id(String encoded) {
        try {
            return Optional.of(new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8))
                    .filter(ConsentReference::isId);
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }
}
