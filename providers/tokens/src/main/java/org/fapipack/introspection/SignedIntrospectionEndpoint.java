package org.fapipack.introspection;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.fapipack.core.http.AcceptHeader;
import org.fapipack.executor.RealmPolicies;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.EventBuilder;
import org.keycloak.http.HttpResponse;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.TokenIntrospectionProvider;
import org.keycloak.protocol.oidc.endpoints.TokenIntrospectionEndpoint;
import org.keycloak.representations.idm.OAuth2ErrorRepresentation;
import org.keycloak.services.ErrorResponseException;

/**
 * The stock introspection endpoint, except where it decides before any provider is asked, in a realm whose policies use
 * {@code fapi-signed-introspection}:
 *
 * <ul>
 *   <li>a request for a signed response without any client authentication is {@code invalid_request} 400 (RFC 9701 section 5, note),
 *       and with wrong credentials {@code invalid_client} 401, where stock says 401 and, for client assertions, 400;
 *   <li>an unknown {@code token_type_hint} of a client under the policy is ignored (RFC 7662 section 2.1), where stock says 400.
 * </ul>
 */
public class SignedIntrospectionEndpoint extends TokenIntrospectionEndpoint {

    private static final String UNKNOWN_HINT = SignedIntrospectionEndpoint.class.getName() + ".unknown-hint";

    private static final List<String> CREDENTIALS =
            List.of(OAuth2Constants.CLIENT_SECRET, OAuth2Constants.CLIENT_ASSERTION);

    private final KeycloakSession session;

    /** @param life asked before Keycloak is, whether a token is active */
    public SignedIntrospectionEndpoint(KeycloakSession session, EventBuilder event, TokenLife life) {
        super(session, event);
        this.session = session;
        session.setAttribute(TokenLife.class.getName(), life);
    }

    /** What can end the tokens that the current request asks for. */
    static TokenLife tokenLife(KeycloakSession session) {
        return session.getAttributeOrDefault(TokenLife.class.getName(), TokenLife.OF_ITS_OWN);
    }

    @Override
    public Response introspect() {
        setUnknownHintAside();
        try {
            return super.introspect();
        } catch (WebApplicationException refused) {
            throw asksForSignedResponse() && inUse() ? refuse(refused) : refused;
        }
    }

    private WebApplicationException refuse(WebApplicationException refused) {
        forbidCaching(session);
        if (!hasCredentials() && !isServerError(refused)) {
            return new ErrorResponseException(
                    OAuthErrorException.INVALID_REQUEST,
                    "client authentication is required",
                    Response.Status.BAD_REQUEST);
        }
        if (isInvalidClient(refused)) {
            // Stock says 400 where a client assertion is wrong; RFC 7662 section 2.3 asks for 401.
            return new ErrorResponseException(
                    OAuthErrorException.INVALID_CLIENT, "client authentication failed", Response.Status.UNAUTHORIZED);
        }
        return refused;
    }

    private static boolean isServerError(WebApplicationException refused) {
        return refused.getResponse().getStatus() >= Response.Status.INTERNAL_SERVER_ERROR.getStatusCode();
    }

    private static boolean isInvalidClient(WebApplicationException refused) {
        return refused.getResponse().getEntity() instanceof OAuth2ErrorRepresentation error
                && OAuthErrorException.INVALID_CLIENT.equals(error.getError());
    }

    /** Takes a hint no provider exists for out of the form; the provider puts stock's refusal back for clients not under the policy. */
    private void setUnknownHintAside() {
        MultivaluedMap<String, String> form =
                session.getContext().getHttpRequest().getDecodedFormParameters();
        List<String> hints = form.get(PARAM_TOKEN_TYPE_HINT);
        if (hints != null
                && hints.size() == 1
                && session.getProvider(TokenIntrospectionProvider.class, hints.get(0)) == null
                && inUse()) {
            session.setAttribute(UNKNOWN_HINT, hints.get(0));
            form.remove(PARAM_TOKEN_TYPE_HINT);
        }
    }

    /** The hint that was set aside, or null. */
    static String unknownHint(KeycloakSession session) {
        return session.getAttribute(UNKNOWN_HINT, String.class);
    }

    private boolean asksForSignedResponse() {
        return AcceptHeader.of(
                        session.getContext().getHttpRequest().getHttpHeaders().getRequestHeader(HttpHeaders.ACCEPT))
                .names(IntrospectionFormat.TOKEN_INTROSPECTION_JWT);
    }

    private boolean hasCredentials() {
        MultivaluedMap<String, String> form =
                session.getContext().getHttpRequest().getDecodedFormParameters();
        boolean certificate = form.containsKey(OAuth2Constants.CLIENT_ID)
                && session.getContext().getHttpRequest().getClientCertificateChain() != null;
        return certificate
                || session.getContext().getHttpRequest().getHttpHeaders().getHeaderString(HttpHeaders.AUTHORIZATION)
                        != null
                || CREDENTIALS.stream().anyMatch(form::containsKey);
    }

    private boolean inUse() {
        return RealmPolicies.mention(session, session.getContext().getRealm(), SignedIntrospectionExecutorFactory.ID);
    }

    /** RFC 9701 leaves caching open; a cached answer outlives a revocation, and one URL has answers in two media types. */
    static void forbidCaching(KeycloakSession session) {
        HttpResponse response = session.getContext().getHttpResponse();
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setHeader("Pragma", "no-cache");
        response.setHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT);
    }
}
