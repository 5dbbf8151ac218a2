package org.fapipack.introspection;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.IntrospectionAssertions.TOKEN_INTROSPECTION_JWT;
import static org.fapipack.fixture.IntrospectionAssertions.assertRefused;
import static org.fapipack.fixture.IntrospectionAssertions.verify;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.client.EndpointCall;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.http.Exchange;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which form an introspection answer takes, and what the metadata says about it. */
class IntrospectionNegotiationIT {

    private static FapiRealm signedOnly;
    private static FapiRealm either;
    private static String tokenOfSignedOnly;
    private static String tokenOfEither;

    @BeforeAll
    static void prepareRealms() {
        signedOnly = KeycloakUnderTest.running().messageSigningRealm();
        tokenOfSignedOnly =
                signedOnly.tokensFor(signedOnly.addDpopClient("app")).accessToken();
        either = KeycloakUnderTest.running().messageSigningRealm();
        either.configure("fapi-signed-introspection", Map.of("signed-response-required", false));
        tokenOfEither = either.tokensFor(either.addDpopClient("app")).accessToken();
    }

    @ParameterizedTest(name = "Accept: {0}")
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "application/token-introspection+jwt                               | jwt  | jwt",
                "Application/Token-Introspection+JWT                               | jwt  | jwt",
                "application/token-introspection+jwt; charset=utf-8                | jwt  | jwt",
                "application/token-introspection+jwt;q=0.9, application/json;q=0.8 | jwt  | jwt",
                "application/token-introspection+jwt;q=0.8, application/json;q=0.9 | json | jwt",
                "application/json, application/token-introspection+jwt             | jwt  | jwt",
                "application/token-introspection+jwt, */*                          | jwt  | jwt",
                "application/json                                                  | json | 406",
                "*/*                                                               | json | jwt",
                "application/*                                                     | json | jwt",
                "-                                                                 | json | jwt",
                "application/jwt                                                   | 406  | 406",
                "text/html                                                         | 406  | 406",
                "application/token-introspection+jwt;q=0                           | 406  | 406",
                "application/token-introspection+jwt;q=0, application/json         | json | 406",
                "application/token-introspection+jwt;q=0, */*                      | json | 406",
                "application/token-introspection+jwt;q=nonsense                    | 406  | 406",
            })
    @Requirement({"RFC9701-4", "INT-1", "MS-5.5.1-1"})
    void theAcceptHeaderDecides(String accept, String expectedEither, String expectedSignedOnly) {
        assertForm(ask(either.accountsApi(), tokenOfEither, accept), either.accountsApi(), expectedEither);
        assertForm(
                ask(signedOnly.accountsApi(), tokenOfSignedOnly, accept), signedOnly.accountsApi(), expectedSignedOnly);
    }

    @Test
    @Requirement("RFC9701-4")
    void severalAcceptLinesAreOneList() {
        Exchange answer = either.accountsApi()
                .introspectionRequest(tokenOfEither, "application/json;q=0.1")
                .header("Accept", TOKEN_INTROSPECTION_JWT)
                .send();
        assertForm(answer, either.accountsApi(), "jwt");
    }

    @Test
    @Requirement("RFC9701-4")
    void aLongAcceptHeaderIsReadAndNotChokedOn() {
        String longAccept = "text/x;q=0.1, ".repeat(400) + TOKEN_INTROSPECTION_JWT;
        assertForm(ask(either.accountsApi(), tokenOfEither, longAccept), either.accountsApi(), "jwt");
        assertForm(ask(either.accountsApi(), tokenOfEither, "x".repeat(30_000)), either.accountsApi(), "406");
    }

    @Test
    @Requirement("RFC9701-9")
    void plainJsonIsNarrowedTheSameWay() {
        Map<String, Object> plain =
                ask(either.accountsApi(), tokenOfEither, "application/json").json();
        Exchange signed = ask(either.accountsApi(), tokenOfEither, TOKEN_INTROSPECTION_JWT);
        assertThat(plain).isEqualTo(verify(either.accountsApi(), signed, ES256).members());
        assertThat(ask(either.accountsApi(), "unknown", "application/json").body())
                .isEqualTo("{\"active\":false}");
    }

    @Test
    @Requirement({"RFC9701-7", "INT-7", "META-8"})
    void theMetadataSaysWhatIsDone() {
        for (String document : List.of("openid-configuration", "oauth-authorization-server")) {
            ServerMetadata metadata = metadata(either, document);
            assertThat(metadata.list("introspection_signing_alg_values_supported"))
                    .containsExactly("PS256", "ES256", "EdDSA");
            assertThat(metadata.list("introspection_encryption_alg_values_supported"))
                    .containsExactly("RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW");
            assertThat(metadata.list("introspection_encryption_enc_values_supported"))
                    .containsExactly("A128CBC-HS256", "A256CBC-HS512", "A128GCM", "A256GCM");
        }
    }

    @Test
    @Requirement({"RFC9701-7", "INT-7", "META-8"})
    void theMetadataFollowsThePolicyAndTheKeys() {
        FapiRealm changing = KeycloakUnderTest.running().messageSigningRealm();
        changing.configure(
                "fapi-signed-introspection",
                Map.of("allowed-algorithms", List.of("ES256", "EdDSA"), "default-algorithm", "ES256"));
        assertThat(metadata(changing, "openid-configuration").list("introspection_signing_alg_values_supported"))
                .containsExactly("ES256", "EdDSA");

        changing.admin().keyProviders(changing.name()).stream()
                .filter(provider -> "eddsa-generated".equals(provider.get("providerId")))
                .forEach(provider -> changing.admin().deleteComponent(changing.name(), (String) provider.get("id")));
        assertThat(metadata(changing, "openid-configuration").list("introspection_signing_alg_values_supported"))
                .containsExactly("ES256");

        changing.admin().setClientPolicies(changing.name(), List.of());
        assertThat(metadata(changing, "openid-configuration").document().keySet())
                .doesNotContainAnyElementsOf(Set.of(
                        "introspection_signing_alg_values_supported",
                        "introspection_encryption_alg_values_supported",
                        "introspection_encryption_enc_values_supported"));
    }

    @Test
    void aClientOutsideThePolicyGetsStocksAnswer() {
        FapiRealm asleep = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient app = asleep.addDpopClient("app");
        String token = asleep.tokensFor(app).accessToken();
        asleep.admin().setClientPolicies(asleep.name(), List.of());
        Exchange answer = ask(asleep.accountsApi(), token, TOKEN_INTROSPECTION_JWT);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.json()).containsEntry("active", true).containsKeys("username", "sid");
        assertRefused(
                asleep.accountsApi()
                        .introspectionRequest(token, TOKEN_INTROSPECTION_JWT)
                        .set("token_type_hint", "something")
                        .send(),
                400,
                "invalid_request");
    }

    private static ServerMetadata metadata(FapiRealm realm, String document) {
        var http = org.fapipack.testkit.http.HttpCaller.over(realm.pki().sslContext());
        return new ServerMetadata(http.get(java.net.URI.create(realm.issuer() + "/.well-known/" + document))
                .expect(200)
                .json());
    }

    private static Exchange ask(FapiClient api, String token, String accept) {
        EndpointCall request = api.introspectionRequest(token, "x").withoutHeader("Accept");
        return (accept == null ? request : request.header("Accept", accept)).send();
    }

    private static void assertForm(Exchange answer, FapiClient api, String expected) {
        switch (expected) {
            case "jwt" -> assertThat(verify(api, answer, ES256).active()).isTrue();
            case "json" -> {
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.mediaType()).isEqualTo("application/json");
                assertThat(answer.json()).containsEntry("active", true);
            }
            default -> {
                assertRefused(answer, 406, "invalid_request");
                assertThat(answer.body()).doesNotContain("active");
            }
        }
    }
}
