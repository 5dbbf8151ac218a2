package org.fapipack.protocol;

import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.fapipack.consent.ConsentBinding;
import org.fapipack.consent.ConsentRequests;
import org.fapipack.consent.ConsentedTokens;
import org.fapipack.consent.StoredConsent;
import org.fapipack.core.authorization.ResponseType;
import org.fapipack.jarm.JarmSession;
import org.fapipack.par.AuthorizationRequestNote;
import org.fapipack.par.OneTimeRequestUri;
import org.fapipack.par.PushedAuthorization;
import org.fapipack.senderconstraint.SenderConstraint;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.Details;
import org.keycloak.events.EventType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.ClientScopeModel;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.ClientData;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.OIDCProviderConfig;
import org.keycloak.services.ErrorPage;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The stock login protocol, except where a client is answered: every way an authorization can end comes through here, so this is
 * where a pushed {@code request_uri} is {@linkplain OneTimeRequestUri consumed} and where {@linkplain JarmSession JARM responses}
 * are built.
 */
final class FapiLoginProtocol extends OIDCLoginProtocol {

    /** Answers to {@code prompt=none} that nobody decided on: they do not use up the pushed request, so its owner can go on. */
    private static final Set<Error> NOT_AN_END =
            Set.of(Error.PASSIVE_LOGIN_REQUIRED, Error.PASSIVE_INTERACTION_REQUIRED);

    private final OIDCProviderConfig strictConfig;

    /** @param strictConfig what holds instead of {@code config} for clients under {@link PushedAuthorization} */
    FapiLoginProtocol(OIDCProviderConfig config, OIDCProviderConfig strictConfig) {
        super(config);
        this.strictConfig = strictConfig;
    }

    @Override
    public OIDCProviderConfig getConfig() {
        ClientModel client = session.getContext().getClient();
        return client != null && PushedAuthorization.of(session, client).isPresent() ? strictConfig : super.getConfig();
    }

    /** Stock forgets the pushed request here, before consent and required actions; ours is consumed when the client is answered. */
    @Override
    public void authenticationComplete(AuthenticationSessionModel authSession) {
        if (!OneTimeRequestUri.concerns(authSession)) {
            super.authenticationComplete(authSession);
        }
    }

    @Override
    public Response authenticated(
            AuthenticationSessionModel authSession, UserSessionModel userSession, ClientSessionContext clientSession) {
        if (AuthorizationRequestNote.isMissing(session, authSession)) {
            return refuseUnrequested(authSession);
        }
        boolean carriesToken =
                ResponseType.of(authSession.getClientNote(RESPONSE_TYPE_PARAM)).carriesAccessToken();
        if (!carriesToken) {
            SenderConstraint.accessTokenStaysHere(session);
        }
        if (ConsentRequests.consentId(authSession).isPresent()) {
            Optional<StoredConsent> granted = ConsentRequests.granted(session, authSession, userSession.getUser());
            if (granted.isEmpty()) {
                return refuse(authSession, OAuthErrorException.ACCESS_DENIED, "consent_not_granted", "fapiConsentGone");
            }
            ConsentBinding.use(session, granted.get());
        }
        // Keycloak makes such a token with a manager of its own; for a code, the token endpoint asks the same.
        if (carriesToken && !isAllowed(userSession, clientSession)) {
            return refuse(authSession, OAuthErrorException.ACCESS_DENIED, "scope_without_consent", "fapiConsentGone");
        }
        return once(authSession, () -> super.authenticated(authSession, userSession, clientSession));
    }

    private boolean isAllowed(UserSessionModel userSession, ClientSessionContext clientSession) {
        Set<String> scopes = clientSession
                .getClientScopesStream()
                .map(ClientScopeModel::getName)
                .collect(Collectors.toSet());
        return ConsentedTokens.of(session)
                .defect(clientSession.getClientSession().getClient(), userSession.getUser(), scopes)
                .isEmpty();
    }

    @Override
    public Response sendError(AuthenticationSessionModel authSession, Error error, String errorMessage) {
        if (AuthorizationRequestNote.isMissing(session, authSession)) {
            return refuseUnrequested(authSession);
        }
        return NOT_AN_END.contains(error)
                ? withJarm(authSession, () -> super.sendError(authSession, error, errorMessage))
                : once(authSession, () -> super.sendError(authSession, error, errorMessage));
    }

    /**
     * Stock answers here from a query parameter of the browser, without any authentication session: whoever writes the link chooses
     * the state and the response mode. A client that demands signed responses is not answered from that.
     */
    @Override
    public Response sendError(ClientModel client, ClientData clientData, Error error) {
        return JarmSession.concerns(session, client)
                ? refuse(
                        null,
                        OAuthErrorException.INVALID_REQUEST_URI,
                        "no_authentication_session",
                        "fapiRequestUriUsed")
                : super.sendError(client, clientData, error);
    }

    /** The answer to the client, if this is the first use of the pushed request; else an error page. */
    private Response once(AuthenticationSessionModel authSession, Supplier<Response> answer) {
        return switch (OneTimeRequestUri.consume(session, authSession)) {
            case NOT_CONCERNED, FIRST -> withJarm(authSession, answer);
            case REPEATED ->
                refuse(
                        authSession,
                        OAuthErrorException.INVALID_REQUEST_URI,
                        "request_uri_already_used",
                        "fapiRequestUriUsed");
            case TOO_LATE ->
                refuse(
                        authSession,
                        OAuthErrorException.INVALID_REQUEST_URI,
                        "request_uri_opened_too_long_ago",
                        "fapiRequestUriExpired");
        };
    }

    private Response refuseUnrequested(AuthenticationSessionModel authSession) {
        return refuse(
                authSession, OAuthErrorException.INVALID_REQUEST, "no_authorization_request", "fapiRequestNotPushed");
    }

    /** An error page and not a redirect: the client has had its answer for this request, or asked for none. */
    private Response refuse(AuthenticationSessionModel authSession, String error, String reason, String messageKey) {
        event.clone().event(EventType.LOGIN).detail(Details.REASON, reason).error(error);
        return ErrorPage.error(session, authSession, Response.Status.BAD_REQUEST, messageKey);
    }

    private Response withJarm(AuthenticationSessionModel authSession, Supplier<Response> answer) {
        KeycloakSession given = session;
        session = JarmSession.of(given, authSession);
        try {
            return SeeOther.instead(given, answer.get());
        } finally {
            session = given;
        }
    }
}
