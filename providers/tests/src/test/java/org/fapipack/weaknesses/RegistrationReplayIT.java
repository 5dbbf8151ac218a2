package org.fapipack.weaknesses;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.REDIRECT_URI;
import static org.fapipack.weaknesses.Replay.assertRefused;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.fixture.Weakness;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.SigningKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Published attacks on dynamic client registration. */
class RegistrationReplayIT {

    private static final SigningKey KEY = SigningKey.generate(ES256);

    private static FapiRealm realm;
    private static HttpCaller http;
    private static String initialAccessToken;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        http = HttpCaller.over(realm.pki().sslContext());
        initialAccessToken = realm.admin().initialAccessToken(realm.name());
        realm.putSelfRegisteredClientsUnder("fapi-pack-2-message-signing-dpop");
    }

    @AfterEach
    void theNextClientRegistersAndGetsTokens() {
        assertThat(realm.tokensFor(client(clientId(register()))).accessToken()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"openid-connect", "default"})
    @Weakness("CVE-2026-9705")
    @Requirement("DCR-7")
    void aDisabledClientDoesNotSwitchItselfOn(String provider) {
        Exchange registered = register();
        String clientId = clientId(registered);
        realm.admin().updateClient(realm.name(), clientId, Map.of("enabled", false));
        String body = provider.equals("default")
                ? Json.write(Map.of("clientId", clientId, "enabled", true))
                : Json.write(with(metadata(), "client_id", clientId));
        for (String method : List.of("GET", "PUT", "DELETE")) {
            boolean whole = provider.equals("default") && method.equals("PUT");
            assertRefused(
                    send(method, provider + '/' + clientId, token(registered), method.equals("PUT") ? body : ""),
                    whole ? 403 : 401,
                    whole ? "insufficient_scope" : "invalid_token");
        }
        assertThat(realm.admin().client(realm.name(), clientId)).containsEntry("enabled", false);

        realm.admin().updateClient(realm.name(), clientId, Map.of("enabled", true));
        assertThat(send("GET", "openid-connect/" + clientId, token(registered), "")
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource({
        "protocol, '\"saml\"', protocol, openid-connect",
        "clientAuthenticatorType, '\"client-secret\"', clientAuthenticatorType, client-jwt",
        "attributes, '{\"fapi.resource.server\":\"true\"}', fapi.resource.server, ",
        "redirectUris, '[\"https://client.example.test/*\"]', redirectUris, [https://client.example.test/callback]",
        "attributes, '{\"dpop.bound.access.tokens\":\"false\"}', dpop.bound.access.tokens, true",
        "attributes, '{\"dpop.bound.access.tokens\":\"TRUE\"}', dpop.bound.access.tokens, true",
        "fullScopeAllowed, true, fullScopeAllowed, false",
        "consentRequired, false, consentRequired, true",
        "implicitFlowEnabled, true, implicitFlowEnabled, false",
        "directAccessGrantsEnabled, true, directAccessGrantsEnabled, false"
    })
    @Weakness({"keycloak#51340", "CVE-2026-18570"})
    @Requirement({"DCR-3", "MS-5.5.1-2"})
    void aRegistrationTokenDoesNotTakeAClientOutOfItsProfile(
            String member, String value, String kept, String expected) {
        Exchange registered = register();
        String clientId = clientId(registered);
        assertRefused(
                send(
                        "PUT",
                        "default/" + clientId,
                        token(registered),
                        "{\"clientId\":\"%s\",\"%s\":%s}".formatted(clientId, member, value)),
                403,
                "insufficient_scope");
        assertThat(said(clientId, kept)).isEqualTo(expected);
        assertThat(send("GET", "openid-connect/" + clientId, token(registered), "")
                        .status())
                .isEqualTo(200);
    }

    @Test
    @Weakness("CVE-2026-15572")
    void aMapperDoesNotBecomeAnotherOne() {
        Exchange registered = register();
        String clientId = clientId(registered);
        addMapper(clientId, "oidc-full-name-mapper", Map.of("role", "admin"));
        Exchange whole =
                send("GET", "default/" + clientId, token(registered), "").expect(200);
        String token = Json.text(whole.json(), "registrationAccessToken").orElse(token(registered));
        String swapped = whole.body().replace("oidc-full-name-mapper", "oidc-hardcoded-role-mapper");
        assertThat(swapped).contains("oidc-hardcoded-role-mapper");
        assertRefused(send("PUT", "default/" + clientId, token, swapped), 403, "insufficient_scope");
        assertThat(said(clientId, "protocolMappers")).doesNotContain("oidc-hardcoded-role-mapper");
    }

    @Test
    @Weakness("CVE-2026-16102")
    void aMapperMakesNobodyAnAdministrator() {
        realm.admin().createUser(realm.name(), "manage-users", PASSWORD);
        String clientId = clientId(register());
        addMapper(
                clientId,
                "oidc-usermodel-property-mapper",
                Map.of(
                        "user.attribute",
                        "username",
                        "claim.name",
                        "resource_access.realm-management.roles",
                        "multivalued",
                        "true",
                        "jsonType.label",
                        "String",
                        "access.token.claim",
                        "true"));
        Tokens forged = client(clientId).obtainTokens(realm.browser(), "manage-users", PASSWORD);
        assertThat(forged.accessTokenClaims().toString()).doesNotContain("realm-management");
    }

    @Test
    @Weakness("CVE-2026-89298")
    @Requirement("DCR-5")
    void whoMayOnlyLookAtClientsReadsNothingToAuthenticateWith() {
        Exchange registered = register();
        String clientId = clientId(registered);
        String onlooker = tokenOfSomebodyWhoMayViewClients();
        Exchange metadata = send("GET", "openid-connect/" + clientId, onlooker, "");
        assertThat(metadata.status()).as(metadata.body()).isEqualTo(200);
        assertThat(metadata.json()).doesNotContainKeys("client_secret", "registration_access_token");
        Exchange whole = send("GET", "default/" + clientId, onlooker, "").expect(200);
        String secret = Json.text(whole.json(), "secret").orElse("none");
        FapiClient impostor =
                FapiClient.of(realm.pki(), realm.issuer(), clientId).build();
        assertRefused(
                impostor.tokenRequest(Form.of("grant_type", "refresh_token", "refresh_token", "x"))
                        .set("client_secret", secret)
                        .send(),
                401,
                "invalid_client");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Bearer", "Bearer ", "Bearer  x", "bearer\tx", "x", "Bearer x y", " "})
    @Weakness({"CVE-2026-9803", "CVE-2026-0707"})
    @Requirement("DCR-6")
    void aMalformedAuthorizationHeaderIsNoToken(String header) {
        for (String provider : List.of("openid-connect", "default")) {
            Exchange answer = http.send(
                    "POST",
                    endpoint(provider),
                    Headers.of("Authorization", header).add("Content-Type", "application/json"),
                    provider.equals("default") ? "{}" : Json.write(metadata()));
            assertRefused(answer, 403, "insufficient_scope");
        }
    }

    private static String tokenOfSomebodyWhoMayViewClients() {
        String path = "/" + realm.name();
        realm.admin()
                .createClient(
                        realm.name(),
                        Map.of(
                                "clientId",
                                "onlooker",
                                "secret",
                                "of the onlooker",
                                "publicClient",
                                false,
                                "serviceAccountsEnabled",
                                true));
        Object management =
                realm.admin().client(realm.name(), "realm-management").get("id");
        Object role = realm.admin()
                .get(path + "/clients/" + management + "/roles/view-clients")
                .expect(200)
                .json();
        Object person = realm.admin()
                .get(path + "/clients/"
                        + realm.admin().client(realm.name(), "onlooker").get("id") + "/service-account-user")
                .expect(200)
                .json()
                .get("id");
        realm.admin()
                .post(path + "/users/" + person + "/role-mappings/clients/" + management, Json.write(List.of(role)))
                .expect(204);
        return (String) http.post(
                        URI.create(realm.issuer() + "/protocol/openid-connect/token"),
                        Form.of(
                                "grant_type",
                                "client_credentials",
                                "client_id",
                                "onlooker",
                                "client_secret",
                                "of the onlooker"))
                .expect(200)
                .json()
                .get("access_token");
    }

    /** As an administrator does it who was talked into it. */
    private static void addMapper(String clientId, String type, Map<String, String> configuration) {
        realm.admin()
                .post(
                        "/" + realm.name() + "/clients/"
                                + realm.admin().client(realm.name(), clientId).get("id") + "/protocol-mappers/models",
                        Map.of(
                                "name",
                                "roles",
                                "protocol",
                                "openid-connect",
                                "protocolMapper",
                                type,
                                "config",
                                configuration))
                .expect(201);
    }

    private static FapiClient client(String clientId) {
        return FapiClient.of(realm.pki(), realm.issuer(), clientId)
                .authenticatesWith(KEY)
                .bindsTokensTo(SigningKey.generate(ES256))
                .jarmAlgorithm(ES256)
                .redirectUri(REDIRECT_URI)
                .scope("openid")
                .build();
    }

    private static Map<String, Object> metadata() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("redirect_uris", List.of(REDIRECT_URI.toString()));
        metadata.put("grant_types", List.of("authorization_code", "refresh_token"));
        metadata.put("token_endpoint_auth_method", "private_key_jwt");
        metadata.put("token_endpoint_auth_signing_alg", "ES256");
        metadata.put("authorization_signed_response_alg", "ES256");
        metadata.put("dpop_bound_access_tokens", true);
        metadata.put("jwks", Json.object(SigningKey.publicJwks(KEY)));
        return metadata;
    }

    private static Map<String, Object> with(Map<String, Object> representation, String member, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(representation);
        changed.put(member, value);
        return changed;
    }

    /** A member of the client, or one of its attributes, as text. */
    private static String said(String clientId, String name) {
        Map<String, Object> client = realm.admin().client(realm.name(), clientId);
        Object value = client.containsKey(name)
                ? client.get(name)
                : Json.object(client.get("attributes")).get(name);
        return value == null ? null : value.toString();
    }

    private static Exchange register() {
        return send("POST", "openid-connect", initialAccessToken, Json.write(metadata()));
    }

    private static Exchange send(String method, String path, String token, String body) {
        return http.send(
                method,
                endpoint(path),
                Headers.of("Authorization", "Bearer " + token).add("Content-Type", "application/json"),
                body);
    }

    private static URI endpoint(String path) {
        return URI.create(realm.issuer() + "/clients-registrations/" + path);
    }

    private static String token(Exchange registered) {
        return (String) registered.json().get("registration_access_token");
    }

    private static String clientId(Exchange registered) {
        return (String) registered.expect(201).json().get("client_id");
    }
}
