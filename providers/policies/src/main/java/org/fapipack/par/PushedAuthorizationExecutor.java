package org.fapipack.par;

import static org.fapipack.par.PushedAuthorizationExecutorFactory.ID_TOKEN_HINT_ALLOWED;
import static org.fapipack.par.PushedAuthorizationExecutorFactory.MAX_CHARACTERS;
import static org.fapipack.par.PushedAuthorizationExecutorFactory.MAX_LIFETIME_SECONDS;
import static org.fapipack.par.PushedAuthorizationExecutorFactory.PUSHING_REQUIRED;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.fapipack.core.authorization.ResponseType;
import org.fapipack.executor.AuthorizationDetailTypes;
import org.fapipack.executor.ExecutorConfiguration;
import org.fapipack.executor.PackExecutor;
import org.fapipack.executor.RulesInForce;
import org.fapipack.par.PushedAuthorizationExecutor.Configuration;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.Errors;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ParConfig;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.TokenManager;
import org.keycloak.protocol.oidc.endpoints.request.AuthorizationEndpointRequest;
import org.keycloak.protocol.oidc.par.clientpolicy.context.PushedAuthorizationRequestContext;
import org.keycloak.protocol.oidc.rar.AuthorizationDetailsProcessorManager;
import org.keycloak.protocol.oidc.resourceindicators.ResourceIndicatorValidation;
import org.keycloak.protocol.oidc.utils.OIDCResponseMode;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.context.AuthorizationRequestContext;
import org.keycloak.services.clientpolicy.context.ClientCRUDContext;
import org.keycloak.util.JsonSerialization;

/**
 * Puts a client's authorization requests under strict PAR.
 *
 * <p>Acts on PUSHED_AUTHORIZATION_REQUEST, where the parsed request is checked as the authorization endpoint would, so that a mistake is
 * reported to the client and not to its customer; the endpoint itself has checked the raw form by {@link PushedAuthorization}. Acts on
 * AUTHORIZATION_REQUEST, where a request that was not pushed is refused whatever the policy's conditions could say before, or checked in the
 * same way where it need not be pushed. Acts on REGISTER and UPDATE: notes {@code require_pushed_authorization_requests} on the client.
 *
 * @see <a href="https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.3.2.2">FAPI 2.0 Security Profile 5.3.2.2</a>
 */
final class PushedAuthorizationExecutor extends PackExecutor<Configuration> {

    /** Those that {@link #enforce} does something at. */
    static final Set<ClientPolicyEvent> EVENTS = Set.of(
            ClientPolicyEvent.PUSHED_AUTHORIZATION_REQUEST,
            ClientPolicyEvent.AUTHORIZATION_REQUEST,
            ClientPolicyEvent.REGISTER,
            ClientPolicyEvent.UPDATE);

    /** RFC 7636 section 4.2: the base64url encoding of a SHA-256 digest. */
    private static final Pattern S256_CHALLENGE = Pattern.compile("[A-Za-z0-9_-]{43}");

    /** The client attribute with the registered {@code response_modes}. */
    private static final String RESPONSE_MODES = "response.modes";

    /** Keycloak's parser of {@code kc_action} fails on a colon without anything behind it, when the browser arrives. */
    private static final Pattern ACTION_WITHOUT_PARAMETER = Pattern.compile("[^:]*:+");

    /** RFC 8252 section 7.3; {@code localhost} is advised against there and common. */
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "[::1]", "localhost");

    /** The settings; see {@link PushedAuthorizationExecutorFactory}. */
    static final class Configuration extends ExecutorConfiguration {
        Configuration() {
            super(PushedAuthorizationExecutorFactory.ID, PushedAuthorizationExecutorFactory.SETTINGS);
        }

        PushedAuthorizationRules rules() {
            return new PushedAuthorizationRules(get(MAX_LIFETIME_SECONDS), get(MAX_CHARACTERS), get(PUSHING_REQUIRED));
        }
    }

    private final KeycloakSession session;

    PushedAuthorizationExecutor(KeycloakSession session) {
        super(PushedAuthorizationExecutorFactory.ID, EVENTS, Configuration.class, new Configuration());
        this.session = session;
    }

    @Override
    protected void contribute(RulesInForce question, Configuration settings) {
        question.add(PushedAuthorizationRules.class, settings.rules());
    }

    @Override
    protected void enforce(ClientPolicyContext context, Configuration settings) throws ClientPolicyException {
        switch (context.getEvent()) {
            case PUSHED_AUTHORIZATION_REQUEST -> checkPushed((PushedAuthorizationRequestContext) context, settings);
            case AUTHORIZATION_REQUEST -> {
                AuthorizationRequestContext opened = (AuthorizationRequestContext) context;
                if (!isPushed(opened)) {
                    checkNotPushed(opened, settings);
                }
            }
            case REGISTER, UPDATE -> {
                if (settings.get(PUSHING_REQUIRED)) {
                    demandPushing(((ClientCRUDContext) context).getProposedClientRepresentation());
                }
            }
            default -> {
                // no other event carries an authorization request
            }
        }
    }

    /** Keycloak's own question would take any {@code request_uri} for a pushed one. */
    private static boolean isPushed(AuthorizationRequestContext context) {
        return PushedAuthorization.isPushed(
                context.getRequestParameters().getFirst(OIDCLoginProtocol.REQUEST_URI_PARAM));
    }

    private void checkPushed(PushedAuthorizationRequestContext context, Configuration settings)
            throws ClientPolicyException {
        AuthorizationEndpointRequest request = context.getRequest();
        if (request.getCodeChallenge() == null) {
            throw invalidRequest("code_challenge is required");
        }
        check(request, context.getClient(), settings);
        if (request.getAction() != null
                && ACTION_WITHOUT_PARAMETER.matcher(request.getAction()).matches()) {
            throw invalidRequest("kc_action has no parameter behind its colon");
        }
        if (!TokenManager.isValidScope(
                session, request.getScope(), request.getAuthorizationRequestContext(), context.getClient())) {
            throw new ClientPolicyException(
                    OAuthErrorException.INVALID_SCOPE, "a requested scope is unknown or not for this client");
        }
        if (!ResourceIndicatorValidation.isValidResourceIndicator(request.getResource())) {
            throw new ClientPolicyException(
                    OAuthErrorException.INVALID_TARGET, "resource must be an absolute URI without fragment");
        }
        checkAuthorizationDetails(
                request.getAdditionalReqParams().get(OAuth2Constants.AUTHORIZATION_DETAILS), context.getClient());
    }

    /** Keycloak has looked at scope, resource and authorization_details already. */
    private static void checkNotPushed(AuthorizationRequestContext context, Configuration settings)
            throws ClientPolicyException {
        if (settings.get(PUSHING_REQUIRED)) {
            throw invalidRequest("the authorization request must be pushed (RFC 9126)");
        }
        check(context.getAuthorizationEndpointRequest(), context.getClient(), settings);
    }

    private static void check(AuthorizationEndpointRequest request, ClientModel client, Configuration settings)
            throws ClientPolicyException {
        if (!settings.get(ID_TOKEN_HINT_ALLOWED)
                && request.getAdditionalReqParams().containsKey(OIDCLoginProtocol.ID_TOKEN_HINT)) {
            throw invalidRequest("id_token_hint must not be sent");
        }
        checkRedirectUri(request.getRedirectUri());
        checkResponse(request, client.getAttribute(RESPONSE_MODES));
        if (request.getCodeChallenge() != null || request.getCodeChallengeMethod() != null) {
            checkChallenge(request);
        }
        checkClaims(request.getClaims());
    }

    /** FAPI 2.0 Message Signing 5.3.3; without {@code response_mode} a code is answered in the query, tokens are in the fragment. */
    private static void checkResponse(AuthorizationEndpointRequest request, String registered)
            throws ClientPolicyException {
        OIDCResponseMode byDefault = ResponseType.of(request.getResponseType()).carriesToken()
                ? OIDCResponseMode.FRAGMENT
                : OIDCResponseMode.QUERY;
        String mode = request.getResponseMode() == null ? byDefault.value() : request.getResponseMode();
        if (registered != null
                && !registered.isEmpty()
                && !List.of(Constants.CFG_DELIMITER_PATTERN.split(registered, -1))
                        .contains(mode)) {
            throw invalidRequest("response_mode must be one of the response_modes that the client registered");
        }
    }

    private static void checkRedirectUri(String redirectUri) throws ClientPolicyException {
        if (redirectUri == null) {
            throw invalidRequest("redirect_uri is required");
        }
        try {
            URI uri = URI.create(redirectUri);
            if ("http".equalsIgnoreCase(uri.getScheme()) && !LOOPBACK.contains(uri.getHost())) {
                throw invalidRequest("redirect_uri must not use http");
            }
        } catch (IllegalArgumentException malformed) {
            throw invalidRequest("redirect_uri is not a URI");
        }
    }

    /** Keycloak's own check at this endpoint looks at a client attribute that old clients do not have. */
    private static void checkChallenge(AuthorizationEndpointRequest request) throws ClientPolicyException {
        if (!OIDCLoginProtocol.PKCE_METHOD_S256.equals(request.getCodeChallengeMethod())) {
            throw invalidRequest("code_challenge_method must be S256");
        }
        if (request.getCodeChallenge() == null
                || !S256_CHALLENGE.matcher(request.getCodeChallenge()).matches()) {
            throw invalidRequest("code_challenge must be the base64url-encoded SHA-256 digest of the code_verifier");
        }
    }

    private static void checkClaims(String claims) throws ClientPolicyException {
        if (claims == null) {
            return;
        }
        JsonNode requested = json(claims);
        if (!requested.isObject()) {
            throw invalidRequest("claims must be a JSON object");
        }
        // Keycloak takes every value of acr for a text, and fails on another, when the browser arrives.
        JsonNode acr = requested.path("id_token").path("acr");
        boolean one = acr.path("value").isMissingNode()
                || acr.path("value").isNull()
                || acr.path("value").isTextual();
        boolean several =
                StreamSupport.stream(acr.path("values").spliterator(), false).allMatch(JsonNode::isTextual);
        if (!one || !several) {
            throw invalidRequest("claims must name values of acr as texts");
        }
    }

    private static JsonNode json(String claims) throws ClientPolicyException {
        try {
            return JsonSerialization.mapper.readTree(claims);
        } catch (JsonProcessingException notJson) {
            throw invalidRequest("claims must be a JSON object");
        }
    }

    private void checkAuthorizationDetails(String authorizationDetails, ClientModel client)
            throws ClientPolicyException {
        if (authorizationDetails != null) {
            try {
                ArrayNode all = (ArrayNode) JsonSerialization.mapper.readTree(authorizationDetails);
                Set<String> checkedElsewhere = RulesInForce.find(session, client, AuthorizationDetailTypes.class)
                        .map(AuthorizationDetailTypes::types)
                        .orElse(Set.of());
                ArrayNode others = all.deepCopy()
                        .removeIf(detail ->
                                checkedElsewhere.contains(detail.path("type").asText()));
                if (all.isEmpty() || !others.isEmpty()) {
                    new AuthorizationDetailsProcessorManager(session).validateAuthorizationDetail(others.toString());
                }
            } catch (JsonProcessingException | RuntimeException notUnderstood) {
                throw new ClientPolicyException(
                        Errors.INVALID_AUTHORIZATION_DETAILS,
                        "authorization_details has a type or value that is not supported");
            }
        }
    }

    private static void demandPushing(ClientRepresentation client) {
        Map<String, String> attributes = client.getAttributes() == null ? new HashMap<>() : client.getAttributes();
        attributes.put(ParConfig.REQUIRE_PUSHED_AUTHORIZATION_REQUESTS, "true");
        client.setAttributes(attributes);
    }

    private static ClientPolicyException invalidRequest(String description) {
        return new ClientPolicyException(OAuthErrorException.INVALID_REQUEST, description);
    }
}
