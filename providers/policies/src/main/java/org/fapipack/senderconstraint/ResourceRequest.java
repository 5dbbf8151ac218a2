package org.fapipack.senderconstraint;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Optional;
import org.keycloak.OAuthErrorException;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.util.MtlsHoKTokenUtil;

/**
 * A request with an access token to a resource that Keycloak itself serves. Refuses what a resource server of FAPI has to refuse; whether the
 * token is still good, Keycloak finds out afterwards.
 *
 * @see <a href="https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.3.4">FAPI 2.0 Security Profile 5.3.4</a>
 */
public final class ResourceRequest {

    private static final String DPOP_SCHEME = "DPoP";
    private static final String BEARER_SCHEME = "Bearer";

    private final KeycloakSession session;
    private final Optional<String> scheme;
    private final String accessToken;

    private ResourceRequest(KeycloakSession session, Optional<String> scheme, String accessToken) {
        this.session = session;
        this.scheme = scheme;
        this.accessToken = accessToken;
    }

    /** A request with the token in its {@code Authorization} header. */
    public static ResourceRequest withHeader(KeycloakSession session, String scheme, String accessToken) {
        return new ResourceRequest(session, Optional.of(scheme), accessToken);
    }

    /** A request with the token in its form (RFC 6750 section 2.2). */
    public static ResourceRequest withForm(KeycloakSession session, String accessToken) {
        return new ResourceRequest(session, Optional.empty(), accessToken);
    }

    /** The answer to a request that is refused; empty when it is not, when the token is none of this realm, or its client has not opted in. */
    public Optional<Response> refusal() {
        AccessToken token = session.tokens().decode(accessToken, AccessToken.class);
        if (token == null || token.getIssuedFor() == null) {
            return Optional.empty();
        }
        ClientModel client = session.getContext().getRealm().getClientByClientId(token.getIssuedFor());
        return client == null
                ? Optional.empty()
                : SenderConstraint.of(session, client).flatMap(constraint -> refusal(constraint, token));
    }

    private Optional<Response> refusal(SenderConstraint constraint, AccessToken token) {
        if (scheme.isEmpty()) {
            return answer(
                    Response.Status.BAD_REQUEST,
                    BEARER_SCHEME,
                    OAuthErrorException.INVALID_REQUEST,
                    "the access token must be sent in the Authorization header",
                    constraint);
        }
        AccessToken.Confirmation confirmation = token.getConfirmation();
        if (confirmation != null && confirmation.getKeyThumbprint() != null) {
            return constraint
                    .firstDefectAtResource(accessToken)
                    .flatMap(defect -> answer(
                            Response.Status.UNAUTHORIZED,
                            DPOP_SCHEME,
                            defect.error(),
                            defect.description(),
                            constraint));
        }
        boolean isSendersCertificate = confirmation != null
                && confirmation.getCertThumbprint() != null
                && MtlsHoKTokenUtil.verifyTokenBindingWithClientCertificate(
                        token, session.getContext().getHttpRequest(), session);
        return isSendersCertificate
                ? Optional.empty()
                : answer(
                        Response.Status.UNAUTHORIZED,
                        BEARER_SCHEME,
                        OAuthErrorException.INVALID_TOKEN,
                        "the access token is not bound to the sender",
                        constraint);
    }

    /** RFC 6750 section 3, RFC 9449 section 7.1. */
    private static Optional<Response> answer(
            Response.Status status, String scheme, String error, String description, SenderConstraint constraint) {
        String challenge = "%s error=\"%s\", error_description=\"%s\"".formatted(scheme, error, description)
                + (scheme.equals(DPOP_SCHEME) ? ", algs=\"" + String.join(" ", constraint.algorithms()) + '"' : "");
        return Optional.of(Response.status(status)
                .header(HttpHeaders.WWW_AUTHENTICATE, challenge)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(Map.of("error", error, "error_description", description))
                .build());
    }
}
