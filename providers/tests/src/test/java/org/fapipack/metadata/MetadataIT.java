package org.fapipack.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Discovery says what the policies of the realm allow, and nothing else. */
class MetadataIT {

    /** The realm template makes a key for each. */
    private static final List<String> ALGORITHMS = List.of("PS256", "ES256", "EdDSA");

    private static FapiRealm realm;
    private static Map<String, Object> metadata;

    @BeforeAll
    static void readMetadata() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        metadata = read(realm, "/.well-known/openid-configuration");
    }

    @Test
    @Requirement({"META-1", "META-2", "PAR-16"})
    void requestsArePushedAndSigned() {
        assertThat(metadata)
                .containsEntry("require_pushed_authorization_requests", true)
                .containsEntry("require_signed_request_object", true)
                .containsEntry("request_parameter_supported", true)
                .containsEntry("request_uri_parameter_supported", false)
                .containsEntry("authorization_response_iss_parameter_supported", true);
    }

    @ParameterizedTest
    @ValueSource(strings = {"token", "introspection", "revocation"})
    @Requirement("META-3")
    void clientsAuthenticateAsFapiAllows(String endpoint) {
        assertThat(metadata.get(endpoint + "_endpoint_auth_methods_supported"))
                .isEqualTo(List.of("private_key_jwt", "self_signed_tls_client_auth", "tls_client_auth"));
        assertThat(metadata.get(endpoint + "_endpoint_auth_signing_alg_values_supported"))
                .isEqualTo(ALGORITHMS);
    }

    @Test
    @Requirement({"META-4", "DP-18", "JRM-8"})
    void algorithmsAreThoseOfFapi() {
        assertThat(metadata)
                .containsEntry("request_object_signing_alg_values_supported", ALGORITHMS)
                .containsEntry("dpop_signing_alg_values_supported", ALGORITHMS)
                .containsEntry("id_token_signing_alg_values_supported", ALGORITHMS)
                .containsEntry("userinfo_signing_alg_values_supported", ALGORITHMS)
                .containsEntry("authorization_signing_alg_values_supported", ALGORITHMS)
                .containsEntry("backchannel_authentication_request_signing_alg_values_supported", ALGORITHMS)
                .containsEntry("introspection_signing_alg_values_supported", ALGORITHMS);
    }

    @Test
    @Requirement({"META-5", "META-12"})
    void pkceIsS256AndThereIsNoUserCode() {
        assertThat(metadata).containsEntry("backchannel_user_code_parameter_supported", false);
        assertThat(metadata).containsEntry("code_challenge_methods_supported", List.of("S256"));
    }

    @Test
    @Requirement("META-11")
    void nothingIsSaidOfWhatTheServerRefuses() {
        assertThat(metadata)
                .doesNotContainKeys(
                        "authorization_details_types_supported",
                        "grant_management_endpoint",
                        "grant_management_actions_supported",
                        "grant_management_action_required");
        FapiClient client = realm.addDpopClient("detailed");
        Exchange answer = client.pushedAuthorizationRequest(client.requestObject(client.begin())
                        .claim("authorization_details", List.of(Map.of("type", "x"))))
                .send();
        assertThat(answer.error()).contains("invalid_authorization_details");
    }

    @Test
    @Requirement({"META-6", "META-7"})
    void responsesAreCodesInAJwt() {
        assertThat(metadata).containsEntry("response_types_supported", List.of("code"));
        assertThat(new TreeSet<>(list("response_modes_supported")))
                .isEqualTo(new TreeSet<>(Set.of("jwt", "query.jwt", "fragment.jwt", "form_post.jwt")));
        assertThat(list("grant_types_supported"))
                .contains("authorization_code", "refresh_token")
                .doesNotContain("implicit", "password");
    }

    @Test
    @Requirement("META-10")
    void nothingIsEncryptedByRsa15() {
        for (String member : List.of("id_token", "userinfo", "request_object", "authorization")) {
            assertThat(list(member + "_encryption_alg_values_supported"))
                    .as(member)
                    .isNotEmpty()
                    .doesNotContain("RSA1_5");
        }
    }

    @Test
    @Requirement({"META-13", "MT-13"})
    void certificateBoundTokensAreThereWhereAPolicyAllowsThem() {
        assertThat(metadata).containsEntry("tls_client_certificate_bound_access_tokens", true);

        FapiRealm dpopOnly = KeycloakUnderTest.running().messageSigningRealm();
        dpopOnly.configure("fapi-sender-constrained-tokens", Map.of("allowed-methods", List.of("dpop")));
        assertThat(read(dpopOnly, "/.well-known/openid-configuration"))
                .containsEntry("tls_client_certificate_bound_access_tokens", false)
                .containsKey("dpop_signing_alg_values_supported");
        dpopOnly.configure("fapi-sender-constrained-tokens", Map.of("allowed-methods", List.of("mtls")));
        assertThat(read(dpopOnly, "/.well-known/openid-configuration"))
                .containsEntry("tls_client_certificate_bound_access_tokens", true)
                .doesNotContainKey("dpop_signing_alg_values_supported");
    }

    @Test
    @Requirement({"META-9", "MT-12"})
    void clientsWithCertificatesAreSentToTheirHost() {
        FapiRealm twoHosts = KeycloakUnderTest.running().messageSigningRealm();
        twoHosts.configure("fapi-sender-constrained-tokens", Map.of("mtls-host", "mtls.as.example.test:8444"));
        Map<String, Object> two = read(twoHosts, "/.well-known/openid-configuration");
        Map<String, Object> aliases = Json.object(two.get("mtls_endpoint_aliases"));
        assertThat(aliases)
                .containsKeys(
                        "token_endpoint",
                        "pushed_authorization_request_endpoint",
                        "introspection_endpoint",
                        "revocation_endpoint",
                        "userinfo_endpoint",
                        "backchannel_authentication_endpoint",
                        "device_authorization_endpoint",
                        "registration_endpoint")
                .allSatisfy((name, alias) -> assertThat((String) alias)
                        .startsWith("https://mtls.as.example.test:8444/realms/" + twoHosts.name() + "/"));
        assertThat((String) two.get("token_endpoint"))
                .startsWith(twoHosts.issuer().toString());
    }

    @Test
    @Requirement("SP-5.3.2.1-1")
    void bothDocumentsSayTheSame() {
        assertThat(read(realm, "/.well-known/oauth-authorization-server")).isEqualTo(metadata);
    }

    @Test
    void whatAPolicyNoLongerDemandsIsNoLongerSaid() {
        FapiRealm lax = KeycloakUnderTest.running().messageSigningRealm();
        lax.remove("fapi-pushed-authorization");
        lax.remove("fapi-request-object");
        lax.remove("fapi-client-authentication");
        assertThat(read(lax, "/.well-known/openid-configuration"))
                .containsEntry("require_pushed_authorization_requests", false)
                .doesNotContainKey("require_signed_request_object")
                .containsEntry("dpop_signing_alg_values_supported", ALGORITHMS);
    }

    private static Map<String, Object> read(FapiRealm of, String path) {
        FapiClient anybody = FapiClient.of(of.pki(), of.issuer(), "anybody")
                .bindsTokensToNothing()
                .build();
        return anybody.callApi(URI.create(of.issuer() + path), Headers.none())
                .expect(200)
                .json();
    }

    private static List<String> list(String member) {
        return ((List<?>) metadata.get(member)).stream().map(String.class::cast).toList();
    }
}
