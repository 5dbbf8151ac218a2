package org.fapipack.clientmetadata;

import static org.fapipack.clientmetadata.ClientMetadataExecutorFactory.ALGORITHMS;
import static org.fapipack.clientmetadata.ClientMetadataExecutorFactory.CONTENT_ENCRYPTION;
import static org.fapipack.clientmetadata.ClientMetadataExecutorFactory.ID_TOKEN_ENCRYPTION_REQUIRED;
import static org.fapipack.clientmetadata.ClientMetadataExecutorFactory.KEY_MANAGEMENT;
import static org.fapipack.clientmetadata.ClientMetadataExecutorFactory.UNREQUESTED_CLAIMS_ALLOWED;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.fapipack.clientmetadata.ClientMetadataExecutor.Configuration;
import org.fapipack.executor.ExecutorConfiguration;
import org.fapipack.executor.PackExecutor;
import org.fapipack.executor.RulesInForce;
import org.fapipack.session.ReceivedRequestObject;
import org.keycloak.OAuthErrorException;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.OIDCConfigAttributes;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.TokenManager.AccessTokenResponseBuilder;
import org.keycloak.protocol.oidc.par.clientpolicy.context.PushedAuthorizationRequestContext;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.context.AuthorizationRequestContext;
import org.keycloak.services.clientpolicy.context.ClientCRUDContext;
import org.keycloak.services.clientpolicy.context.DynamicClientRegisterContext;
import org.keycloak.services.clientpolicy.context.DynamicClientUpdateContext;
import org.keycloak.services.clientpolicy.context.ImplicitHybridTokenResponse;
import org.keycloak.services.clientpolicy.context.TokenRefreshResponseContext;
import org.keycloak.services.clientpolicy.context.TokenResponseContext;

/**
 * Keeps client metadata within FAPI.
 *
 * <p>Acts on REGISTER and UPDATE: a client that names no algorithm for its ID tokens gets the default, so does one that leaves its access
 * tokens to an algorithm of the realm that is not allowed; metadata that is not allowed is
 * refused with {@code invalid_client_metadata}. Acts on PUSHED_AUTHORIZATION_REQUEST and AUTHORIZATION_REQUEST: a client that was saved before
 * the policy, or registered itself where no policy saw it, is refused with {@code invalid_request}, so that the administrator hears of it
 * before a customer does; what a client registered about its requests, {@code request_object_signing_alg}, {@code require_signed_request_object}
 * and {@code default_max_age}, holds for them. Acts on the responses with tokens: an ID token has no claim that nobody asked for.
 *
 * @see <a href="https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.4">FAPI 2.0 Security Profile 5.4</a>
 */
final class ClientMetadataExecutor extends PackExecutor<Configuration> {

    /** Those that {@link #enforce} does something at. */
    static final Set<ClientPolicyEvent> EVENTS = Set.of(
            ClientPolicyEvent.REGISTER,
            ClientPolicyEvent.UPDATE,
            ClientPolicyEvent.PUSHED_AUTHORIZATION_REQUEST,
            ClientPolicyEvent.AUTHORIZATION_REQUEST,
            ClientPolicyEvent.TOKEN_RESPONSE,
            ClientPolicyEvent.TOKEN_REFRESH_RESPONSE,
            ClientPolicyEvent.IMPLICIT_HYBRID_TOKEN_RESPONSE);

    private static final String INVALID_CLIENT_METADATA = "invalid_client_metadata";

    /** The client attribute with the registered {@code require_signed_request_object} (RFC 9101 section 10.5). */
    private static final String SIGNED_REQUEST_OBJECT = "require.signed.request.object";

    /** The settings; see {@link ClientMetadataExecutorFactory}. */
    static final class Configuration extends ExecutorConfiguration {
        Configuration() {
            super(ClientMetadataExecutorFactory.ID, ClientMetadataExecutorFactory.SETTINGS);
        }

        @Override
        protected Optional<String> contradiction() {
            return ALGORITHMS.contradiction(this);
        }

        ClientMetadataRules rules() {
            return new ClientMetadataRules(
                    get(ALGORITHMS.allowed()),
                    get(KEY_MANAGEMENT),
                    get(CONTENT_ENCRYPTION),
                    get(ID_TOKEN_ENCRYPTION_REQUIRED));
        }
    }

    private final KeycloakSession session;
    private final SoundKeySets soundKeys;

    /** @param soundKeys those of the server */
    ClientMetadataExecutor(KeycloakSession session, SoundKeySets soundKeys) {
        super(ClientMetadataExecutorFactory.ID, EVENTS, Configuration.class, new Configuration());
        this.session = session;
        this.soundKeys = soundKeys;
    }

    @Override
    protected void contribute(RulesInForce question, Configuration settings) {
        question.add(
                ClientMetadataRules.class, question.made(ClientMetadataRules.class, settings, Configuration::rules));
    }

    @Override
    protected void enforce(ClientPolicyContext context, Configuration settings) throws ClientPolicyException {
        switch (context.getEvent()) {
            case REGISTER, UPDATE -> save((ClientCRUDContext) context, settings, defaultAlgorithm(session));
            case PUSHED_AUTHORIZATION_REQUEST -> {
                PushedAuthorizationRequestContext pushed = (PushedAuthorizationRequestContext) context;
                checkComing(pushed.getClient(), pushed.getRequestParameters(), settings);
            }
            case AUTHORIZATION_REQUEST -> {
                AuthorizationRequestContext opened = (AuthorizationRequestContext) context;
                checkComing(opened.getClient(), opened.getRequestParameters(), settings);
                demandFreshLogin(opened);
            }
            case TOKEN_RESPONSE -> {
                TokenResponseContext answered = (TokenResponseContext) context;
                narrowIdToken(settings, answered.getAccessTokenResponseBuilder(), answered.getClientSession());
            }
            case TOKEN_REFRESH_RESPONSE -> {
                TokenRefreshResponseContext refreshed = (TokenRefreshResponseContext) context;
                narrowIdToken(settings, refreshed.getAccessTokenResponseBuilder(), refreshed.getClientSession());
            }
            case IMPLICIT_HYBRID_TOKEN_RESPONSE -> {
                ImplicitHybridTokenResponse answered = (ImplicitHybridTokenResponse) context;
                narrowIdToken(
                        settings,
                        answered.getAccessTokenResponseBuilder(),
                        answered.getClientSessionContext().getClientSession());
            }
            default -> {
                // every authorization begins and ends with one of these
            }
        }
    }

    private static void narrowIdToken(
            Configuration settings, AccessTokenResponseBuilder response, AuthenticatedClientSessionModel session) {
        if (!settings.get(UNREQUESTED_CLAIMS_ALLOWED)) {
            RequestedIdToken.narrow(response, session);
        }
    }

    private void checkComing(ClientModel client, MultivaluedMap<String, String> parameters, Configuration settings)
            throws ClientPolicyException {
        refuse(
                OAuthErrorException.INVALID_REQUEST,
                settings.rules().firstDefect(client::getAttribute, defaultAlgorithm(session), soundKeys::firstDefect));
        refuse(OAuthErrorException.INVALID_REQUEST, breadthDefect(client));
        Optional<ReceivedRequestObject> requestObject = ReceivedRequestObject.in(session, parameters);
        if (requestObject.isPresent()) {
            refuse(
                    OAuthErrorException.INVALID_REQUEST_OBJECT,
                    settings.rules().signatureDefect(requestObject.get().signed(session, client)));
        } else if (Boolean.parseBoolean(client.getAttribute(SIGNED_REQUEST_OBJECT))) {
            refuse(
                    OAuthErrorException.INVALID_REQUEST,
                    Optional.of("the client registered that its requests come in signed request objects"));
        }
    }

    /** OpenID Connect Registration 2: the registered age holds where the request names none. */
    private static void demandFreshLogin(AuthorizationRequestContext context) {
        String registered = context.getClient().getAttribute(ClientMetadataRules.DEFAULT_MAX_AGE);
        Integer requested = context.getAuthorizationEndpointRequest().getMaxAge();
        if (registered != null && !registered.isEmpty() && (requested == null || requested < 0)) {
            context.getAuthenticationSession().setClientNote(OIDCLoginProtocol.MAX_AGE_PARAM, registered);
        }
    }

    /** What Keycloak's executors look at when a client is saved, and nobody later. */
    private static Optional<String> breadthDefect(ClientModel client) {
        return fullScopeDefect(client)
                .or(() -> client.getRedirectUris().stream().anyMatch(uri -> uri.contains("*"))
                        ? Optional.of("redirect_uris must hold no wildcard")
                        : Optional.empty());
    }

    /** What Keycloak signs a token with whose algorithm the client does not name. */
    static String defaultAlgorithm(KeycloakSession session) {
        String algorithm = session.getContext().getRealm().getDefaultSignatureAlgorithm();
        return algorithm == null || algorithm.isEmpty() ? Constants.DEFAULT_SIGNATURE_ALGORITHM : algorithm;
    }

    static Optional<String> fullScopeDefect(ClientModel client) {
        return client.isFullScopeAllowed()
                ? Optional.of("the client must not have full scope; save it with fullScopeAllowed switched off")
                : Optional.empty();
    }

    /** What would take a client out of the reach of its policies, or give it a part that only an administrator gives. */
    private static Optional<String> roleDefect(ClientCRUDContext context) {
        ClientRepresentation client = context.getProposedClientRepresentation();
        if (client.getProtocol() != null && !OIDCLoginProtocol.LOGIN_PROTOCOL.equals(client.getProtocol())) {
            return Optional.of("the protocol must be openid-connect");
        }
        boolean byItself =
                context instanceof DynamicClientRegisterContext || context instanceof DynamicClientUpdateContext;
        return byItself ? ResourceServerMark.defectOfSelf(context.getTargetClient(), client) : Optional.empty();
    }

    /** An update may name some attributes only; the others stay as they are. */
    private static void save(ClientCRUDContext context, Configuration settings, String realmDefault)
            throws ClientPolicyException {
        refuse(INVALID_CLIENT_METADATA, roleDefect(context));
        ClientRepresentation client = context.getProposedClientRepresentation();
        Map<String, String> proposed = client.getAttributes() == null ? new HashMap<>() : client.getAttributes();
        ClientModel known = context.getTargetClient();
        UnaryOperator<String> attributes =
                name -> proposed.containsKey(name) || known == null ? proposed.get(name) : known.getAttribute(name);
        String algorithm = attributes.apply(OIDCConfigAttributes.ID_TOKEN_SIGNED_RESPONSE_ALG);
        if (algorithm == null || algorithm.isEmpty()) {
            proposed.put(OIDCConfigAttributes.ID_TOKEN_SIGNED_RESPONSE_ALG, settings.get(ALGORITHMS.preferred()));
        }
        List<String> leftToDefault =
                settings.rules().leftToDefault(attributes, realmDefault).toList();
        leftToDefault.forEach(attribute -> proposed.put(attribute, settings.get(ALGORITHMS.preferred())));
        proposed.putAll(ClientMetadataRules.defaultEncodings(attributes));
        client.setAttributes(proposed);
        refuse(INVALID_CLIENT_METADATA, settings.rules().firstDefectOnSaving(attributes, realmDefault));
    }

    private static void refuse(String error, Optional<String> defect) throws ClientPolicyException {
        if (defect.isPresent()) {
            throw new ClientPolicyException(error, defect.get());
        }
    }
}
