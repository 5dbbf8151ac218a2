package org.fapipack.senderconstraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.util.Map;
import java.util.function.Supplier;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.EndpointCall;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.jose.SigningKey;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Grants without a browser redirect: their tokens are bound like all others, and bad proofs are refused as everywhere. */
class OtherGrantsIT {

    private static final String TOKEN_EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    private static final String DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";
    private static final String PERMISSION_TICKET = "urn:ietf:params:oauth:grant-type:uma-ticket";
    private static final String CIBA = "urn:openid:params:grant-type:ciba";

    private static FapiRealm realm;
    private static FapiClient client;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addDpopClient("versatile");
        realm.admin().updateClient(realm.name(), "versatile", Map.of("serviceAccountsEnabled", true));
        realm.admin().setClientAttribute(realm.name(), "versatile", "standard.token.exchange.enabled", "true");
        realm.admin()
                .setClientAttribute(realm.name(), "versatile", "oauth2.device.authorization.grant.enabled", "true");
    }

    @Test
    @Requirement({"DP-19", "SP-5.3.2.1-4/5"})
    void clientCredentials() {
        assertOnlyBound(() -> client.clientCredentialsRequest("accounts"));
    }

    @Test
    @Requirement({"DP-19", "SP-5.3.2.1-4/5"})
    void tokenExchange() {
        Tokens subject = realm.tokensFor(client);
        assertOnlyBound(() -> exchange(subject));
    }

    private static EndpointCall exchange(Tokens subject) {
        return client.tokenRequest(Form.of(
                "grant_type",
                TOKEN_EXCHANGE,
                "subject_token_type",
                ACCESS_TOKEN,
                "subject_token",
                subject.accessToken()));
    }

    @Test
    @Requirement({"DP-19", "SP-5.3.2.1-4/5"})
    void deviceAuthorization() {
        PendingAuthorization pending = client.begin();
        Map<String, Object> device = client.call(
                        "device_authorization_endpoint",
                        Form.of(
                                "scope",
                                "openid accounts",
                                "code_challenge",
                                pending.codeChallenge(),
                                "code_challenge_method",
                                "S256"))
                .withoutDpop()
                .send()
                .expect(200)
                .json();
        Page page = realm.browser().open(URI.create((String) device.get("verification_uri_complete")));
        Page consent = page.logIn(USER, PASSWORD);
        Page end = consent.isConsent() ? consent.acceptConsent() : consent;
        assertThat(end.status()).isEqualTo(200);
        assertOnlyBound(() -> client.tokenRequest(Form.of(
                "grant_type",
                DEVICE_CODE,
                "device_code",
                (String) device.get("device_code"),
                "code_verifier",
                pending.codeVerifier())));
    }

    @Test
    @Requirement({"DP-19", "SP-5.3.2.1-4/5"})
    @DisabledIfSystemProperty(
            named = "keycloak.server",
            matches = "container|external",
            disabledReason = "knows no device")
    void backchannelAuthentication() {
        realm.admin().setClientAttribute(realm.name(), "versatile", "oidc.ciba.grant.enabled", "true");
        Map<String, Object> request = client.call(
                        "backchannel_authentication_endpoint",
                        Form.of("scope", "openid accounts", "login_hint", USER, "binding_message", "1234"))
                .withoutDpop()
                .send()
                .expect(200)
                .json();
        KeycloakUnderTest.running()
                .device()
                .approve(realm.issuer(), realm.pki())
                .expect(200);
        assertOnlyBound(() ->
                client.tokenRequest(Form.of("grant_type", CIBA, "auth_req_id", (String) request.get("auth_req_id"))));
    }

    @ParameterizedTest
    @CsvSource({
        "response_permissions_limit, many",
        "response_permissions_limit, 99999999999",
        "permission, '#'",
        "permission, '##'"
    })
    void aPermissionRequestThatCannotBeReadIsRefused(String name, String value) {
        Exchange answer = client.tokenRequest(Form.of("grant_type", PERMISSION_TICKET, name, value))
                .send();
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error()).contains("invalid_request");
    }

    /** Without a proof, with a bad one, and then with a good one, which still finds what it needs. */
    private static void assertOnlyBound(Supplier<EndpointCall> request) {
        assertRefused(request.get().withoutDpop().send());
        assertRefused(request.get()
                .dpop(client.dpopProof("POST", client.metadata().endpoint(ServerMetadata.USERINFO)))
                .send());
        assertRefused(request.get()
                .dpop(client.dpopProof(
                        SigningKey.generate(JWSAlgorithm.RS256),
                        "POST",
                        client.metadata().endpoint(ServerMetadata.TOKEN)))
                .send());
        Exchange answer = request.get().send();
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json()).containsEntry("token_type", "DPoP");
        assertThat(thumbprint(answer)).isEqualTo(client.dpopKey().orElseThrow().thumbprint());
    }

    private static void assertRefused(Exchange answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).as(answer.body()).contains("invalid_dpop_proof");
    }

    private static Object thumbprint(Exchange answer) {
        return Json.object(CompactJwt.parse((String) answer.json().get("access_token"))
                        .claims()
                        .get("cnf"))
                .get("jkt");
    }
}
