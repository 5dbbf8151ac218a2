package org.fapipack.introspection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fapipack.core.http.AcceptHeader;
import org.fapipack.core.jose.CompactJws;
import org.jboss.logging.Logger;
import org.keycloak.OAuthErrorException;
import org.keycloak.common.util.Time;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.AccessTokenIntrospectionProvider;
import org.keycloak.protocol.oidc.RefreshTokenIntrospectionProvider;
import org.keycloak.protocol.oidc.TokenIntrospectionProvider;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.ErrorResponseException;
import org.keycloak.services.Urls;
import org.keycloak.util.JsonSerialization;
import org.keycloak.util.TokenUtil;

/**
 * Introspects a token for a resource server under {@link SignedIntrospectionRules}; hands every other request to the stock provider.
 *
 * <p>Stock decides whether a token is active; this class decides who may know, what of it, and in which form. Refusals: 406 when no
 * allowed form is acceptable, 403 {@code unauthorized_client} for a client that is no resource server where the policy says so, 500
 * {@code server_error} when a key or the registered metadata cannot be used. A token that is unknown, expired, revoked, of another
 * kind or for somebody else is {@code {"active":false}} and nothing more.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9701.html#section-5">RFC 9701 section 5</a>
 */
final class SignedIntrospectionProvider implements TokenIntrospectionProvider {

    private static final Logger LOG = Logger.getLogger(SignedIntrospectionProvider.class);

    /** Kinds of token, by the {@code typ} claim Keycloak writes. ID tokens, logout tokens and signed responses are none of them. */
    private static final Set<String> ACCESS_TOKENS = Set.of(TokenUtil.TOKEN_TYPE_BEARER, TokenUtil.TOKEN_TYPE_DPOP);

    private static final Set<String> REFRESH_TOKENS =
            Set.of(TokenUtil.TOKEN_TYPE_REFRESH, TokenUtil.TOKEN_TYPE_OFFLINE);

    /** For an auditor. */
    private static final String ENDED = "ended_by_something_else_than_the_token";

    private final KeycloakSession session;
    private final TokenIntrospectionProvider stock;

    SignedIntrospectionProvider(KeycloakSession session, TokenIntrospectionProvider stock) {
        this.session = session;
        this.stock = stock;
    }

    @Override
    public Response introspect(String token, EventBuilder event) {
        Optional<SignedIntrospectionRules> rules = SignedIntrospectionExecutor.rulesOfRequest(session);
        if (rules.isEmpty()) {
            return answerAsStock(token, event);
        }
        SignedIntrospectionEndpoint.forbidCaching(session);
        return answer(token, event, rules.get());
    }

    private Response answerAsStock(String token, EventBuilder event) {
        String unknownHint = SignedIntrospectionEndpoint.unknownHint(session);
        if (unknownHint != null) {
            event.detail(Details.TOKEN_TYPE, unknownHint);
            event.error(Errors.INVALID_REQUEST);
            throw new ErrorResponseException(
                    Errors.INVALID_REQUEST, "Unsupported token type.", Response.Status.BAD_REQUEST);
        }
        Optional<Map<String, String>> outside = outside(token);
        if (outside.isEmpty()) {
            event.detail(Details.REASON, ENDED).error(Errors.INVALID_TOKEN);
            return Response.ok(inactive(), MediaType.APPLICATION_JSON_TYPE).build();
        }
        Response answer = stock.introspect(token, event);
        return outside.get().isEmpty() ? answer : withClaims(answer, outside.get());
    }

    /** What something else than the token says of it, empty when that has ended it. */
    private Optional<Map<String, String>> outside(String token) {
        return SignedIntrospectionEndpoint.tokenLife(session).claims(token);
    }

    private static Response withClaims(Response answer, Map<String, String> claims) {
        try (answer) {
            ObjectNode description = (ObjectNode) JsonSerialization.mapper.readTree((byte[]) answer.getEntity());
            if (description.path("active").asBoolean()) {
                claims.forEach(description::put);
            }
            return Response.fromResponse(answer).entity(description).build();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private Response answer(String token, EventBuilder event, SignedIntrospectionRules rules) {
        ClientModel asker = session.getContext().getClient();
        AcceptHeader accept = AcceptHeader.of(
                session.getContext().getHttpRequest().getHttpHeaders().getRequestHeader(HttpHeaders.ACCEPT));
        IntrospectionFormat format = IntrospectionFormat.choose(accept, rules.signedResponseRequired());
        if (format == IntrospectionFormat.NOT_ACCEPTABLE) {
            throw refuse(
                    event,
                    "response_not_acceptable",
                    OAuthErrorException.INVALID_REQUEST,
                    rules.signedResponseRequired()
                            ? "this resource server gets " + IntrospectionFormat.TOKEN_INTROSPECTION_JWT + " only"
                            : "neither application/json nor " + IntrospectionFormat.TOKEN_INTROSPECTION_JWT
                                    + " is acceptable",
                    Response.Status.NOT_ACCEPTABLE);
        }
        boolean resourceServer = ResourceServerMetadata.isResourceServer(asker::getAttribute);
        if (!resourceServer && rules.refuseOtherClients()) {
            throw refuse(
                    event,
                    "not_resource_server",
                    OAuthErrorException.UNAUTHORIZED_CLIENT,
                    "only resource servers may introspect tokens",
                    Response.Status.FORBIDDEN);
        }
        // Before the token is looked at: whether a key is missing must not depend on the token.
        IntrospectionResponseEncoder encoder = format == IntrospectionFormat.JWT ? encoder(asker, rules, event) : null;

        ObjectNode description = resourceServer ? describe(token, asker, event) : nothingForOthers(event);
        if (encoder == null) {
            return Response.ok(description, MediaType.APPLICATION_JSON_TYPE).build();
        }
        String issuer = Urls.realmIssuer(
                session.getContext().getUri().getBaseUri(),
                session.getContext().getRealm().getName());
        Instant now = Instant.ofEpochMilli(Time.currentTimeMillis());
        return Response.ok(
                        encode(encoder, issuer, asker, description, now, event),
                        IntrospectionFormat.TOKEN_INTROSPECTION_JWT)
                .build();
    }

    private IntrospectionResponseEncoder encoder(
            ClientModel asker, SignedIntrospectionRules rules, EventBuilder event) {
        try {
            return new IntrospectionResponseEncoder(
                    session, asker, ResourceServerMetadata.read(asker::getAttribute, rules));
        } catch (InvalidResourceServerMetadata | IllegalStateException unusable) {
            throw ourFailure(event, asker, unusable);
        }
    }

    private static String encode(
            IntrospectionResponseEncoder encoder,
            String issuer,
            ClientModel asker,
            ObjectNode description,
            Instant now,
            EventBuilder event) {
        try {
            return encoder.encode(issuer, asker.getClientId(), description, now);
        } catch (RuntimeException unusable) {
            throw ourFailure(event, asker, unusable);
        }
    }

    /** What the asking resource server may know of the token. */
    private ObjectNode describe(String token, ClientModel asker, EventBuilder event) {
        Optional<TokenIntrospectionProvider> provider = providerFor(token);
        if (provider.isEmpty()) {
            event.detail(Details.REASON, "not_an_access_or_refresh_token");
            event.error(Errors.INVALID_TOKEN);
            return inactive();
        }
        Optional<Map<String, String>> outside = outside(token);
        if (outside.isEmpty()) {
            event.detail(Details.REASON, ENDED).error(Errors.INVALID_TOKEN);
            return inactive();
        }
        ObjectNode description = read(provider.get(), token, asker, event);
        if (!description.path("active").asBoolean() || !isFor(asker, description)) {
            return inactive();
        }
        Set<String> scopes = new HashSet<>(asker.getClientScopes(true).keySet());
        scopes.addAll(asker.getClientScopes(false).keySet());
        new DisclosedClaims(scopes, ResourceServerMetadata.extraClaims(asker::getAttribute)).narrow(description);
        outside.get().forEach(description::put);
        return description;
    }

    /**
     * The stock provider for the kind of token this is. The kind is read from the token and not from {@code token_type_hint}, which
     * may be wrong (RFC 7662 section 2.1: the server must then search on). Whether the token is genuine is stock's to verify.
     */
    private Optional<TokenIntrospectionProvider> providerFor(String token) {
        String kind = CompactJws.read(token)
                .filter(jws -> jws.claims().path("azp").isTextual())
                .map(jws -> jws.claims().path("typ").asText())
                .orElse("");
        if (ACCESS_TOKENS.contains(kind)) {
            return Optional.of(new AccessTokenIntrospectionProvider<AccessToken>(session));
        }
        if (REFRESH_TOKENS.contains(kind)) {
            return Optional.of(new RefreshTokenIntrospectionProvider(session));
        }
        return Optional.empty();
    }

    private ObjectNode read(TokenIntrospectionProvider provider, String token, ClientModel asker, EventBuilder event) {
        try (Response answer = provider.introspect(token, event)) {
            JsonNode description = JsonSerialization.mapper.readTree((byte[]) answer.getEntity());
            return (ObjectNode) description;
        } catch (IOException | RuntimeException failure) {
            if (session.tokens().decode(token, AccessToken.class) == null) {
                // Not signed by this realm: the stock provider stumbled over what the caller made up.
                return inactive();
            }
            throw ourFailure(event, asker, failure);
        }
    }

    /**
     * Whether the token is meant for the asker. Stock has an option that switches its audience check off; for a resource server under
     * these rules it is not honoured. A refresh token has no audience but the authorization server; stock shows it to its own client only.
     */
    private static boolean isFor(ClientModel asker, ObjectNode description) {
        if (REFRESH_TOKENS.contains(description.path("token_type").asText())) {
            return asker.getClientId().equals(description.path("client_id").asText());
        }
        JsonNode audience = description.path("aud");
        if (audience.isTextual()) {
            return audience.asText().equals(asker.getClientId());
        }
        for (JsonNode member : audience) {
            if (member.asText().equals(asker.getClientId())) {
                return true;
            }
        }
        return false;
    }

    private static ObjectNode nothingForOthers(EventBuilder event) {
        event.detail(Details.REASON, "not_resource_server");
        event.error(Errors.NOT_ALLOWED);
        return inactive();
    }

    private static ObjectNode inactive() {
        return JsonSerialization.mapper.createObjectNode().put("active", false);
    }

    private static ErrorResponseException refuse(
            EventBuilder event, String reason, String error, String description, Response.Status status) {
        event.detail(Details.REASON, reason);
        event.error(error);
        return new ErrorResponseException(error, description, status);
    }

    private static ErrorResponseException ourFailure(EventBuilder event, ClientModel asker, Exception cause) {
        LOG.errorf(cause, "Introspection for resource server %s failed", asker.getClientId());
        return refuse(
                event,
                "introspection_response_not_possible",
                OAuthErrorException.SERVER_ERROR,
                "the introspection response cannot be made",
                Response.Status.INTERNAL_SERVER_ERROR);
    }

    @Override
    public void close() {
        stock.close();
    }
}
