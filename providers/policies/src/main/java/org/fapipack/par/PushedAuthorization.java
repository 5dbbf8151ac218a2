package org.fapipack.par;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Optional;
import java.util.Set;
import org.fapipack.core.par.PushedFormDefect;
import org.fapipack.core.par.PushedFormRules;
import org.fapipack.executor.RealmPolicies;
import org.fapipack.executor.RulesInForce;
import org.fapipack.session.SessionView;
import org.keycloak.OAuthErrorException;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.LoginProtocol;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.OIDCProviderConfig;
import org.keycloak.protocol.oidc.endpoints.request.AuthorizationEndpointRequestParserProcessor;
import org.keycloak.protocol.oidc.endpoints.request.AuthzEndpointRequestParser;
import org.keycloak.protocol.oidc.endpoints.request.RequestUriType;

/** What {@link PushedAuthorizationExecutor} demands of one client where no event is early enough: at both endpoints, before Keycloak parses. */
public final class PushedAuthorization {

    /** Most parameters of a pushed request, and most members of a request object. Keycloak itself keeps five it does not know. */
    public static final int MAX_PARAMETERS = 50;

    /** Most characters of a parameter that Keycloak does not know, {@code authorization_details} for one. */
    public static final int MAX_ADDITIONAL_LENGTH = 16_384;

    private static final Set<String> FROM_THE_BROWSER =
            Set.of(OIDCLoginProtocol.CLIENT_ID_PARAM, OIDCLoginProtocol.REQUEST_URI_PARAM);

    private final KeycloakSession session;
    private final ClientModel client;
    private final PushedAuthorizationRules rules;

    private PushedAuthorization(KeycloakSession session, ClientModel client, PushedAuthorizationRules rules) {
        this.session = session;
        this.client = client;
        this.rules = rules;
    }

    /** The demands on a client; empty when it has not opted in. */
    public static Optional<PushedAuthorization> of(KeycloakSession session, ClientModel client) {
        return RulesInForce.find(session, client, PushedAuthorizationRules.class)
                .map(rules -> new PushedAuthorization(session, client, rules));
    }

    /** Whether some client of the realm may have opted in; for requests that name no client that exists. */
    public static boolean isUsedIn(KeycloakSession session) {
        return RealmPolicies.mention(session, session.getContext().getRealm(), PushedAuthorizationExecutorFactory.ID);
    }

    /** Whether this is a {@code request_uri} of the kind that the PAR endpoint hands out; null is none. */
    static boolean isPushed(String requestUri) {
        return requestUri != null
                && AuthorizationEndpointRequestParserProcessor.getRequestUriType(requestUri) == RequestUriType.PAR;
    }

    /** The session to hand to Keycloak's PAR endpoint: what it stores goes through the demands on its client. */
    public static KeycloakSession storing(KeycloakSession session) {
        return SessionView.with(session, "singleUseObjects", new PushedRequestStore(session));
    }

    /** The first thing that is wrong with the form of a pushed request; what is in a request object comes later. */
    public Optional<PushedFormDefect> firstDefect(MultivaluedMap<String, String> form) {
        return new PushedFormRules(rules.maxCharacters(), MAX_PARAMETERS, this::maxLength)
                .firstDefect(form, client.getClientId());
    }

    private int maxLength(String parameter) {
        OIDCProviderConfig config = ((OIDCLoginProtocol)
                        session.getProvider(LoginProtocol.class, OIDCLoginProtocol.LOGIN_PROTOCOL))
                .getConfig();
        return AuthzEndpointRequestParser.KNOWN_REQ_PARAMS.contains(parameter)
                ? config.getMaxLengthForTheParameter(parameter, false)
                : config.getAdditionalReqParamsMaxSize();
    }

    /** How long a {@code request_uri} lives, in seconds, where the realm would have it live that long. */
    public long lifetimeSeconds(long realmLifespanSeconds) {
        return Math.min(realmLifespanSeconds, rules.maxLifetimeSeconds());
    }

    /**
     * The first thing that is wrong with what a browser brings to the authorization endpoint, without looking into the pushed request and
     * without using it up.
     *
     * @param parameters query or form
     * @return empty when nothing is wrong, or when neither the client nor the owner of the {@code request_uri} has opted in
     */
    public static Optional<FrontChannelDefect> frontChannelDefect(
            KeycloakSession session, MultivaluedMap<String, String> parameters) {
        String clientId = parameters.getFirst(OIDCLoginProtocol.CLIENT_ID_PARAM);
        ClientModel client =
                clientId == null ? null : session.getContext().getRealm().getClientByClientId(clientId);
        if (client == null) {
            return Optional.empty(); // Keycloak's own page says so
        }
        String requestUri = parameters.getFirst(OIDCLoginProtocol.REQUEST_URI_PARAM);
        boolean pushed = isPushed(requestUri);
        Optional<PushedAuthorizationRules> strict = RulesInForce.find(session, client, PushedAuthorizationRules.class);
        if (strict.isPresent() && !isTaken(parameters, pushed, strict.get())) {
            return Optional.of(new FrontChannelDefect(
                    "request_not_pushed", OAuthErrorException.INVALID_REQUEST, "fapiRequestNotPushed"));
        }
        return pushed ? requestUriDefect(session, client, requestUri, strict.isPresent()) : Optional.empty();
    }

    /** Any other {@code request_uri} would have Keycloak fetch it, before a policy is asked. */
    private static boolean isTaken(
            MultivaluedMap<String, String> parameters, boolean pushed, PushedAuthorizationRules rules) {
        return pushed
                ? isNothingElse(parameters)
                : !rules.pushingRequired() && !parameters.containsKey(OIDCLoginProtocol.REQUEST_URI_PARAM);
    }

    private static boolean isNothingElse(MultivaluedMap<String, String> parameters) {
        return parameters.keySet().equals(FROM_THE_BROWSER)
                && parameters.values().stream().allMatch(values -> values.size() == 1);
    }

    private static Optional<FrontChannelDefect> requestUriDefect(
            KeycloakSession session, ClientModel client, String requestUri, boolean strict) {
        Optional<Boolean> own = PushedRequestStore.isPushedBy(session, client, requestUri);
        if (own.isEmpty() && strict) {
            return requestUriDefect("request_uri_unknown", "fapiRequestUriExpired");
        }
        if (own.isPresent() && !own.get()) {
            // The same page: whoever tries this learns nothing about the request.
            return requestUriDefect("request_uri_of_another_client", "fapiRequestUriExpired");
        }
        return own.isPresent() && !PushedRequestStore.holds(session, requestUri)
                ? requestUriDefect("request_uri_already_used", "fapiRequestUriUsed")
                : Optional.empty();
    }

    private static Optional<FrontChannelDefect> requestUriDefect(String reason, String messageKey) {
        return Optional.of(new FrontChannelDefect(reason, OAuthErrorException.INVALID_REQUEST_URI, messageKey));
    }
}
