package org.fapipack.protocol;

import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import org.fapipack.executor.RealmPolicies;
import org.fapipack.messagesignature.ResourceSignatures;
import org.fapipack.senderconstraint.SenderConstraintExecutorFactory;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakUriInfo;
import org.keycloak.models.RealmModel;
import org.keycloak.representations.AccessToken;

/** The signatures of a request, by the client that its access token was issued to. */
final class SignedAccess {

    private SignedAccess() {}

    /**
     * What there is to verify and to sign; whether the token is still good is not looked at here.
     *
     * @return empty when no policy with the executor holds for the client, or the token is none of this realm
     */
    static Optional<ResourceSignatures> of(KeycloakSession session, String accessToken) {
        if (!ResourceSignatures.areInUse(session)) {
            return Optional.empty();
        }
        AccessToken token = session.tokens().decode(accessToken, AccessToken.class);
        if (token == null || token.getIssuedFor() == null) {
            return Optional.empty();
        }
        ClientModel client = session.getContext().getRealm().getClientByClientId(token.getIssuedFor());
        return client == null ? Optional.empty() : ResourceSignatures.of(session, client, targetUri(session));
    }

    /**
     * The address as the client sees it: what is configured of scheme, host, port and path prefix, then path and query as received. The host for
     * clients with certificates has an address of its own.
     */
    private static String targetUri(KeycloakSession session) {
        KeycloakUriInfo seen = session.getContext().getUri();
        UriInfo received = seen.getDelegate();
        URI request = received.getRequestUri();
        String base = received.getBaseUri().getRawPath();
        String path = request.getRawPath().startsWith(base)
                ? request.getRawPath().substring(base.length())
                : request.getRawPath();
        String query = request.getRawQuery() == null ? "" : '?' + request.getRawQuery();
        return base(session, seen, request) + path + query;
    }

    private static String base(KeycloakSession session, KeycloakUriInfo seen, URI request) {
        URI base = seen.getBaseUri();
        RealmModel realm = session.getContext().getRealm();
        String authority = String.valueOf(request.getRawAuthority()).toLowerCase(Locale.ROOT);
        return SenderConstraintExecutorFactory.mutualTlsHostInUse(RealmPolicies.of(session, realm))
                .filter(host -> host.toLowerCase(Locale.ROOT).equals(authority))
                .map(host -> base.getScheme() + "://" + host + base.getRawPath())
                .orElseGet(base::toString);
    }
}
