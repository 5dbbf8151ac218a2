package org.fapipack.protocol;

import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import org.fapipack.authorizationcode.AuthorizationCodeOwner;
import org.fapipack.clientmetadata.MetadataOfTokens;
import org.fapipack.consent.ConsentDetails;
import org.fapipack.consent.ConsentedTokens;
import org.fapipack.consent.Consents;
import org.fapipack.introspection.SignedIntrospectionEndpoint;
import org.fapipack.senderconstraint.SenderConstraint;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.protocol.oidc.endpoints.TokenEndpoint;
import org.keycloak.services.CorsErrorResponseException;
import org.keycloak.services.cors.Cors;
import org.keycloak.utils.StringUtil;

/** The stock token endpoint, with DPoP proofs, certificates and the owner of a code checked before the grant; introspection is a sub-resource of it. */
public class FapiTokenEndpoint extends TokenEndpoint {

    private final KeycloakSession session;
    private final EventBuilder event;

    FapiTokenEndpoint(KeycloakSession session, TokenManager tokenManager, EventBuilder event) {
        super(ConsentDetails.of(SenderConstraint.forProof(session)), tokenManager, event);
        this.session = session;
        this.event = event;
    }

    @Override
    public Response processGrantRequest() {
        RefreshedConsentScope.takeOut(session);
        return super.processGrantRequest();
    }

    /** Keycloak calls this when it knows the client, before it looks at the DPoP proof and before the grant looks at the code. */
    @Override
    protected void checkParameters() {
        super.checkParameters();
        ClientModel client = session.getContext().getClient();
        if (ConsentedTokenTrade.isAttempted(session)) {
            refuse(client, OAuthErrorException.INVALID_REQUEST, "token_of_a_consent", ConsentedTokenTrade.DESCRIPTION);
        }
        if (OptedIn.realm(session, session.getContext().getRealm())) {
            PermissionRequest.defect(session.getContext().getHttpRequest().getDecodedFormParameters())
                    .ifPresent(defect ->
                            refuse(client, OAuthErrorException.INVALID_REQUEST, "permission_unreadable", defect));
        }
        if (client == null) {
            return; // the grant for permission tickets authenticates on its own
        }
        MetadataOfTokens.firstDefect(session, client)
                .ifPresent(defect ->
                        refuse(client, OAuthErrorException.INVALID_REQUEST, "client_metadata_not_allowed", defect));
        SenderConstraint.of(session, client)
                .flatMap(SenderConstraint::firstDefectAtToken)
                .ifPresent(defect -> refuse(client, defect.error(), defect.reason(), defect.description()));
        if (AuthorizationCodeOwner.isAnother(session, client, code())) {
            refuse(client, OAuthErrorException.INVALID_GRANT, "code_of_another_client", "Code not valid");
        }
        if (Consents.areUsedIn(session)) {
            AuthorizationCodeOwner.scopeOfOwn(session, client, code())
                    .ifPresent(scope -> ConsentedTokens.of(session).lookUpBeforeUse(client, scope));
        }
    }

    /** As Keycloak reads it, which takes control characters out. */
    private String code() {
        MultivaluedMap<String, String> form =
                session.getContext().getHttpRequest().getDecodedFormParameters();
        String grantType = StringUtil.removeControlCharacters(form.getFirst(OAuth2Constants.GRANT_TYPE));
        return OAuth2Constants.AUTHORIZATION_CODE.equals(grantType)
                ? StringUtil.removeControlCharacters(form.getFirst(OAuth2Constants.CODE))
                : null;
    }

    private void refuse(ClientModel client, String error, String reason, String description) {
        event.detail(Details.REASON, reason).error(error);
        throw new CorsErrorResponseException(
                Cors.builder().auth().allowedMethods("POST").checkAllowedOrigins(session, client),
                error,
                description,
                Response.Status.BAD_REQUEST);
    }

    @Override
    public Object introspect() {
        return new SignedIntrospectionEndpoint(session, event, new ConsentedTokenLife(session));
    }
}
