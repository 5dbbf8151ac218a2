package org.fapipack.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.REDIRECT_URI;
import static org.fapipack.fixture.FapiRealm.USER;

import com.nimbusds.jose.JWSAlgorithm;
import java.util.List;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.ClientRedirect;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.overlay.Parties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The FAPI 2.0 Security Profile without message signing: a whole flow of each kind of client, and who is not let in. */
class SecurityProfileIT {

    private static FapiRealm realm;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().securityProfileRealm();
    }

    @Test
    @Requirement({"SP-5.3.2.1-4/5", "SP-5.3.2.2-1", "SP-5.3.2.2-7", "ISS-1"})
    void aClientWithDpopGetsItsTokens() {
        FapiClient client = plain(realm.addDpopClient("sp-dpop"));
        Tokens tokens = flow(realm, client);
        assertThat(confirmation(tokens)).containsKey("jkt");
        assertThat(client.callApi(client.metadata().endpoint(ServerMetadata.USERINFO), tokens.accessToken())
                        .status())
                .isEqualTo(200);
    }

    @Test
    @Requirement({"SP-5.3.2.1-4/5", "MT-9"})
    void soDoesAClientWithACertificate() {
        FapiClient client = plain(realm.addMtlsClient("sp-mtls"));
        assertThat(confirmation(flow(realm, client))).containsKey("x5t#S256");
    }

    @Test
    @Requirement("SP-5.3.2.1-9")
    void aRefreshTokenStaysGood() throws InterruptedException {
        FapiClient client = plain(realm.addDpopClient("sp-refresh"));
        String first = flow(realm, client).refreshToken().orElseThrow();
        Tokens refreshed = client.refresh(first);
        assertThat(refreshed.accessToken()).isNotEmpty();
        Thread.sleep(1_500);
        assertThat(client.refresh(first).accessToken()).as("the old one").isNotEmpty();
    }

    @Test
    @Requirement("SP-5.3.2.1-2")
    void thereIsNoPasswordGrant() {
        FapiClient client = realm.addDpopClient("sp-password");
        List<Map<String, Object>> policies = realm.admin().clientPolicies(realm.name());
        realm.admin().setClientPolicies(realm.name(), List.of());
        realm.admin()
                .updateClient(
                        realm.name(),
                        "sp-password",
                        Map.of("directAccessGrantsEnabled", true, "consentRequired", false));
        realm.admin().setClientPolicies(realm.name(), policies);
        Exchange answer = client.tokenRequest(
                        Form.of("grant_type", "password", "username", USER, "password", PASSWORD, "scope", "openid"))
                .send();
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error()).get().isIn("unauthorized_client", "invalid_grant", "unsupported_grant_type");
        assertThat(answer.json()).doesNotContainKey("access_token");
    }

    @Test
    @Requirement({"SP-5.3.2.1-4/5", "META-13"})
    void underOneProfileEachClientUsesWhatItRegistered() {
        FapiRealm mixed = KeycloakUnderTest.running().securityProfileRealm();
        FapiClient dpop = plain(mixed.addDpopClient("mixed-dpop"));
        FapiClient mutualTls = plain(mixed.addMtlsClient("mixed-mtls"));
        FapiClient neither = plain(unbound(mixed));
        mixed.admin()
                .setClientPolicies(
                        mixed.name(),
                        List.of(Map.of(
                                "name",
                                "all confidential clients",
                                "enabled",
                                true,
                                "conditions",
                                List.of(Map.of(
                                        "condition",
                                        "client-access-type",
                                        "configuration",
                                        Map.of("type", List.of("confidential")))),
                                "profiles",
                                List.of("fapi-pack-2-security-profile"))));
        assertThat(confirmation(flow(mixed, dpop))).containsKey("jkt");
        assertThat(confirmation(flow(mixed, mutualTls))).containsKey("x5t#S256");

        PendingAuthorization pending = neither.begin();
        String code = code(mixed, neither, pending);
        Exchange answer = neither.codeRequest(code, pending).send();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains("invalid_request");
        assertThat(neither.metadata().document())
                .containsEntry("tls_client_certificate_bound_access_tokens", true)
                .containsKey("dpop_signing_alg_values_supported");
    }

    @Test
    @Requirement("META-2")
    void requestObjectsAndJarmAreNotDemanded() {
        FapiClient client = plain(realm.addDpopClient("sp-metadata"));
        assertThat(client.metadata().document())
                .containsEntry("require_pushed_authorization_requests", true)
                .doesNotContainKey("require_signed_request_object");
        assertThat(client.metadata().list("response_modes_supported")).contains("query", "jwt");
    }

    private static FapiClient unbound(FapiRealm of) {
        SigningKey key = SigningKey.generate(JWSAlgorithm.ES256);
        Map<String, Object> client =
                Parties.dpopClient("mixed-neither", REDIRECT_URI, SigningKey.publicJwks(key), JWSAlgorithm.ES256);
        of.admin().createClient(of.name(), Parties.withAttributes(client, Map.of("dpop.bound.access.tokens", "false")));
        return FapiClient.of(of.pki(), of.issuer(), "mixed-neither")
                .authenticatesWith(key)
                .redirectUri(REDIRECT_URI)
                .scope("openid")
                .build();
    }

    private static FapiClient plain(FapiClient client) {
        return client.toBuilder().responseMode(null).build();
    }

    private static Tokens flow(FapiRealm of, FapiClient client) {
        PendingAuthorization pending = client.begin();
        return client.redeem(code(of, client, pending), pending);
    }

    private static String code(FapiRealm of, FapiClient client, PendingAuthorization pending) {
        String requestUri = (String) client.pushedAuthorizationRequest(client.plainParameters(pending))
                .send()
                .expect(201)
                .json()
                .get("request_uri");
        ClientRedirect redirect = of.browser().logInAndConsent(client.authorizationUrl(requestUri), USER, PASSWORD);
        assertThat(redirect.parameters().first("iss")).contains(client.issuer());
        assertThat(redirect.parameters().first("state")).contains(pending.state());
        return redirect.parameters().first("code").orElseThrow();
    }

    private static Map<String, Object> confirmation(Tokens tokens) {
        return Json.object(CompactJwt.parse(tokens.accessToken()).claims().get("cnf"));
    }
}
