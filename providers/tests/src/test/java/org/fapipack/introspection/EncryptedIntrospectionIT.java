package org.fapipack.introspection;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.fapipack.fixture.FapiRealm.ACCOUNTS_API;
import static org.fapipack.fixture.IntrospectionAssertions.TOKEN_INTROSPECTION_JWT;
import static org.fapipack.fixture.IntrospectionAssertions.assertRefused;
import static org.fapipack.fixture.IntrospectionAssertions.verify;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.net.ServerSocket;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.overlay.Parties;
import org.fapipack.testkit.resource.IntrospectionRejection;
import org.fapipack.testkit.resource.IntrospectionResponseVerifier;
import org.fapipack.testkit.resource.TokenIntrospection;
import org.fapipack.testkit.tls.TlsIdentity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signed, then encrypted to the resource server; and never anything weaker when that cannot be done. */
class EncryptedIntrospectionIT {

    private static FapiRealm realm;
    private static FapiClient api;
    private static String token;
    private static String signingJwks;
    private static RSAKey rsa;
    private static ECKey ec;

    @BeforeAll
    static void prepareRealm() throws Exception {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        api = realm.accountsApi();
        token = realm.tokensFor(realm.addDpopClient("app")).accessToken();
        signingJwks = attribute("jwks.string");
        rsa = new RSAKeyGenerator(2048)
                .keyUse(KeyUse.ENCRYPTION)
                .keyID("rsa-enc")
                .generate();
        ec = new ECKeyGenerator(Curve.P_256)
                .keyUse(KeyUse.ENCRYPTION)
                .keyID("ec-enc")
                .generate();
    }

    @BeforeEach
    void startWithoutEncryption() {
        save(Map.of(
                "introspection.encrypted.response.alg", "",
                "introspection.encrypted.response.enc", "",
                "use.jwks.string", "true",
                "use.jwks.url", "false",
                "jwks.string", signingJwks));
    }

    @ParameterizedTest
    @CsvSource({
        "RSA-OAEP-256, A256GCM",
        "RSA-OAEP-256, A128CBC-HS256",
        "ECDH-ES+A256KW, A256GCM",
        "ECDH-ES+A128KW, A128GCM",
        "ECDH-ES, A256CBC-HS512"
    })
    @Requirement({"RFC9701-6", "INT-5", "INT-6"})
    void encryptsToTheRegisteredKey(String alg, String enc) throws Exception {
        JWK key = alg.startsWith("RSA") ? rsa : ec;
        save(encryption(alg, enc, key));
        Exchange answer = ask(token);

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.mediaType()).isEqualTo(TOKEN_INTROSPECTION_JWT);
        JWEObject jwe = JWEObject.parse(answer.body());
        assertThat(jwe.getHeader().getContentType()).isEqualTo("JWT");
        assertThat(jwe.getHeader().getKeyID()).isEqualTo(key.getKeyID());
        TokenIntrospection introspection = decrypting(alg, enc, key).verify(answer);
        assertThat(introspection.active()).isTrue();
        assertThat(introspection.header()).containsEntry("typ", "token-introspection+jwt");
    }

    @Test
    @Requirement({"RFC9701-6", "INT-6"})
    void theContentEncryptionDefaultsToA128CbcHs256() {
        save(encryption("RSA-OAEP-256", "", rsa));
        assertThat(decrypting("RSA-OAEP-256", "A128CBC-HS256", rsa)
                        .verify(ask(token))
                        .active())
                .isTrue();
    }

    @Test
    @Requirement("RFC9701-6")
    void aResourceServerWithoutEncryptionIsNotGivenAny() {
        assertThat(verify(api, ask(token), ES256).active()).isTrue();
        assertThatThrownBy(() -> decrypting("RSA-OAEP-256", "A256GCM", rsa).verify(ask(token)))
                .isInstanceOfSatisfying(
                        IntrospectionRejection.class,
                        rejection ->
                                assertThat(rejection.reason()).isEqualTo(IntrospectionRejection.Reason.NOT_ENCRYPTED));
    }

    @Test
    @Requirement({"RFC9701-6", "INT-5"})
    void withoutAnEncryptionKeyNothingIsAnswered() {
        save(encryption("RSA-OAEP-256", "A256GCM", rsa));
        behindThePolicysBack(Map.of("jwks.string", signingJwks));
        assertNothingIsAnswered(ask(token));
    }

    @Test
    @Requirement({"RFC9701-6", "INT-5"})
    void withAKeyOfAnotherTypeNothingIsAnswered() {
        save(encryption("RSA-OAEP-256", "A256GCM", rsa));
        assertThat(ask(token).status()).isEqualTo(200);
        behindThePolicysBack(Map.of("introspection.encrypted.response.alg", "ECDH-ES+A256KW"));
        assertNothingIsAnswered(ask(token));
    }

    @Test
    @Requirement({"RFC9701-6", "INT-5"})
    void withKeysThatCannotBeFetchedNothingIsAnswered() throws Exception {
        // The resource server authenticates by its certificate, so only the encryption key has to be fetched.
        TlsIdentity certificate = realm.pki().issue("CN=remote-keys-api");
        FapiClient remote = FapiClient.of(realm.pki(), realm.issuer(), "remote-keys-api")
                .authenticatesWith(certificate)
                .build();
        Map<String, Object> client = new HashMap<>(Parties.resourceServer("remote-keys-api", "{\"keys\":[]}", ES256));
        client.put("clientAuthenticatorType", "client-x509");
        String unreachable;
        try (ServerSocket closedSoon = new ServerSocket(0)) {
            unreachable = "https://localhost:" + closedSoon.getLocalPort() + "/jwks";
        }
        realm.admin()
                .createClient(
                        realm.name(),
                        Parties.withAttributes(
                                client,
                                Map.of(
                                        "x509.subjectdn", certificate.subjectDn(),
                                        "x509.allow.regex.pattern.comparison", "false",
                                        "introspection.encrypted.response.alg", "RSA-OAEP-256",
                                        "use.jwks.string", "false",
                                        "use.jwks.url", "true",
                                        "jwks.url", unreachable)));
        assertNothingIsAnswered(
                remote.introspectionRequest(token, TOKEN_INTROSPECTION_JWT).send());
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HS256", "RS256", "PS384"})
    @Requirement({"RFC9701-6", "INT-6", "SP-5.4.1-1"})
    void aForbiddenSignatureAlgorithmIsRefusedWhenSavedAndWhenUsed(String alg) {
        assertMetadataRefused(Map.of("introspection.signed.response.alg", alg));
        String before = attribute("introspection.signed.response.alg");
        behindThePolicysBack(Map.of("introspection.signed.response.alg", alg));
        assertNothingIsAnswered(ask(token));
        behindThePolicysBack(Map.of("introspection.signed.response.alg", before));
        assertThat(verify(api, ask(token), ES256).active()).isTrue();
    }

    @Test
    @Requirement({"RFC9701-6", "INT-6"})
    void unusableEncryptionMetadataIsRefusedWhenSaved() {
        assertMetadataRefused(Map.of("introspection.encrypted.response.enc", "A256GCM"));
        assertMetadataRefused(encryption("RSA1_5", "A256GCM", rsa));
        assertMetadataRefused(encryption("dir", "A256GCM", rsa));
        assertMetadataRefused(encryption("RSA-OAEP-256", "A192GCM", rsa));
        assertMetadataRefused(encryption("RSA-OAEP-256", "A256GCM", ec));
        Map<String, String> without = new HashMap<>(encryption("RSA-OAEP-256", "A256GCM", rsa));
        without.put("jwks.string", signingJwks);
        assertMetadataRefused(without);
        Map<String, String> both = new HashMap<>(encryption("RSA-OAEP-256", "A256GCM", rsa));
        both.put("use.jwks.url", "true");
        assertMetadataRefused(both);
    }

    private static void assertNothingIsAnswered(Exchange answer) {
        assertRefused(answer, 500, "server_error");
        assertThat(answer.body()).doesNotContain("active").doesNotContain("Exception");
        assertThat(answer.headers("cache-control")).contains("no-store");
    }

    private static void assertMetadataRefused(Map<String, String> attributes) {
        Exchange answer = realm.admin().tryUpdateClient(realm.name(), ACCOUNTS_API, Map.of("attributes", attributes));
        assertThat(answer.status()).as(attributes.toString()).isEqualTo(400);
        assertThat(answer.error()).contains("invalid_client_metadata");
    }

    private static IntrospectionResponseVerifier decrypting(String alg, String enc, JWK key) {
        return IntrospectionResponseVerifier.signed(
                        api.issuer(), api.clientId(), ES256, api::issuerKeys, Clock.systemUTC())
                .encrypted(JWEAlgorithm.parse(alg), EncryptionMethod.parse(enc), key);
    }

    private static Map<String, String> encryption(String alg, String enc, JWK key) {
        String both =
                signingJwks.replace("]}", "," + Json.write(key.toPublicJWK().toJSONObject()) + "]}");
        return Map.of(
                "introspection.encrypted.response.alg", alg,
                "introspection.encrypted.response.enc", enc,
                "use.jwks.string", "true",
                "use.jwks.url", "false",
                "jwks.string", both);
    }

    private static void save(Map<String, String> attributes) {
        realm.admin().updateClient(realm.name(), ACCOUNTS_API, Map.of("attributes", attributes));
    }

    /** As a client that was saved before there was a policy: what is stored is not what the policy would take. */
    private static void behindThePolicysBack(Map<String, String> attributes) {
        List<Map<String, Object>> policies = realm.admin().clientPolicies(realm.name());
        realm.admin().setClientPolicies(realm.name(), List.of());
        save(attributes);
        realm.admin().setClientPolicies(realm.name(), policies);
    }

    private static String attribute(String name) {
        Object attributes = realm.admin().client(realm.name(), ACCOUNTS_API).get("attributes");
        return Json.text(Json.object(attributes), name).orElseThrow();
    }

    private static Exchange ask(String askedToken) {
        return api.introspectionRequest(askedToken, TOKEN_INTROSPECTION_JWT).send();
    }
}
