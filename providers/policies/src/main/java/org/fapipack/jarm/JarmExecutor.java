package org.fapipack.jarm;

import static org.fapipack.jarm.JarmExecutorFactory.ALGORITHMS;
import static org.fapipack.jarm.JarmExecutorFactory.ALLOWED_RESPONSE_MODES;
import static org.fapipack.jarm.JarmExecutorFactory.DETACHED_SIGNATURE_ALLOWED;
import static org.fapipack.jarm.JarmExecutorFactory.UNSIGNED_MODES;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fapipack.core.authorization.ResponseType;
import org.fapipack.executor.ExecutorConfiguration;
import org.fapipack.executor.PackExecutor;
import org.fapipack.executor.RulesInForce;
import org.fapipack.jarm.JarmExecutor.Configuration;
import org.keycloak.OAuthErrorException;
import org.keycloak.models.ClientModel;
import org.keycloak.protocol.oidc.OIDCConfigAttributes;
import org.keycloak.protocol.oidc.endpoints.request.AuthorizationEndpointRequest;
import org.keycloak.protocol.oidc.par.clientpolicy.context.PushedAuthorizationRequestContext;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.context.AuthorizationRequestContext;
import org.keycloak.services.clientpolicy.context.ClientCRUDContext;

/**
 * Demands a JWT-secured authorization response, or where the settings allow it one that its ID token signs.
 *
 * <p>Acts on PUSHED_AUTHORIZATION_REQUEST and AUTHORIZATION_REQUEST: another {@code response_mode}, or none, is
 * {@code invalid_request}; so is a client that has an algorithm registered which is not allowed. Acts on REGISTER and UPDATE: a
 * client that names no algorithm gets the default, one that names another is refused with {@code invalid_client_metadata}.
 *
 * @see <a href="https://openid.net/specs/fapi-message-signing-2_0-final.html#section-5.4.1">FAPI 2.0 Message Signing 5.4.1</a>
 */
final class JarmExecutor extends PackExecutor<Configuration> {

    /** Those that {@link #enforce} does something at. */
    static final Set<ClientPolicyEvent> EVENTS = Set.of(
            ClientPolicyEvent.PUSHED_AUTHORIZATION_REQUEST,
            ClientPolicyEvent.AUTHORIZATION_REQUEST,
            ClientPolicyEvent.REGISTER,
            ClientPolicyEvent.UPDATE);

    private static final String INVALID_CLIENT_METADATA = "invalid_client_metadata";

    /** The settings; see {@link JarmExecutorFactory}. */
    static final class Configuration extends ExecutorConfiguration {
        Configuration() {
            super(JarmExecutorFactory.ID, JarmExecutorFactory.SETTINGS);
        }

        @Override
        protected Optional<String> contradiction() {
            return ALGORITHMS.contradiction(this);
        }

        JarmRules rules() {
            return new JarmRules(get(ALGORITHMS.allowed()), get(ALGORITHMS.preferred()));
        }
    }

    JarmExecutor() {
        super(JarmExecutorFactory.ID, EVENTS, Configuration.class, new Configuration());
    }

    @Override
    protected void contribute(RulesInForce question, Configuration settings) {
        question.add(JarmRules.class, settings.rules());
    }

    @Override
    protected void enforce(ClientPolicyContext context, Configuration settings) throws ClientPolicyException {
        switch (context.getEvent()) {
            case PUSHED_AUTHORIZATION_REQUEST -> {
                PushedAuthorizationRequestContext pushed = (PushedAuthorizationRequestContext) context;
                checkRequest(pushed.getRequest(), pushed.getClient(), settings);
            }
            case AUTHORIZATION_REQUEST -> {
                AuthorizationRequestContext opened = (AuthorizationRequestContext) context;
                settings.rules().keepWith(opened.getAuthenticationSession());
                checkRequest(opened.getAuthorizationEndpointRequest(), opened.getClient(), settings);
            }
            case REGISTER, UPDATE -> checkMetadata((ClientCRUDContext) context, settings.rules());
            default -> {
                // no other event asks for an authorization response
            }
        }
    }

    private static void checkRequest(AuthorizationEndpointRequest request, ClientModel client, Configuration settings)
            throws ClientPolicyException {
        ResponseType type = ResponseType.of(request.getResponseType());
        if (type.carriesAccessToken()) {
            throw invalidRequest("response_type must not contain token");
        }
        List<String> modes = settings.get(ALLOWED_RESPONSE_MODES);
        boolean signed = request.getResponseMode() != null && modes.contains(request.getResponseMode());
        if (!signed && !isSignedByIdToken(type, request.getResponseMode(), settings)) {
            throw invalidRequest("response_mode must be one of " + String.join(", ", modes));
        }
        // A client saved before the policy may have any algorithm; what is registered wrongly is not silently replaced.
        String registered = client.getAttribute(OIDCConfigAttributes.AUTHORIZATION_SIGNED_RESPONSE_ALG);
        if (registered != null
                && !registered.isEmpty()
                && !settings.rules().allowedAlgorithms().contains(registered)) {
            throw invalidRequest(metadataText(settings.rules()));
        }
    }

    /** FAPI 1.0 Advanced 5.2.2-2 and -4: {@code c_hash} and {@code s_hash} in it are the signature. */
    private static boolean isSignedByIdToken(ResponseType type, String mode, Configuration settings) {
        return settings.get(DETACHED_SIGNATURE_ALLOWED)
                && type.isCodeWithIdToken()
                && (mode == null || UNSIGNED_MODES.contains(mode));
    }

    private static ClientPolicyException invalidRequest(String description) {
        return new ClientPolicyException(OAuthErrorException.INVALID_REQUEST, description);
    }

    /** An update may name some attributes only; the others stay as they are. */
    private static void checkMetadata(ClientCRUDContext context, JarmRules rules) throws ClientPolicyException {
        ClientRepresentation client = context.getProposedClientRepresentation();
        Map<String, String> attributes = client.getAttributes() == null ? new HashMap<>() : client.getAttributes();
        ClientModel known = context.getTargetClient();
        String registered =
                attributes.containsKey(OIDCConfigAttributes.AUTHORIZATION_SIGNED_RESPONSE_ALG) || known == null
                        ? attributes.get(OIDCConfigAttributes.AUTHORIZATION_SIGNED_RESPONSE_ALG)
                        : known.getAttribute(OIDCConfigAttributes.AUTHORIZATION_SIGNED_RESPONSE_ALG);
        if (registered == null || registered.isEmpty()) {
            attributes.put(OIDCConfigAttributes.AUTHORIZATION_SIGNED_RESPONSE_ALG, rules.defaultAlgorithm());
            client.setAttributes(attributes);
        } else if (!rules.allowedAlgorithms().contains(registered)) {
            throw new ClientPolicyException(INVALID_CLIENT_METADATA, metadataText(rules));
        }
    }

    private static String metadataText(JarmRules rules) {
        return "the client's authorization_signed_response_alg must be one of "
                + String.join(", ", rules.allowedAlgorithms());
    }
}
