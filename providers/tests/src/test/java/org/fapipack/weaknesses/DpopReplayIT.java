package org.fapipack.weaknesses;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.USER;
import static org.fapipack.weaknesses.Replay.assertRefused;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.fixture.Weakness;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Published ways to lose or to forge the binding of a token to its sender. */
class DpopReplayIT {

    private static final String UMA = "urn:ietf:params:oauth:grant-type:uma-ticket";
    private static final String UMA_RESOURCE_SERVER = "documents";
    private static final String ID_TOKEN = "http://openid.net/specs/openid-connect-core-1_0.html#IDToken";

    private static FapiRealm realm;
    private static FapiClient client;
    private static FapiClient byCertificate;
    private static Tokens tokens;
    private static URI token;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addDpopClient("owner");
        byCertificate = realm.addMtlsClient("by-certificate");
        tokens = realm.tokensFor(client);
        token = client.metadata().endpoint(ServerMetadata.TOKEN);
        realm.admin()
                .createClient(
                        realm.name(),
                        Map.of(
                                "clientId",
                                UMA_RESOURCE_SERVER,
                                "publicClient",
                                false,
                                "serviceAccountsEnabled",
                                true,
                                "authorizationServicesEnabled",
                                true,
                                "authorizationSettings",
                                Map.of(
                                        "policyEnforcementMode",
                                        "PERMISSIVE",
                                        "resources",
                                        List.of(Map.of("name", "a document")))));
    }

    @Test
    @Weakness("keycloak#43505")
    @Requirement("DP-7")
    void aProofFromAFastClockIsRememberedAsLongAsItIsGood() throws InterruptedException {
        FapiRealm brief = KeycloakUnderTest.running().messageSigningRealm();
        brief.configure("fapi-sender-constrained-tokens", Map.of("max-age-seconds", 8));
        FapiClient fast = brief.addDpopClient("fast");
        String refreshToken = brief.tokensFor(fast).refreshToken().orElseThrow();
        JwtDraft proof = fast.dpopProof("POST", fast.metadata().endpoint(ServerMetadata.TOKEN))
                .claim("iat", Instant.now().plusSeconds(9));
        assertThat(fast.refreshRequest(refreshToken).dpop(proof).send().status())
                .isEqualTo(200);
        Thread.sleep(12_000);
        Exchange replayed = fast.refreshRequest(refreshToken).dpop(proof).send();
        assertRefused(replayed, 400, "invalid_dpop_proof");
        assertThat(replayed.errorDescription()).get().asString().contains("used before");
        assertThat(fast.refresh(refreshToken).accessToken()).isNotEmpty();
    }

    @Test
    @Weakness("keycloak#50963")
    @Requirement({"SP-5.3.2.1-4/5", "DP-10"})
    void anExchangeKeepsTheBinding() {
        FapiClient thief = realm.addDpopClient("thief");
        for (FapiClient exchanger : List.of(client, thief)) {
            realm.admin()
                    .setClientAttribute(realm.name(), exchanger.clientId(), "standard.token.exchange.enabled", "true");
        }
        Form form = Form.of(
                "grant_type",
                "urn:ietf:params:oauth:grant-type:token-exchange",
                "subject_token",
                tokens.accessToken(),
                "subject_token_type",
                "urn:ietf:params:oauth:token-type:access_token");
        assertRefused(client.tokenRequest(form).withoutDpop().send(), 400, "invalid_dpop_proof");
        assertRefused(
                client.tokenRequest(form)
                        .dpop(client.dpopProof(SigningKey.generate(ES256), "POST", token))
                        .send(),
                400,
                "invalid_request");
        assertRefused(thief.tokenRequest(form).send(), 400, "invalid_request");
        assertRefused(client.tokenRequest(form.add("requested_subject", USER)).send(), 400, "invalid_request");
        Exchange exchanged = client.tokenRequest(form).send().expect(200);
        assertThat(exchanged.json()).containsEntry("token_type", "DPoP");
    }

    @Test
    @Weakness("keycloak#52985")
    @Requirement({"SP-5.3.2.1-4/5", "SP-5.3.2.1-6"})
    void aPermissionTokenIsBoundOrThereIsNone() {
        Tokens certified = realm.tokensFor(byCertificate);
        Form form = Form.of("grant_type", UMA, "audience", UMA_RESOURCE_SERVER);
        Form claiming = form.add("claim_token", tokens.accessToken());
        assertRefused(client.tokenRequest(claiming).withoutDpop().send(), 400, "invalid_request");
        assertRefused(
                client.tokenRequest(claiming.add("claim_token_format", ID_TOKEN))
                        .withoutDpop()
                        .send(),
                400,
                "invalid_request");
        assertRefused(
                client.tokenRequest(form.add("subject_token", tokens.accessToken()))
                        .withoutDpop()
                        .send(),
                400,
                "unauthorized_client");
        assertRefused(
                byCertificate
                        .tokenRequest(form.add("claim_token", certified.accessToken()))
                        .send(),
                400,
                "invalid_request");
        HttpCaller anybody = HttpCaller.over(realm.pki().sslContext());
        assertRefused(
                anybody.post(token, form, Headers.of("Authorization", "Bearer " + tokens.accessToken())),
                400,
                "invalid_grant");
        Exchange stolen = anybody.post(token, form, Headers.of("Authorization", "Bearer " + certified.accessToken()));
        assertRefused(stolen, 400, "invalid_request");
        assertThat(stolen.errorDescription()).get().asString().contains("not be bound to its sender");

        assertThat(client.refresh(tokens.refreshToken().orElseThrow()).tokenType())
                .isEqualTo("DPoP");
        assertThat(byCertificate.refresh(certified.refreshToken().orElseThrow()).accessToken())
                .isNotEmpty();
    }
}
