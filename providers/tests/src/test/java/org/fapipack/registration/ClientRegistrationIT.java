package org.fapipack.registration;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static com.nimbusds.jose.JWSAlgorithm.PS256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.REDIRECT_URI;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.interfaces.RSAPublicKey;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.SigningKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client registers itself, and manages its registration (RFC 7591, RFC 7592). */
class ClientRegistrationIT {

    private static final String PROFILE = "fapi-pack-2-message-signing-dpop";
    private static final SigningKey KEY = SigningKey.generate(ES256);

    private static FapiRealm realm;
    private static HttpCaller http;
    private static String initialAccessToken;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        http = HttpCaller.over(realm.pki().sslContext());
        realm.putSelfRegisteredClientsUnder(PROFILE);
        initialAccessToken = realm.admin().initialAccessToken(realm.name());
    }

    @AfterEach
    void theNextClientCanRegister() {
        assertThat(register(metadata()).status()).isEqualTo(201);
    }

    @Test
    @Requirement({"DCR-5", "DCR-6"})
    void aRegisteredClientGetsTokens() {
        Exchange answer = register(metadata());
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(answer.header("cache-control")).contains("no-store");
        assertThat(answer.json())
                .containsEntry("redirect_uris", List.of(REDIRECT_URI.toString()))
                .containsEntry("token_endpoint_auth_method", "private_key_jwt")
                .containsEntry("token_endpoint_auth_signing_alg", "ES256")
                .containsEntry("authorization_signed_response_alg", "ES256")
                .containsEntry("id_token_signed_response_alg", "PS256")
                .containsEntry("dpop_bound_access_tokens", true)
                .containsKeys("client_id_issued_at", "registration_access_token", "registration_client_uri")
                .doesNotContainKey("client_secret");
        FapiClient client = FapiClient.of(realm.pki(), realm.issuer(), clientId(answer))
                .authenticatesWith(KEY)
                .bindsTokensTo(SigningKey.generate(ES256))
                .jarmAlgorithm(ES256)
                .redirectUri(REDIRECT_URI)
                .scope("openid")
                .build();
        Tokens tokens = realm.tokensFor(client);
        assertThat(tokens.accessToken()).isNotEmpty();
    }

    @Test
    @Requirement("DCR-2")
    void unknownMembersAreIgnored() {
        Exchange answer = register(with(
                with(with(metadata(), "colour", Map.of("deep", List.of(1, 2))), "software_statement", "x"),
                "client_name#de",
                "Konto"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(answer.json()).doesNotContainKeys("colour", "software_statement", "client_name#de");
    }

    static Stream<Arguments> keptMembers() {
        return Stream.of(
                arguments("introspection_signed_response_alg", "ES256"),
                arguments("response_modes", List.of("jwt", "query.jwt")),
                arguments("use_mtls_endpoint_aliases", true),
                arguments("use_mtls_endpoint_aliases", false),
                arguments("require_signed_request_object", true),
                arguments("authorization_details_types", List.of("payment_initiation", "account")),
                arguments("default_max_age", 0),
                arguments("default_max_age", 2147483647),
                arguments("contacts", List.of("ops@client.example.test")),
                arguments("software_id", "4NRB1-0XZABZI9E6-5SM3R"),
                arguments("software_version", "2.1"),
                arguments("tls_client_auth_san_dns", "client.example.test"),
                arguments("client_name", "x".repeat(255)),
                arguments("logo_uri", "https://client.example.test/logo.png"),
                arguments("policy_uri", "https://client.example.test/policy"),
                arguments("tos_uri", "https://client.example.test/tos"),
                arguments("request_object_encryption_alg", "RSA-OAEP-256"));
    }

    @ParameterizedTest
    @MethodSource("keptMembers")
    @Requirement({"DCR-4", "DCR-5", "MS-5.3.3", "INT-6", "SP-5.2.2.1-1"})
    void whatIsRegisteredIsAnsweredAndStays(String member, Object value) {
        Exchange answer = register(with(metadata(), member, value));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(normalized(answer.json().get(member))).isEqualTo(normalized(value));
        Exchange read = manage("GET", answer, "").expect(200);
        assertThat(normalized(read.json().get(member))).isEqualTo(normalized(value));
    }

    private static Object normalized(Object value) {
        return value instanceof Number number ? number.longValue() : value;
    }

    @Test
    @Requirement("DCR-5")
    void switchesOfTheLogoutAreAnsweredAsTheyAre() {
        Map<String, Object> metadata = with(metadata(), "backchannel_logout_uri", "https://client.example.test/logout");
        Exchange answer = register(with(
                with(metadata, "backchannel_logout_session_required", false),
                "backchannel_logout_revoke_offline_tokens",
                true));
        assertThat(answer.expect(201).json())
                .containsEntry("backchannel_logout_session_required", false)
                .containsEntry("backchannel_logout_revoke_offline_tokens", true);
    }

    static Stream<Arguments> wrongValues() {
        return Stream.of(
                arguments("introspection_signed_response_alg", "RS256"),
                arguments("introspection_signed_response_alg", 5),
                arguments("introspection_encrypted_response_alg", "RSA1_5"),
                arguments("introspection_encrypted_response_enc", "A128GCM"),
                arguments("response_modes", "jwt"),
                arguments("response_modes", List.of("jwt", "carrier_pigeon")),
                arguments("response_modes", List.of(1)),
                arguments("use_mtls_endpoint_aliases", "true"),
                arguments("require_signed_request_object", 1),
                arguments("authorization_details_types", Map.of()),
                arguments("authorization_details_types", List.of("a##b")),
                arguments("default_max_age", -1),
                arguments("default_max_age", 2147483648L),
                arguments("default_max_age", "60"),
                arguments("default_max_age", 1.5),
                arguments("contacts", "ops@client.example.test"),
                arguments("contacts", Arrays.asList("a", null)),
                arguments("software_id", 7),
                arguments("software_version", "x".repeat(2001)),
                arguments("client_name", "x".repeat(256)),
                arguments("client_name", Map.of()),
                arguments("client_name", "a\u0000b"),
                arguments("grant_types", "authorization_code"),
                arguments("subject_type", "secret"),
                arguments("dpop_bound_access_tokens", "yes"),
                arguments("token_endpoint_auth_method", "client_secret_jwt_2"),
                arguments("token_endpoint_auth_method", List.of("private_key_jwt")),
                arguments("id_token_signed_response_alg", "RS256"),
                arguments("userinfo_signed_response_alg", "HS256"),
                arguments("request_object_signing_alg", "none"),
                arguments("request_object_signing_alg", "PS256"),
                arguments("token_endpoint_auth_signing_alg", "RS256"),
                arguments("authorization_signed_response_alg", "RS256"),
                arguments("id_token_encrypted_response_alg", "RSA1_5"),
                arguments("id_token_encrypted_response_enc", "A128GCM"),
                arguments("userinfo_encrypted_response_enc", "A128GCM"),
                arguments("authorization_encrypted_response_enc", "A128CBC-HS256"),
                arguments("tls_client_auth_subject_dn", "not a name"),
                arguments("tls_client_auth_san_dns", "not a name"),
                arguments("tls_client_auth_san_ip", "localhost"),
                arguments("client_id", "of-my-own"),
                arguments("jwks_uri", "https://client.example.test/jwks"),
                arguments("jwks", List.of()),
                arguments("jwks", "x"),
                arguments("jwks", Map.of()),
                arguments("jwks", Map.of("keys", "x")),
                arguments("jwks", Map.of("keys", Arrays.asList((Object) null))),
                arguments("jwks", Map.of("keys", List.of("x"))),
                arguments("jwks", Map.of("keys", List.of(Map.of("kty", "RSA", "use", "sig", "n", "!", "e", "AQAB")))),
                arguments("jwks", Map.of("keys", List.of(Map.of("kty", "EC", "use", "sig", "crv", "P-256")))),
                arguments("jwks", Map.of("keys", List.of(Map.of("kty", "oct", "k", "c2VjcmV0")))),
                arguments("jwks", Json.object(privateJwks())),
                arguments("jwks", Json.object(shortJwks())),
                arguments("backchannel_authentication_request_signing_alg", "x"),
                arguments("backchannel_authentication_request_signing_alg", "RS256"),
                arguments("scope", "openid no-such-scope"));
    }

    @ParameterizedTest
    @MethodSource("wrongValues")
    @Requirement({"DCR-3", "DCR-4", "DCR-9", "INT-6", "JRM-4"})
    void aWrongValueIsInvalidClientMetadata(String member, Object value) {
        // an empty array counts as absent, and a client with private_key_jwt needs keys
        assertRefused(register(with(metadata(), member, value)), "invalid_client_metadata");
    }

    @ParameterizedTest
    @Requirement("JRM-4")
    @CsvSource({
        "authorization_encrypted_response",
        "id_token_encrypted_response",
        "userinfo_encrypted_response",
        "introspection_encrypted_response"
    })
    void anEncryptionWithoutContentEncryptionGetsTheDefault(String prefix) {
        Exchange answer = register(with(metadata(), prefix + "_alg", "ECDH-ES"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(answer.json())
                .containsEntry(prefix + "_alg", "ECDH-ES")
                .containsEntry(prefix + "_enc", "A128CBC-HS256");
    }

    @ParameterizedTest
    @Requirement({"DCR-3", "DCR-10"})
    @ValueSource(
            strings = {
                "http://client.example.test/callback",
                "http://localhost/callback",
                "https://client.example.test/*",
                "https://client.example.test/callback#part",
                "https://user@client.example.test/callback",
                "/callback",
                "callback",
                "com.example.app:/callback",
                "https:///callback",
                "https://client.example.test:65536/callback",
                "https://client.example.test/a b",
                ""
            })
    void aWrongRedirectUriIsInvalidRedirectUri(String uri) {
        assertRefused(
                register(with(metadata(), "redirect_uris", List.of(REDIRECT_URI.toString(), uri))),
                "invalid_redirect_uri");
    }

    @Test
    @Requirement("DCR-10")
    void aRedirectUriMayHave255Characters() {
        String longest = "https://client.example.test/" + "x".repeat(255 - 28);
        assertThat(register(with(metadata(), "redirect_uris", List.of(longest))).status())
                .isEqualTo(201);
        assertRefused(register(with(metadata(), "redirect_uris", List.of(longest + "x"))), "invalid_redirect_uri");
        assertRefused(register(with(metadata(), "redirect_uris", List.of())), "invalid_redirect_uri");
        assertRefused(register(with(metadata(), "redirect_uris", "https://x.example")), "invalid_redirect_uri");
    }

    @Test
    @Requirement("DCR-9")
    void aJwksUriMustBeHttps() {
        Map<String, Object> byReference = metadata();
        byReference.remove("jwks");
        assertThat(register(with(byReference, "jwks_uri", "https://client.example.test/jwks"))
                        .status())
                .isEqualTo(201);
        assertRefused(
                register(with(byReference, "jwks_uri", "http://client.example.test/jwks")), "invalid_client_metadata");
    }

    @ParameterizedTest
    @Requirement({"MT-6", "DCR-4"})
    @CsvSource({
        "tls_client_auth_subject_dn, 'CN=client,O=Example'",
        "tls_client_auth_san_dns, client.example.test",
        "tls_client_auth_san_uri, urn:example:client",
        "tls_client_auth_san_ip, 192.0.2.7",
        "tls_client_auth_san_ip, 2001:db8::7",
        "tls_client_auth_san_email, ops@client.example.test"
    })
    void mutualTlsTakesOneSubject(String member, String value) {
        Map<String, Object> metadata = with(metadata(), "token_endpoint_auth_method", "tls_client_auth");
        Exchange answer = register(with(metadata, member, value));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(answer.json())
                .containsEntry("token_endpoint_auth_method", "tls_client_auth")
                .containsEntry(member, value);
    }

    @Test
    @Requirement("MT-6")
    void mutualTlsTakesNotNoneAndNotTwoSubjects() {
        Map<String, Object> metadata = with(metadata(), "token_endpoint_auth_method", "tls_client_auth");
        assertRefused(register(metadata), "invalid_client_metadata");
        assertRefused(
                register(with(
                        with(metadata, "tls_client_auth_san_dns", "client.example.test"),
                        "tls_client_auth_subject_dn",
                        "CN=client")),
                "invalid_client_metadata");
    }

    @Test
    @Requirement("DCR-4")
    void aSelfSignedCertificateComesWithKeys() {
        Map<String, Object> metadata = with(metadata(), "token_endpoint_auth_method", "self_signed_tls_client_auth");
        Exchange answer = register(metadata);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(answer.json()).containsEntry("token_endpoint_auth_method", "self_signed_tls_client_auth");
        Map<String, Object> client = realm.admin().client(realm.name(), clientId(answer));
        assertThat(client).containsEntry("clientAuthenticatorType", "client-x509");
        assertThat(Json.object(client.get("attributes")))
                .containsEntry("fapi.tls.client.auth.method", "self_signed_tls_client_auth");
        metadata.remove("jwks");
        assertRefused(register(metadata), "invalid_client_metadata");
    }

    static Stream<Arguments> bodies() {
        String nested = "[".repeat(30000) + "]".repeat(30000);
        return Stream.of(
                arguments("nothing", "", 400),
                arguments("null", "null", 400),
                arguments("an array", "[]", 400),
                arguments("a string", "\"x\"", 400),
                arguments("broken", "{\"redirect_uris\":", 400),
                arguments("more behind it", "{} {}", 400),
                arguments("a member twice", "{\"client_name\":\"a\",\"client_name\":\"b\"}", 400),
                arguments("deep nesting", "{\"contacts\":" + nested + "}", 400),
                arguments("deep nesting in keys", "{\"jwks\":{\"keys\":" + nested + "}}", 400),
                arguments("a huge number", "{\"default_max_age\":" + "9".repeat(500) + "}", 400),
                arguments("a longer number", "{\"default_max_age\":" + "9".repeat(50000) + "}", 400),
                arguments("a huge exponent", "{\"default_max_age\":1e999999999}", 400),
                arguments("a lone surrogate", "{\"client_name\":\"\\ud800\"}", 400),
                arguments("64 KiB and one", " ".repeat(65535) + "{}", 413),
                arguments("1 MB", "{\"client_name\":\"" + "x".repeat(1_000_000) + "\"}", 413));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("bodies")
    @Requirement("DCR-2")
    void aBodyThatIsNoMetadataIsTheClientsError(String name, String body, int status) {
        Exchange answer = send("POST", endpoint(realm.name()), initialAccessToken, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).isPresent();
    }

    @Test
    void anotherMediaTypeIsRefused() {
        Exchange answer = http.send(
                "POST",
                endpoint(realm.name()),
                Headers.of("Authorization", "Bearer " + initialAccessToken)
                        .add("Content-Type", "application/x-www-form-urlencoded"),
                "client_name=x");
        assertThat(answer.status()).isEqualTo(415);
    }

    @Test
    @Requirement("DCR-6")
    void whoMayNotRegisterIsToldSoAsByKeycloak() {
        String body = Json.write(metadata());
        Exchange anonymous =
                http.send("POST", endpoint(realm.name()), Headers.of("Content-Type", "application/json"), body);
        assertThat(anonymous.status()).isEqualTo(403);
        assertThat(anonymous.error()).contains("insufficient_scope");
        Exchange forged = send("POST", endpoint(realm.name()), "x", body);
        assertThat(forged.status()).isEqualTo(401);
        assertThat(forged.error()).contains("invalid_token");
        Exchange forgedAndBroken = send("POST", endpoint(realm.name()), "x", "{");
        assertThat(forgedAndBroken.status()).isEqualTo(401);
    }

    @Test
    @Requirement({"DCR-7", "DCR-8"})
    void anUpdateReplacesTheMetadata() {
        Exchange registered = register(with(
                with(with(metadata(), "contacts", List.of("a@example.test")), "client_name", "First"),
                "default_max_age",
                60));
        Map<String, Object> metadata =
                with(with(metadata(), "client_id", clientId(registered)), "client_name", "Second");
        Exchange updated = manage("PUT", registered, Json.write(with(metadata, "scope", "openid email")));
        assertThat(updated.status()).as(updated.body()).isEqualTo(200);
        assertThat(updated.json())
                .containsEntry("client_name", "Second")
                .containsEntry("scope", "email")
                .containsEntry("token_endpoint_auth_method", "private_key_jwt")
                .containsEntry("id_token_signed_response_alg", "PS256")
                .doesNotContainKeys("contacts", "default_max_age");
        assertThat(manage("GET", registered, "").status())
                .as("the old token ended with the update")
                .isEqualTo(401);
        assertThat(manage("GET", updated, "").expect(200).json())
                .containsEntry("client_name", "Second")
                .doesNotContainKeys("contacts", "default_max_age");
    }

    /** Stock looks the client up by the wrong id, finds none and fails with 500. */
    @Test
    @Requirement("DCR-8")
    void aClientThatTheAdministratorMadeUpdatesItsScope() {
        realm.addDpopClient("made-by-hand", ES256);
        Object id = realm.admin().client(realm.name(), "made-by-hand").get("id");
        String token = (String) realm.admin()
                .post("/" + realm.name() + "/clients/" + id + "/registration-access-token", "")
                .expect(200)
                .json()
                .get("registrationAccessToken");
        Exchange updated = send(
                "PUT",
                URI.create(endpoint(realm.name()) + "/made-by-hand"),
                token,
                Json.write(with(with(metadata(), "client_id", "made-by-hand"), "scope", "email")));
        assertThat(updated.status()).as(updated.body()).isEqualTo(200);
        assertThat(updated.json()).containsEntry("scope", "email");
    }

    @Test
    @Requirement("DCR-9")
    void anUpdateWithOtherKeysLeavesNoneOfTheOldOnes() {
        Exchange registered = register(metadata());
        Map<String, Object> metadata = with(metadata(), "client_id", clientId(registered));
        metadata.remove("jwks");
        metadata.put("jwks_uri", "https://client.example.test/jwks");
        Exchange updated = manage("PUT", registered, Json.write(metadata));
        assertThat(updated.status()).as(updated.body()).isEqualTo(200);
        assertThat(updated.json()).containsKey("jwks_uri").doesNotContainKey("jwks");
        assertThat(Json.object(
                        realm.admin().client(realm.name(), clientId(registered)).get("attributes")))
                .doesNotContainKeys("jwks.string", "jwt.credential.public.key")
                .containsEntry("use.jwks.url", "true");
    }

    static Stream<Arguments> wrongUpdates() {
        return Stream.of(
                arguments("client_id", "another", "invalid_client_metadata"),
                arguments("client_id", null, "invalid_client_metadata"),
                arguments("registration_access_token", "x", "invalid_client_metadata"),
                arguments("registration_client_uri", "https://x.example", "invalid_client_metadata"),
                arguments("client_secret_expires_at", 0, "invalid_client_metadata"),
                arguments("client_id_issued_at", 1, "invalid_client_metadata"),
                arguments("client_secret", "of my own", "invalid_client_metadata"),
                arguments("id_token_signed_response_alg", "RS256", "invalid_client_metadata"),
                arguments("jwks", Json.object(shortJwks()), "invalid_client_metadata"),
                arguments("redirect_uris", List.of("http://client.example.test/cb"), "invalid_redirect_uri"),
                arguments("redirect_uris", null, "invalid_redirect_uri"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("wrongUpdates")
    @Requirement({"DCR-3", "DCR-7", "DCR-8"})
    void aWrongUpdateChangesNothing(String member, Object value, String error) {
        Exchange registered = register(with(metadata(), "client_name", "First"));
        Map<String, Object> metadata =
                with(with(metadata(), "client_id", clientId(registered)), "client_name", "Second");
        assertRefused(manage("PUT", registered, Json.write(with(metadata, member, value))), error);
        assertThat(manage("GET", registered, "").expect(200).json()).containsEntry("client_name", "First");
    }

    @Test
    @Requirement("DCR-7")
    void onlyTheOwnerManagesAClient() {
        Exchange mine = register(metadata());
        Exchange other = register(metadata());
        String body = Json.write(with(metadata(), "client_id", clientId(mine)));
        for (String token : List.of(registrationAccessToken(other), initialAccessToken, "x")) {
            for (String method : List.of("GET", "PUT", "DELETE")) {
                Exchange answer = send(method, address(mine), token, method.equals("PUT") ? body : "");
                assertThat(answer.status()).as(method + answer.body()).isEqualTo(401);
                assertThat(answer.error()).contains("invalid_token");
            }
        }
        assertThat(manage("GET", mine, "").status()).isEqualTo(200);
        assertThat(manage("DELETE", mine, "").status()).isEqualTo(204);
        assertThat(manage("GET", mine, "").status()).isEqualTo(401);
        assertThat(manage("DELETE", mine, "").status()).isEqualTo(401);
        assertThat(manage("PUT", mine, body).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({
        "id.token.signed.response.alg, RS256",
        "id.token.encrypted.response.enc, A128GCM",
        "exclude.issuer.from.auth.response, true"
    })
    @Requirement("DCR-3")
    void aClientThatWasSavedBeforeThePolicyIsRefusedWhenItComes(String attribute, String value) {
        String clientId = clientId(register(metadata()).expect(201));
        FapiClient client = FapiClient.of(realm.pki(), realm.issuer(), clientId)
                .authenticatesWith(KEY)
                .bindsTokensTo(SigningKey.generate(ES256))
                .jarmAlgorithm(ES256)
                .redirectUri(REDIRECT_URI)
                .scope("openid")
                .build();
        assertThat(client.pushedAuthorizationRequest(client.requestObject(client.begin()))
                        .send()
                        .status())
                .isEqualTo(201);
        realm.setAttributeBehindThePolicysBack(clientId, attribute, value);
        Exchange answer = client.pushedAuthorizationRequest(client.requestObject(client.begin()))
                .send();
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error()).contains("invalid_request");
    }

    @Test
    @Requirement("INT-6")
    void anUpdateByTheAdministratorFollowsTheSameRules() {
        realm.addDpopClient("by-hand", PS256);
        Exchange refused = realm.admin()
                .tryUpdateClient(
                        realm.name(),
                        "by-hand",
                        Map.of("attributes", Map.of("introspection.encrypted.response.enc", "A128GCM")));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.error()).contains("invalid_client_metadata");
        realm.admin()
                .setClientAttribute(realm.name(), "by-hand", "authorization.encrypted.response.alg", "RSA-OAEP-256");
        assertThat(Json.object(realm.admin().client(realm.name(), "by-hand").get("attributes")))
                .containsEntry("authorization.encrypted.response.enc", "A128CBC-HS256");
    }

    /** The template's policies look at attributes of the client, and there is no client yet. */
    @Test
    @Requirement("DCR-3")
    void withoutAPolicyForRegistrationAClientIsJudgedWhenItComesAndWhenItIsUpdated() {
        FapiRealm template = KeycloakUnderTest.running().messageSigningRealm();
        String token = realm.admin().initialAccessToken(template.name());
        Map<String, Object> weak = with(
                with(metadata(), "id_token_signed_response_alg", "RS256"),
                "redirect_uris",
                List.of("http://localhost/cb", REDIRECT_URI.toString()));
        Exchange registered = send("POST", endpoint(template.name()), token, Json.write(weak));
        FapiClient client = FapiClient.of(template.pki(), template.issuer(), clientId(registered))
                .authenticatesWith(KEY)
                .bindsTokensTo(SigningKey.generate(ES256))
                .jarmAlgorithm(ES256)
                .redirectUri(REDIRECT_URI)
                .scope("openid")
                .build();
        Exchange pushed = client.pushedAuthorizationRequest(client.requestObject(client.begin()))
                .send();
        assertThat(pushed.status()).as(pushed.body()).isEqualTo(400);
        assertThat(pushed.error()).contains("invalid_request");
        assertRefused(
                manage("PUT", registered, Json.write(with(weak, "client_id", clientId(registered)))),
                "invalid_redirect_uri");
        Exchange mended = manage("PUT", registered, Json.write(with(metadata(), "client_id", clientId(registered))));
        assertThat(mended.status()).as(mended.body()).isEqualTo(200);
        assertThat(client.pushedAuthorizationRequest(client.requestObject(client.begin()))
                        .send()
                        .status())
                .isEqualTo(201);
        assertRefused(
                send(
                        "POST",
                        endpoint(template.name()),
                        token,
                        Json.write(with(metadata(), "jwks", Json.object(shortJwks())))),
                "invalid_client_metadata");
    }

    /** A resource server takes part in no redirect; that it is one stays the administrator's word. */
    @Test
    @Requirement("INT-6")
    void aResourceServerRegistersWithoutRedirectUri() {
        FapiRealm template = KeycloakUnderTest.running().messageSigningRealm();
        Map<String, Object> metadata = metadata();
        metadata.remove("redirect_uris");
        metadata.remove("response_types");
        metadata.put("grant_types", List.of("client_credentials"));
        metadata.put("introspection_signed_response_alg", "ES256");
        Exchange registered = send(
                "POST",
                endpoint(template.name()),
                realm.admin().initialAccessToken(template.name()),
                Json.write(metadata));
        assertThat(registered.status()).as(registered.body()).isEqualTo(201);
        assertThat(registered.json())
                .containsEntry("grant_types", List.of("client_credentials"))
                .containsEntry("introspection_signed_response_alg", "ES256");
    }

    @Test
    void aRealmWithoutTheExecutorAnswersAsKeycloak() {
        String plain = KeycloakUnderTest.running().plainRealm();
        String token = realm.admin().initialAccessToken(plain);
        Exchange unknown = send("POST", endpoint(plain), token, "{\"colour\":1}");
        assertThat(unknown.status()).isEqualTo(400);
        assertThat(unknown.error()).get().asString().contains("Unrecognized field \"colour\"");
        Exchange insecure =
                send("POST", endpoint(plain), token, "{\"redirect_uris\":[\"http://client.example.test/*\"]}");
        assertThat(insecure.status()).isEqualTo(201);
        assertThat(insecure.header("cache-control")).isEmpty();
    }

    private static Map<String, Object> metadata() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("redirect_uris", List.of(REDIRECT_URI.toString()));
        metadata.put("grant_types", List.of("authorization_code", "refresh_token"));
        metadata.put("response_types", List.of("code"));
        metadata.put("token_endpoint_auth_method", "private_key_jwt");
        metadata.put("token_endpoint_auth_signing_alg", "ES256");
        metadata.put("authorization_signed_response_alg", "ES256");
        metadata.put("dpop_bound_access_tokens", true);
        metadata.put("jwks", Json.object(SigningKey.publicJwks(KEY)));
        return metadata;
    }

    private static Map<String, Object> with(Map<String, Object> metadata, String member, Object value) {
        Map<String, Object> changed = new LinkedHashMap<>(metadata);
        changed.put(member, value);
        return changed;
    }

    private static String privateJwks() {
        String jwks = SigningKey.publicJwks(KEY);
        return jwks.replace("\"kty\":", "\"d\":\"c2VjcmV0\",\"kty\":");
    }

    private static String shortJwks() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2047);
            KeyPair pair = generator.generateKeyPair();
            RSAKey key = new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                    .keyUse(KeyUse.SIGNATURE)
                    .keyIDFromThumbprint()
                    .build();
            return "{\"keys\":[" + key.toJSONString() + "]}";
        } catch (NoSuchAlgorithmException | JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static URI endpoint(String realmName) {
        return URI.create(
                KeycloakUnderTest.running().server().issuer(realmName) + "/clients-registrations/openid-connect");
    }

    private static Exchange register(Map<String, Object> metadata) {
        return send("POST", endpoint(realm.name()), initialAccessToken, Json.write(metadata));
    }

    private static Exchange manage(String method, Exchange registered, String body) {
        return send(method, address(registered), registrationAccessToken(registered), body);
    }

    private static Exchange send(String method, URI uri, String token, String body) {
        return http.send(
                method,
                uri,
                Headers.of("Authorization", "Bearer " + token).add("Content-Type", "application/json"),
                body);
    }

    private static URI address(Exchange registered) {
        return URI.create((String) registered.json().get("registration_client_uri"));
    }

    private static String registrationAccessToken(Exchange registered) {
        return (String) registered.json().get("registration_access_token");
    }

    private static String clientId(Exchange registered) {
        return (String) registered.expect(201).json().get("client_id");
    }

    private static void assertRefused(Exchange answer, String error) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).as(answer.body()).contains(error);
        assertThat(answer.json().keySet()).containsExactlyInAnyOrder("error", "error_description");
    }
}
