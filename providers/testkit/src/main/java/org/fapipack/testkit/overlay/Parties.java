package org.fapipack.testkit.overlay;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fapipack.testkit.http.Json;

/** Client representations as the Admin API takes them. Maps, so that a test can change what it is about. */
public final class Parties {

    /** The claim of introspection responses with the client's public keys, a JWK set. */
    public static final String CLIENT_KEYS = "client_jwks";

    /** The client, and the path below the issuer, of the customers' own page. */
    public static final String MY_CONSENTS = "fapi-my-consents";

    private static final String TRUE = "true";
    private static final String FALSE = "false";

    private Parties() {}

    /** A client with private_key_jwt whose tokens are bound by DPoP. */
    public static Map<String, Object> dpopClient(
            String clientId, URI redirectUri, String jwks, JWSAlgorithm algorithm) {
        return withAttributes(
                privateKeyJwtClient(clientId, redirectUri, jwks, algorithm),
                Map.of("dpop.bound.access.tokens", TRUE, "tls.client.certificate.bound.access.tokens", FALSE));
    }

    /** A client with private_key_jwt whose tokens are bound to its certificate. */
    public static Map<String, Object> mtlsClient(
            String clientId, URI redirectUri, String jwks, JWSAlgorithm algorithm) {
        return withAttributes(
                privateKeyJwtClient(clientId, redirectUri, jwks, algorithm),
                Map.of("dpop.bound.access.tokens", FALSE, "tls.client.certificate.bound.access.tokens", TRUE));
    }

    /** A client with private_key_jwt that need not push its requests and whose tokens are bound to nothing (FAPI 1.0 Baseline). */
    public static Map<String, Object> unboundClient(
            String clientId, URI redirectUri, String jwks, JWSAlgorithm algorithm) {
        return withAttributes(
                privateKeyJwtClient(clientId, redirectUri, jwks, algorithm),
                Map.of("require.pushed.authorization.requests", FALSE));
    }

    /** A client that authenticates with its certificate (tls_client_auth), to which its tokens are bound, too. */
    public static Map<String, Object> tlsAuthenticatedClient(
            String clientId, URI redirectUri, String subjectDn, String jwks, JWSAlgorithm algorithm) {
        Map<String, Object> client = mtlsClient(clientId, redirectUri, jwks, algorithm);
        client.put("clientAuthenticatorType", "client-x509");
        return withAttributes(
                client, Map.of("x509.subjectdn", subjectDn, "x509.allow.regex.pattern.comparison", FALSE));
    }

    /** A resource server: it may introspect tokens meant for it, and do nothing else. */
    public static Map<String, Object> resourceServer(String clientId, String jwks, JWSAlgorithm responseAlgorithm) {
        Map<String, Object> client = confidential(clientId, jwks);
        client.put("standardFlowEnabled", false);
        client.put("redirectUris", List.of());
        // It sees of a token's scope what it has itself; the realm's defaults are not its business.
        client.put("defaultClientScopes", List.of());
        client.put("optionalClientScopes", List.of());
        return withAttributes(
                client,
                Map.of(
                        "fapi.resource.server",
                        TRUE,
                        "introspection.signed.response.alg",
                        responseAlgorithm.getName(),
                        "token.endpoint.auth.signing.alg",
                        responseAlgorithm.getName()));
    }

    /**
     * The same client, whose keys resource servers learn by introspection in {@link #CLIENT_KEYS}, where they may see it; no token carries them.
     * Whoever changes the client's registered keys has to change them there, too.
     */
    public static Map<String, Object> tellingItsKeys(Map<String, Object> client) {
        Map<String, Object> changed = new LinkedHashMap<>(client);
        changed.put(
                "protocolMappers",
                List.of(Map.of(
                        "name",
                        "keys of the client",
                        "protocol",
                        "openid-connect",
                        "protocolMapper",
                        "oidc-hardcoded-claim-mapper",
                        "config",
                        Map.of(
                                "claim.name",
                                CLIENT_KEYS,
                                "claim.value",
                                Json.object(client.get("attributes")).get("jwks.string"),
                                "jsonType.label",
                                "JSON",
                                "introspection.token.claim",
                                TRUE,
                                "access.token.claim",
                                FALSE,
                                "id.token.claim",
                                FALSE,
                                "userinfo.token.claim",
                                FALSE,
                                "access.tokenResponse.claim",
                                FALSE))));
        return changed;
    }

    /** A client scope whose tokens have the resource server in their audience. */
    public static Map<String, Object> scopeForAudience(String scope, String consentText, String resourceServer) {
        return Map.of(
                "name",
                scope,
                "protocol",
                "openid-connect",
                "attributes",
                Map.of(
                        "include.in.token.scope",
                        TRUE,
                        "display.on.consent.screen",
                        TRUE,
                        "consent.screen.text",
                        consentText),
                "protocolMappers",
                List.of(Map.of(
                        "name",
                        "audience " + resourceServer,
                        "protocol",
                        "openid-connect",
                        "protocolMapper",
                        "oidc-audience-mapper",
                        "config",
                        Map.of(
                                "included.client.audience",
                                resourceServer,
                                "access.token.claim",
                                TRUE,
                                "introspection.token.claim",
                                TRUE,
                                "id.token.claim",
                                FALSE))));
    }

    /** The client through which customers of a realm sign in to see their consents. */
    public static Map<String, Object> myConsentsClient(String realm) {
        String page = "/realms/" + realm + "/" + MY_CONSENTS;
        return Map.of(
                "clientId",
                MY_CONSENTS,
                "publicClient",
                true,
                "standardFlowEnabled",
                true,
                "directAccessGrantsEnabled",
                false,
                "fullScopeAllowed",
                false,
                "rootUrl",
                "${authBaseUrl}",
                "baseUrl",
                page,
                "redirectUris",
                List.of(page + "/signed-in"),
                "attributes",
                Map.of("pkce.code.challenge.method", "S256"));
    }

    /** Adds or replaces attributes of a client representation; a value {@code null} removes one. */
    public static Map<String, Object> withAttributes(Map<String, Object> client, Map<String, String> changes) {
        Map<String, Object> changed = new LinkedHashMap<>(client);
        Map<String, Object> attributes = new LinkedHashMap<>();
        if (client.get("attributes") instanceof Map<?, ?> present) {
            present.forEach((name, value) -> attributes.put((String) name, value));
        }
        changes.forEach((name, value) -> {
            if (value == null) {
                attributes.remove(name);
            } else {
                attributes.put(name, value);
            }
        });
        changed.put("attributes", attributes);
        return changed;
    }

    private static Map<String, Object> privateKeyJwtClient(
            String clientId, URI redirectUri, String jwks, JWSAlgorithm algorithm) {
        Map<String, Object> client = confidential(clientId, jwks);
        client.put("redirectUris", List.of(redirectUri.toString()));
        return withAttributes(
                client,
                Map.of(
                        "token.endpoint.auth.signing.alg",
                        algorithm.getName(),
                        "request.object.signature.alg",
                        algorithm.getName(),
                        "authorization.signed.response.alg",
                        algorithm.getName(),
                        "id.token.signed.response.alg",
                        algorithm.getName(),
                        "access.token.signed.response.alg",
                        algorithm.getName(),
                        "require.pushed.authorization.requests",
                        TRUE,
                        "pkce.code.challenge.method",
                        "S256"));
    }

    private static Map<String, Object> confidential(String clientId, String jwks) {
        Map<String, Object> client = new LinkedHashMap<>();
        client.put("clientId", clientId);
        client.put("name", clientId);
        client.put("protocol", "openid-connect");
        client.put("enabled", true);
        client.put("publicClient", false);
        client.put("bearerOnly", false);
        client.put("clientAuthenticatorType", "client-jwt");
        client.put("standardFlowEnabled", true);
        client.put("implicitFlowEnabled", false);
        client.put("directAccessGrantsEnabled", false);
        client.put("serviceAccountsEnabled", false);
        client.put("consentRequired", true);
        client.put("fullScopeAllowed", false);
        return withAttributes(client, Map.of("use.jwks.string", TRUE, "use.jwks.url", FALSE, "jwks.string", jwks));
    }
}
