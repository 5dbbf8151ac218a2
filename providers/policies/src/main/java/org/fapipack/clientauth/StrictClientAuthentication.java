package org.fapipack.clientauth;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedHashMap;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.fapipack.core.jose.CompactJws;
import org.fapipack.executor.RulesInForce;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.authentication.AuthenticationFlowError;
import org.keycloak.authentication.ClientAuthenticationFlowContext;
import org.keycloak.authentication.FlowStatus;
import org.keycloak.authentication.authenticators.client.ClientAuthUtil;
import org.keycloak.events.Details;
import org.keycloak.models.ClientModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * One attempt of a client to authenticate, seen by the rules of its client policies.
 *
 * <p>Every refusal is 401 {@code invalid_client} (RFC 6749 section 5.2), except for several methods at once, which is 400
 * {@code invalid_request}; the event tells the reason.
 */
final class StrictClientAuthentication {

    /** Keycloak takes any space behind the scheme. */
    private static final Pattern BASIC = Pattern.compile("\\s*basic\\s", Pattern.CASE_INSENSITIVE);

    private final ClientAuthenticationFlowContext context;
    private final ClientModel client;
    private final ClientAuthenticationRules rules;

    private StrictClientAuthentication(
            ClientAuthenticationFlowContext context, ClientModel client, ClientAuthenticationRules rules) {
        this.context = context;
        this.client = client;
        this.rules = rules;
    }

    /** The attempt of the client that the request says it comes from; empty when that client has no rules. */
    static Optional<StrictClientAuthentication> of(ClientAuthenticationFlowContext context) {
        return claimedClient(context).flatMap(client -> of(context, client));
    }

    /** The attempt of the client that Keycloak has found so far, authenticated or not; empty when that client has no rules. */
    static Optional<StrictClientAuthentication> ofKnownClient(ClientAuthenticationFlowContext context) {
        return Optional.ofNullable(context.getClient()).flatMap(client -> of(context, client));
    }

    /** The attempt of the client with this {@code client_id}, whatever else the request says; empty when that client has no rules. */
    static Optional<StrictClientAuthentication> ofNamedClient(
            ClientAuthenticationFlowContext context, String clientId) {
        return Optional.ofNullable(clientId)
                .map(id -> context.getRealm().getClientByClientId(id))
                .flatMap(client -> of(context, client));
    }

    /**
     * Judges what a stock authenticator made of a client with rules: a client that it found good still needs a method that is allowed; where
     * it found fault, the answer is {@code invalid_client} whatever stock would say.
     *
     * @param providerId id of the authenticator; nothing happens unless the client is registered for it
     * @param method what it authenticates by; empty for a method that no rules allow
     */
    static void judge(
            ClientAuthenticationFlowContext context, String providerId, Optional<ClientAuthenticationMethod> method) {
        ofKnownClient(context)
                .filter(attempt -> attempt.isDecidedBy(providerId))
                .ifPresent(attempt -> attempt.judge(method));
    }

    private void judge(Optional<ClientAuthenticationMethod> method) {
        if (method.filter(rules::allow).isEmpty()) {
            refuseMethod();
        } else if (context.getStatus() != FlowStatus.SUCCESS) {
            refuse("credentials_wrong", "client authentication failed");
        } else {
            refusesMethod(method.get());
        }
    }

    private static Optional<StrictClientAuthentication> of(
            ClientAuthenticationFlowContext context, ClientModel client) {
        return RulesInForce.find(context.getSession(), client, ClientAuthenticationRules.class)
                .map(rules -> new StrictClientAuthentication(context, client, rules));
    }

    ClientModel client() {
        return client;
    }

    ClientAuthenticationRules rules() {
        return rules;
    }

    /** Whether this authenticator is the one Keycloak listens to for the client. */
    boolean isDecidedBy(String providerId) {
        String registered = client.getClientAuthenticatorType();
        return providerId.equals(
                registered == null || client.isPublicClient()
                        ? KeycloakModelUtils.getDefaultClientAuthenticatorType()
                        : registered);
    }

    /** Refuses the request where the method is not allowed, or where it does not come alone; says whether it did. */
    boolean refusesMethod(ClientAuthenticationMethod method) {
        boolean allowed = rules.allow(method);
        if (!allowed) {
            refuseMethod();
        } else if (!onlyMethodIs(method)) {
            answer(
                    Response.Status.BAD_REQUEST,
                    OAuthErrorException.INVALID_REQUEST,
                    "several_methods",
                    "the client must not use more than one authentication method per request");
            return true;
        }
        return !allowed;
    }

    private void refuseMethod() {
        refuse("method_not_allowed", "the client must authenticate with one of " + String.join(", ", rules.methods()));
    }

    /** RFC 6749 section 2.3: one method per request. A certificate does not count, it may be there to bind the token to. */
    private boolean onlyMethodIs(ClientAuthenticationMethod method) {
        MultivaluedMap<String, String> form = form(context);
        boolean byAssertion = method == ClientAuthenticationMethod.PRIVATE_KEY_JWT
                || method == ClientAuthenticationMethod.CLIENT_SECRET_JWT;
        return !form.containsKey(OAuth2Constants.CLIENT_SECRET)
                && !basicCredentials()
                && byAssertion == form.containsKey(OAuth2Constants.CLIENT_ASSERTION)
                && form.getOrDefault(OAuth2Constants.CLIENT_ASSERTION, List.of())
                                .size()
                        <= 1;
    }

    private boolean basicCredentials() {
        return context
                .getHttpRequest()
                .getHttpHeaders()
                .getRequestHeaders()
                .getOrDefault(HttpHeaders.AUTHORIZATION, List.of())
                .stream()
                .anyMatch(value -> BASIC.matcher(value).lookingAt());
    }

    /** Refuses with 401 {@code invalid_client}. */
    void refuse(String reason, String description) {
        answer(Response.Status.UNAUTHORIZED, OAuthErrorException.INVALID_CLIENT, reason, description);
    }

    private void answer(Response.Status status, String error, String reason, String description) {
        context.getEvent().client(client.getClientId()).detail(Details.REASON, reason);
        // Keycloak sends the answer only when it knows for which client this authenticator spoke.
        context.setClient(client);
        Response response = ClientAuthUtil.errorResponse(status.getStatusCode(), error, description);
        context.failure(
                AuthenticationFlowError.INVALID_CLIENT_CREDENTIALS,
                status == Response.Status.UNAUTHORIZED && basicCredentials() ? challenging(response) : response);
    }

    /** RFC 6749 section 5.2: who came with an {@code Authorization} header is told the scheme. */
    private Response challenging(Response response) {
        return Response.fromResponse(response)
                .header(
                        HttpHeaders.WWW_AUTHENTICATE,
                        "Basic realm=\"" + context.getRealm().getName() + '"')
                .build();
    }

    /** Not authenticated yet: the subject of the client assertion, else the {@code client_id}, else the client Keycloak has found so far. */
    private static Optional<ClientModel> claimedClient(ClientAuthenticationFlowContext context) {
        MultivaluedMap<String, String> form = form(context);
        return Optional.ofNullable(form.getFirst(OAuth2Constants.CLIENT_ASSERTION))
                .flatMap(CompactJws::read)
                .map(assertion -> assertion.claims().path("sub"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::asText)
                .or(() -> Optional.ofNullable(form.getFirst(OAuth2Constants.CLIENT_ID)))
                .map(clientId -> context.getRealm().getClientByClientId(clientId))
                .or(() -> Optional.ofNullable(context.getClient()));
    }

    /** The form of the request, without members where it has none. */
    static MultivaluedMap<String, String> form(ClientAuthenticationFlowContext context) {
        MediaType mediaType = context.getHttpRequest().getHttpHeaders().getMediaType();
        return mediaType != null && mediaType.isCompatible(MediaType.APPLICATION_FORM_URLENCODED_TYPE)
                ? context.getHttpRequest().getDecodedFormParameters()
                : new MultivaluedHashMap<>();
    }
}
