package org.fapipack.senderconstraint;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.ext.Provider;
import java.util.List;
import java.util.regex.Pattern;
import org.fapipack.core.jose.CompactJws;
import org.fapipack.executor.RealmPolicies;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/**
 * Asks for the certificate that an access token is bound to at whatever else Keycloak serves of a realm: the account API, the protection API, client
 * registration. Keycloak itself asks for a DPoP proof there, but for no certificate.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8705.html#section-3">RFC 8705 section 3</a>
 */
@Provider
@Priority(Priorities.USER + 3)
class CertificateBoundAccessFilter implements ContainerRequestFilter {

    /** Userinfo and the consent API ask on their own, in their order; the token endpoint takes bearer tokens for a decision only (UMA). */
    private static final Pattern ASKED_THERE =
            Pattern.compile("((?!realms/).)*realms/[^/]+/(protocol|fapi-consents)/.*");

    private static final String BEARER = "Bearer";

    @Context
    KeycloakSession session;

    /** Called when the realm is known and the endpoint found. */
    @Override
    public void filter(ContainerRequestContext request) {
        List<String> credentials = request.getHeaders().get(HttpHeaders.AUTHORIZATION);
        RealmModel realm = session.getContext().getRealm();
        if (credentials == null
                || realm == null
                || ASKED_THERE.matcher(request.getUriInfo().getPath()).matches()
                || !RealmPolicies.mention(session, realm, SenderConstraintExecutorFactory.ID)) {
            return;
        }
        credentials.stream()
                .map(header -> header.substring(header.indexOf(' ') + 1))
                .filter(CertificateBoundAccessFilter::isBoundToCertificate)
                .flatMap(token -> ResourceRequest.withHeader(session, BEARER, token).refusal().stream())
                .findFirst()
                .ifPresent(request::abortWith);
    }

    /** Not verified yet; one that is forged is left for Keycloak to refuse. */
    private static boolean isBoundToCertificate(String token) {
        return CompactJws.read(token)
                .filter(jws -> jws.claims().path("cnf").has("x5t#S256"))
                .isPresent();
    }
}
