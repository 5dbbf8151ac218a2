package org.fapipack.clientauth;

import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Optional;
import org.fapipack.core.clientassertion.ClientAssertionDefect;
import org.fapipack.core.jose.CompactJws;
import org.keycloak.OAuth2Constants;
import org.keycloak.authentication.ClientAuthenticationFlowContext;
import org.keycloak.authentication.authenticators.client.JWTClientAuthenticator;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.ClientModel;
import org.keycloak.protocol.oidc.OIDCLoginProtocolService;
import org.keycloak.protocol.oidc.grants.ciba.CibaGrantType;
import org.keycloak.protocol.oidc.par.endpoints.ParEndpoint;
import org.keycloak.services.Urls;

/** Replaces the stock authenticator {@code client-jwt}: {@code private_key_jwt} by the rules of {@link ClientAuthenticationExecutor}. */
public final class PrivateKeyJwtAuthenticator extends JWTClientAuthenticator {

    @Override
    public void authenticateClient(ClientAuthenticationFlowContext context) {
        Optional<StrictClientAuthentication> strict = StrictClientAuthentication.of(context);
        if (strict.isPresent()) {
            context.attempted();
            if (strict.get().isDecidedBy(PROVIDER_ID)) {
                authenticate(context, strict.get());
            }
        } else {
            super.authenticateClient(context);
            // Stock reads what we do not, a JWT with duplicate members for example, and may have found a client with
            // rules in it.
            StrictClientAuthentication.ofKnownClient(context)
                    .filter(overlooked -> overlooked.isDecidedBy(PROVIDER_ID))
                    .ifPresent(overlooked -> overlooked.refuse(
                            "assertion_not_understood",
                            "the client assertion must be a signed JWT of the client, without duplicate members"));
        }
    }

    private static void authenticate(ClientAuthenticationFlowContext context, StrictClientAuthentication attempt) {
        ClientModel client = attempt.client();
        MultivaluedMap<String, String> form = StrictClientAuthentication.form(context);
        if (!client.isEnabled()) {
            attempt.refuse("client_disabled", "the client is disabled");
            return;
        }
        if (!form.containsKey(OAuth2Constants.CLIENT_ASSERTION)) {
            attempt.refuse("assertion_missing", "the client must authenticate with private_key_jwt");
            return;
        }
        if (attempt.refusesMethod(ClientAuthenticationMethod.PRIVATE_KEY_JWT)) {
            return;
        }
        if (!OAuth2Constants.CLIENT_ASSERTION_TYPE_JWT.equals(form.getFirst(OAuth2Constants.CLIENT_ASSERTION_TYPE))) {
            attempt.refuse(
                    "assertion_type_wrong",
                    "client_assertion_type must be " + OAuth2Constants.CLIENT_ASSERTION_TYPE_JWT);
            return;
        }
        String clientId = form.getFirst(OAuth2Constants.CLIENT_ID);
        if (clientId != null && !clientId.equals(client.getClientId())) {
            attempt.refuse("client_id_not_subject", "client_id must be the subject of the client assertion");
            return;
        }
        String assertion = form.getFirst(OAuth2Constants.CLIENT_ASSERTION);
        Optional<ClientAssertionDefect> defect = new ClientAssertionVerifier(
                        context.getSession(), issuer(context), () -> endpoints(context))
                .firstDefect(assertion, client, attempt.rules().assertions());
        if (defect.isPresent()) {
            attempt.refuse(defect.get().reason(), defect.get().description());
            return;
        }
        context.getEvent().client(client.getClientId());
        CompactJws.read(assertion).ifPresent(jws -> describe(jws, context.getEvent()));
        context.setClient(client);
        context.success();
    }

    /** The details that stock writes, too; here only once they are believed. */
    private static void describe(CompactJws assertion, EventBuilder event) {
        event.detail(Details.CLIENT_ASSERTION_ID, assertion.claims().path("jti").asText());
        event.detail(
                Details.CLIENT_ASSERTION_ISSUER, assertion.claims().path("iss").asText());
        event.detail(
                Details.CLIENT_ASSERTION_SUB, assertion.claims().path("sub").asText());
    }

    private static String issuer(ClientAuthenticationFlowContext context) {
        return Urls.realmIssuer(
                context.getUriInfo().getBaseUri(), context.getRealm().getName());
    }

    /** What stock Keycloak takes as audience besides the issuer. */
    private static List<String> endpoints(ClientAuthenticationFlowContext context) {
        UriInfo uri = context.getUriInfo();
        String realm = context.getRealm().getName();
        return List.of(
                OIDCLoginProtocolService.tokenUrl(uri.getBaseUriBuilder())
                        .build(realm)
                        .toString(),
                OIDCLoginProtocolService.tokenIntrospectionUrl(uri.getBaseUriBuilder())
                        .build(realm)
                        .toString(),
                ParEndpoint.parUrl(uri.getBaseUriBuilder()).build(realm).toString(),
                CibaGrantType.authorizationUrl(uri.getBaseUriBuilder())
                        .build(realm)
                        .toString());
    }

    /** Above the stock authenticator of the same id. */
    @Override
    public int order() {
        return super.order() + 1;
    }
}
