package org.fapipack.session;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.fapipack.core.jose.CompactJws;
import org.keycloak.jose.JOSE;
import org.keycloak.jose.jws.JWSInput;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.OIDCLoginProtocol;
import org.keycloak.protocol.oidc.endpoints.request.AuthorizationEndpointRequestParserProcessor;
import org.keycloak.protocol.oidc.endpoints.request.RequestUriType;
import org.keycloak.protocol.oidc.par.endpoints.request.AuthzEndpointParParser;

/**
 * A request object (RFC 9101) as it came. Keycloak has verified its signature before any policy is asked, and tells what is in it, but not how it
 * was signed.
 *
 * @param compact the compact serialisation
 */
public record ReceivedRequestObject(String compact) {

    /** A JWE has five parts. */
    private static final int DOTS_OF_A_JWE = 4;

    /** The request object of an authorization request: the parameter {@code request}, or the one that was pushed; never one to be fetched. */
    public static Optional<ReceivedRequestObject> in(
            KeycloakSession session, MultivaluedMap<String, String> parameters) {
        return Optional.ofNullable(parameters.getFirst(OIDCLoginProtocol.REQUEST_PARAM))
                .filter(request -> !request.isEmpty())
                .map(ReceivedRequestObject::new)
                .or(() -> pushed(session, parameters.getFirst(OIDCLoginProtocol.REQUEST_URI_PARAM)));
    }

    /** The request object that was pushed for a {@code request_uri}; empty for any other {@code request_uri}, and for null. */
    public static Optional<ReceivedRequestObject> pushed(KeycloakSession session, String requestUri) {
        if (requestUri == null
                || AuthorizationEndpointRequestParserProcessor.getRequestUriType(requestUri) != RequestUriType.PAR) {
            return Optional.empty();
        }
        Map<String, String> pushed = AuthzEndpointParParser.getRequestObject(session, requestUri);
        return Optional.ofNullable(pushed)
                .map(parameters -> parameters.get(OIDCLoginProtocol.REQUEST_PARAM))
                .map(ReceivedRequestObject::new);
    }

    /** Whether it is encrypted; what is inside may be signed or not. */
    public boolean isEncrypted() {
        return compact.chars().filter(letter -> letter == '.').count() == DOTS_OF_A_JWE;
    }

    /** The JWS, or the one inside where it is encrypted; empty where there is none, which encryption does not excuse. */
    public Optional<CompactJws> signed(KeycloakSession session, ClientModel client) {
        return (isEncrypted() ? signedContent(session, client) : Optional.of(compact)).flatMap(CompactJws::read);
    }

    private Optional<String> signedContent(KeycloakSession session, ClientModel client) {
        AtomicReference<JWSInput> inner = new AtomicReference<>();
        Object verified = session.tokens()
                .decodeClientJWT(
                        compact,
                        client,
                        (JOSE jose, ClientModel owner) -> {
                            if (jose instanceof JWSInput jws) {
                                inner.set(jws);
                            }
                        },
                        Map.class,
                        false);
        return Optional.ofNullable(inner.get()).filter(jws -> verified != null).map(JWSInput::getWireString);
    }
}
