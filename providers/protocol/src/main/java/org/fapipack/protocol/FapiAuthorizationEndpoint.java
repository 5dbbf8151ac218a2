package org.fapipack.protocol;

import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import org.fapipack.consent.ConsentDetails;
import org.fapipack.consent.ConsentRequests;
import org.fapipack.consent.ConsentScopes;
import org.fapipack.jarm.JarmSession;
import org.fapipack.par.AuthorizationRequestNote;
import org.fapipack.par.FrontChannelDefect;
import org.fapipack.par.PushedAuthorization;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.LoginProtocol;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.endpoints.AuthorizationEndpoint;
import org.keycloak.services.ErrorPageException;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The stock authorization endpoint, with four seams closed: what a browser brings is checked before anything is parsed, scopes and authorization details
 * may name a consent ({@link ConsentScopes}, {@link ConsentDetails}), errors it sends to the client are built by {@link JarmSession}, and a request with {@code prompt=none} ends in the pack's login protocol, not in a stock one made on the spot.
 */
public class FapiAuthorizationEndpoint extends AuthorizationEndpoint {

    private FapiAuthorizationEndpoint(KeycloakSession session, EventBuilder event) {
        super(session, event);
    }

    @Override
    public Response buildGet() {
        checkFrontChannel(session.getContext().getUri().getQueryParameters());
        return SeeOther.instead(session, super.buildGet());
    }

    @Override
    public Response buildPost() {
        checkFrontChannel(httpRequest.getDecodedFormParameters());
        return SeeOther.instead(session, super.buildPost());
    }

    /** An error page and not a redirect: who came is not known to be anybody's customer. */
    private void checkFrontChannel(MultivaluedMap<String, String> parameters) {
        Optional<FrontChannelDefect> defect = PushedAuthorization.frontChannelDefect(session, parameters);
        if (defect.isPresent()) {
            event.client(parameters.getFirst(OIDCLoginProtocol.CLIENT_ID_PARAM))
                    .detail(Details.REASON, defect.get().reason())
                    .error(defect.get().error());
            throw new ErrorPageException(
                    session, Response.Status.BAD_REQUEST, defect.get().messageKey());
        }
    }

    static FapiAuthorizationEndpoint create(KeycloakSession session, EventBuilder event) {
        return new FapiAuthorizationEndpoint(JarmSession.of(ConsentDetails.of(ConsentScopes.of(session))), event);
    }

    @Override
    protected AuthenticationSessionModel createAuthenticationSession(ClientModel asking, String state) {
        AuthenticationSessionModel authSession = super.createAuthenticationSession(asking, state);
        AuthorizationRequestNote.write(authSession);
        return authSession;
    }

    @Override
    protected Response handleBrowserAuthenticationRequest(
            AuthenticationSessionModel authSession,
            LoginProtocol stockProtocol,
            boolean isPassive,
            boolean redirectToAuthentication) {
        ConsentRequests.demandLevel(authSession);
        LoginProtocol protocol = session.getProvider(LoginProtocol.class, OIDCLoginProtocol.LOGIN_PROTOCOL)
                .setRealm(realm)
                .setUriInfo(session.getContext().getUri())
                .setHttpHeaders(headers)
                .setEventBuilder(event);
        return super.handleBrowserAuthenticationRequest(authSession, protocol, isPassive, redirectToAuthentication);
    }
}
