package org.fapipack.protocol;

import jakarta.ws.rs.NotAuthorizedException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.fapipack.consent.ConsentedTokens;
import org.fapipack.messagesignature.ResourceSignatures;
import org.fapipack.messagesignature.SignatureRefusal;
import org.fapipack.senderconstraint.ResourceRequest;
import org.fapipack.senderconstraint.SenderConstraint;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.protocol.oidc.endpoints.UserInfoEndpoint;
import org.keycloak.services.managers.AppAuthManager;

/** The stock userinfo endpoint; tokens of clients under {@link SenderConstraint}, and signatures, are looked at first. */
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
        AppAuthManager.AuthHeader credentials;
        try {
            credentials = AppAuthManager.extractAuthorizationHeaderTokenOrReturnNull(headers);
        } catch (NotAuthorizedException several) {
            if (ResourceSignatures.areInUse(session)) {
                return Optional.of(UnreadableRequest.answer("the request must have one Authorization header"));
            }
            throw several;
        }
        if (credentials != null) {
            return refusal(
                            SignedAccess.of(session, credentials.getToken()),
                            ResourceRequest.withHeader(session, credentials.getScheme(), credentials.getToken()))
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
                : refusal(SignedAccess.of(session, inForm), ResourceRequest.withForm(session, inForm))
                        .or(() -> refusalOfConsent(BEARER, inForm));
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

    private Optional<Response> refusal(Optional<ResourceSignatures> signatures, ResourceRequest constraint) {
        return signatures
                .flatMap(ResourceSignatures::ambiguity)
                .map(this::answer)
                .or(constraint::refusal)
                .or(() -> signatures.flatMap(ResourceSignatures::refusal).map(this::answer));
    }

    private Response answer(SignatureRefusal refusal) {
        RealmModel realm = session.getContext().getRealm();
        new EventBuilder(realm, session, session.getContext().getConnection())
                .event(EventType.USER_INFO_REQUEST)
                .client(refusal.client())
                .detail(Details.REASON, refusal.reason())
                .error(refusal.error());
        return refusal.answer();
    }
}
