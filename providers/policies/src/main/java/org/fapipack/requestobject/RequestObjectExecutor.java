package org.fapipack.requestobject;

import static org.fapipack.requestobject.RequestObjectExecutorFactory.ALLOWED_ALGORITHMS;
import static org.fapipack.requestobject.RequestObjectExecutorFactory.BY_VALUE_ALLOWED;
import static org.fapipack.requestobject.RequestObjectExecutorFactory.CLOCK_SKEW_SECONDS;
import static org.fapipack.requestobject.RequestObjectExecutorFactory.ENCRYPTION_REQUIRED;
import static org.fapipack.requestobject.RequestObjectExecutorFactory.KEY_IN_HEADER_ALLOWED;
import static org.fapipack.requestobject.RequestObjectExecutorFactory.MAX_AGE_SECONDS;
import static org.fapipack.requestobject.RequestObjectExecutorFactory.MAX_LIFETIME_SECONDS;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fapipack.core.jose.CompactJws;
import org.fapipack.core.requestobject.RequestObjectDefect;
import org.fapipack.core.requestobject.RequestObjectRules;
import org.fapipack.executor.ExecutorConfiguration;
import org.fapipack.executor.PackExecutor;
import org.fapipack.requestobject.RequestObjectExecutor.Configuration;
import org.fapipack.session.ReceivedRequestObject;
import org.jboss.logging.Logger;
import org.keycloak.OAuthErrorException;
import org.keycloak.common.util.Time;
import org.keycloak.jose.jwe.JWE;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.endpoints.request.AuthzEndpointRequestParser;
import org.keycloak.protocol.oidc.par.clientpolicy.context.PushedAuthorizationRequestContext;
import org.keycloak.services.Urls;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.context.AuthorizationRequestContext;

/**
 * Demands a signed request object and checks it completely when it is pushed.
 *
 * <p>Acts on PUSHED_AUTHORIZATION_REQUEST: no request object is {@code invalid_request}, a defective one
 * {@code invalid_request_object}, both 400. Acts again on AUTHORIZATION_REQUEST, so that a request pushed before the policy was
 * switched on, or one that expired since, is refused: {@code invalid_request_object} when it expired, otherwise
 * {@code invalid_request_uri}; nothing pushed, or a parameter beside {@code client_id} and {@code request_uri}, is
 * {@code invalid_request}. Where a request object may come by value, it is checked there: {@code invalid_request_object}, or
 * {@code invalid_request} for a parameter beside it that it does not contain. Keycloak has verified the signature before both events.
 *
 * @see <a href="https://openid.net/specs/fapi-message-signing-2_0-final.html#section-5.3.1">FAPI 2.0 Message Signing 5.3.1</a>
 */
final class RequestObjectExecutor extends PackExecutor<Configuration> {

    /** Those that {@link #enforce} does something at. */
    static final Set<ClientPolicyEvent> EVENTS =
            Set.of(ClientPolicyEvent.PUSHED_AUTHORIZATION_REQUEST, ClientPolicyEvent.AUTHORIZATION_REQUEST);

    private static final Logger LOG = Logger.getLogger(RequestObjectExecutor.class);

    /** RFC 9126 section 4: what a client sends through the browser; everything else is in the request object. */
    private static final Set<String> FRONT_CHANNEL =
            Set.of(OIDCLoginProtocol.CLIENT_ID_PARAM, OIDCLoginProtocol.REQUEST_URI_PARAM);

    /** FAPI 1.0 Advanced 8.6; open to decryption by an oracle. */
    private static final String RSA1_5 = "RSA1_5";

    /** The settings; see {@link RequestObjectExecutorFactory}. */
    static final class Configuration extends ExecutorConfiguration {
        Configuration() {
            super(RequestObjectExecutorFactory.ID, RequestObjectExecutorFactory.SETTINGS);
        }

        RequestObjectRules rules() {
            return new RequestObjectRules(
                    Duration.ofSeconds(get(MAX_LIFETIME_SECONDS)),
                    Duration.ofSeconds(get(MAX_AGE_SECONDS)),
                    Duration.ofSeconds(get(CLOCK_SKEW_SECONDS)),
                    get(ALLOWED_ALGORITHMS),
                    get(KEY_IN_HEADER_ALLOWED));
        }
    }

    private final KeycloakSession session;

    RequestObjectExecutor(KeycloakSession session) {
        super(RequestObjectExecutorFactory.ID, EVENTS, Configuration.class, new Configuration());
        this.session = session;
    }

    @Override
    protected void enforce(ClientPolicyContext context, Configuration settings) throws ClientPolicyException {
        switch (context.getEvent()) {
            case PUSHED_AUTHORIZATION_REQUEST -> checkPushed((PushedAuthorizationRequestContext) context, settings);
            case AUTHORIZATION_REQUEST -> checkOpened((AuthorizationRequestContext) context, settings);
            default -> {
                // a request object is used nowhere else
            }
        }
    }

    private void checkPushed(PushedAuthorizationRequestContext context, Configuration settings)
            throws ClientPolicyException {
        List<String> requestObjects = context.getRequestParameters().get(OIDCLoginProtocol.REQUEST_PARAM);
        if (requestObjects != null && requestObjects.size() > 1) {
            throw new ClientPolicyException(
                    OAuthErrorException.INVALID_REQUEST, "the request parameter must not be repeated");
        }
        String requestObject = requestObjects == null ? null : requestObjects.get(0);
        if (requestObject == null || requestObject.isEmpty()) {
            throw new ClientPolicyException(
                    OAuthErrorException.INVALID_REQUEST,
                    "the request parameter with a signed request object is required");
        }
        Optional<RequestObjectDefect> defect =
                firstDefect(new ReceivedRequestObject(requestObject), context.getClient(), settings);
        if (defect.isPresent()) {
            throw new ClientPolicyException(
                    OAuthErrorException.INVALID_REQUEST_OBJECT, defect.get().description());
        }
    }

    private void checkOpened(AuthorizationRequestContext context, Configuration settings) throws ClientPolicyException {
        MultivaluedMap<String, String> parameters = context.getRequestParameters();
        if (settings.get(BY_VALUE_ALLOWED) && parameters.containsKey(OIDCLoginProtocol.REQUEST_PARAM)) {
            checkByValue(parameters, context.getClient(), settings);
            return;
        }
        // Stock compares names and not values, and reads prompt=create from here.
        if (!FRONT_CHANNEL.containsAll(parameters.keySet())) {
            throw new ClientPolicyException(
                    OAuthErrorException.INVALID_REQUEST, "only client_id and request_uri belong in this request");
        }
        Optional<ReceivedRequestObject> requestObject =
                ReceivedRequestObject.pushed(session, parameters.getFirst(OIDCLoginProtocol.REQUEST_URI_PARAM));
        if (requestObject.isEmpty()) {
            throw new ClientPolicyException(
                    OAuthErrorException.INVALID_REQUEST, "a signed request object must be pushed first");
        }
        Optional<RequestObjectDefect> defect = firstDefect(requestObject.get(), context.getClient(), settings);
        if (defect.isPresent()) {
            throw new ClientPolicyException(
                    RequestObjectDefect.EXPIRED.equals(defect.get().reason())
                            ? OAuthErrorException.INVALID_REQUEST_OBJECT
                            : OAuthErrorException.INVALID_REQUEST_URI,
                    defect.get().description());
        }
    }

    /** FAPI 1.0 Advanced 5.2.2-10: what stands beside the request object counts for nothing, so it must not say anything else. */
    private void checkByValue(MultivaluedMap<String, String> parameters, ClientModel client, Configuration settings)
            throws ClientPolicyException {
        List<String> requestObjects = parameters.get(OIDCLoginProtocol.REQUEST_PARAM);
        if (requestObjects.size() > 1) {
            throw new ClientPolicyException(
                    OAuthErrorException.INVALID_REQUEST, "the request parameter must not be repeated");
        }
        Optional<RequestObjectDefect> defect =
                firstDefect(new ReceivedRequestObject(requestObjects.get(0)), client, settings);
        if (defect.isPresent()) {
            throw new ClientPolicyException(
                    OAuthErrorException.INVALID_REQUEST_OBJECT, defect.get().description());
        }
        JsonNode claims = session.getAttribute(AuthzEndpointRequestParser.AUTHZ_REQUEST_OBJECT, JsonNode.class);
        if (parameters.entrySet().stream()
                .filter(parameter -> !OIDCLoginProtocol.REQUEST_PARAM.equals(parameter.getKey()))
                .flatMap(parameter -> parameter.getValue().stream()
                        .map(value -> RequestObjectRules.isSaidBy(claims, parameter.getKey(), value)))
                .anyMatch(said -> !said)) {
            throw new ClientPolicyException(
                    OAuthErrorException.INVALID_REQUEST,
                    "a parameter beside the request object must have the value that the request object gives it");
        }
    }

    private Optional<RequestObjectDefect> firstDefect(
            ReceivedRequestObject requestObject, ClientModel client, Configuration settings) {
        boolean encrypted = requestObject.isEncrypted();
        if (settings.get(ENCRYPTION_REQUIRED) && !encrypted) {
            return Optional.of(new RequestObjectDefect("not_encrypted", "the request object must be encrypted"));
        }
        if (encrypted
                && RSA1_5.equals(new JWE(requestObject.compact()).getHeader().getRawAlgorithm())) {
            return Optional.of(new RequestObjectDefect(
                    "encryption_not_allowed", "the request object must not be encrypted with RSA1_5"));
        }
        Optional<RequestObjectDefect> outer = encrypted
                ? CompactJws.readHeader(requestObject.compact()).flatMap(settings.rules()::keyHeaderDefect)
                : Optional.empty();
        if (outer.isPresent()) {
            return outer;
        }
        Optional<CompactJws> jws = requestObject.signed(session, client);
        if (jws.isEmpty()) {
            return Optional.of(new RequestObjectDefect(
                    "not_a_signed_jwt", "the request object must be a signed JWT without duplicate members"));
        }
        String issuer = Urls.realmIssuer(
                session.getContext().getUri().getBaseUri(),
                session.getContext().getRealm().getName());
        Optional<RequestObjectDefect> defect = settings.rules()
                .firstDefect(
                        jws.get().header(),
                        jws.get().claims(),
                        client.getClientId(),
                        issuer,
                        Instant.ofEpochMilli(Time.currentTimeMillis()));
        defect.ifPresent(found -> LOG.debugf("Request object of client %s: %s", client.getClientId(), found.reason()));
        return defect;
    }
}
