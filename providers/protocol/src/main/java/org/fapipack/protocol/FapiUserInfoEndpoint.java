package org.fapipack.protocol;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.fapipack.consent.ConsentedTokens;
import org.fapipack.senderconstraint.ResourceRequest;
import org.fapipack.senderconstraint.SenderConstraint;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.protocol.oidc.endpoints.UserInfoEndpoint;
import org.keycloak.services.managers.AppAuthManager;

/** The stock userinfo endpoint; tokens of clients under {@link SenderConstraint} are looked at first. */
public class FapiUserInfoEndpoint extends UserInfoEndpoint {

    private static final String BEARER = "Bearer";

    private final KeycloakSession session;

    FapiUserInfoEndpoint(KeycloakSession session, TokenManager tokenManager) {
        super(SenderConstraint.forProof(session), tokenManager);
        this.session = session;
    }

    @Override
    public Response issueUserInfoGet() {
        return refusal().orElseGet(super::issueUserInfoGet);
    }

    @Override
    public Response issueUserInfoPost() {
        return refusal().orElseGet(super::issueUserInfoPost);
    }

    private Optional<Response> refusal() {
        HttpHeaders headers = session.getContext().getHttpRequest().getHttpHeaders();
        AppAuthManager.AuthHeader credentials = AppAuthManager.extractAuthorizationHeaderTokenOrReturnNull(headers);
        if (credentials != null) {
            return ResourceRequest.withHeader(session, credentials.getScheme(), credentials.getToken())
                    .refusal()
                    .or(() -> refusalOfConsent(credentials.getScheme(), credentials.getToken()));
        }
        MediaType mediaType = headers.getMediaType();
        String inForm = mediaType != null && mediaType.isCompatible(MediaType.APPLICATION_FORM_URLENCODED_TYPE)
                ? session.getContext()
                        .getHttpRequest()
                        .getDecodedFormParameters()
                        .getFirst(OAuth2Constants.ACCESS_TOKEN)
                : null;
        return inForm == null
                ? Optional.empty()
                : ResourceRequest.withForm(session, inForm).refusal().or(() -> refusalOfConsent(BEARER, inForm));
    }

    /** The executor looks at the tokens of clients that it is in force for; for those that it was in force for, there is this. */
    private Optional<Response> refusalOfConsent(String scheme, String accessToken) {
        return ConsentedTokens.of(session).isForgottenByPolicies(accessToken)
                ? Optional.of(Response.status(Response.Status.UNAUTHORIZED)
                        .header(
                                HttpHeaders.WWW_AUTHENTICATE,
                                "%s error=\"%s\", error_description=\"%s\""
                                        .formatted(
                                                scheme,
                                                OAuthErrorException.INVALID_TOKEN,
                                                "the consent of the access token is not in force"))
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .build())
                : Optional.empty();
    }
}
