package org.fapipack.introspection;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.IntrospectionAssertions.TOKEN_INTROSPECTION_JWT;
import static org.fapipack.fixture.IntrospectionAssertions.assertInactive;

import java.net.URI;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A signed introspection response, genuine and signed by the realm, put in at every door that takes a JWT: each stays shut. */
@Requirement("RFC9701-8.1")
class CrossJwtConfusionIT {

    private static FapiRealm realm;
    private static FapiClient client;
    private static String response;

    @BeforeAll
    static void obtainAGenuineResponse() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addDpopClient("app");
        response = realm.accountsApi()
                .introspectionRequest(realm.tokensFor(client).accessToken(), TOKEN_INTROSPECTION_JWT)
                .send()
                .expect(200)
                .body();
    }

    @Test
    void isNoAccessToken() {
        URI userInfo = client.metadata().endpoint(ServerMetadata.USERINFO);
        HttpCaller http = HttpCaller.over(realm.pki().sslContext());
        for (String scheme : new String[] {"Bearer", "DPoP"}) {
            Headers headers = Headers.of("Authorization", scheme + " " + response)
                    .add("DPoP", client.dpopProof("GET", userInfo, response).compact());
            Exchange answer = http.get(userInfo, headers);
            assertThat(answer.status()).as(answer.toString()).isEqualTo(401);
            assertThat(answer.header("www-authenticate")).get().asString().contains("invalid_token");
        }
    }

    @Test
    void isNoTokenToIntrospect() {
        FapiClient api = realm.accountsApi();
        assertInactive(
                api, api.introspectionRequest(response, TOKEN_INTROSPECTION_JWT).send(), ES256);
    }

    @Test
    void isNoClientAssertion() {
        Exchange answer = realm.accountsApi()
                .introspectionRequest("x", TOKEN_INTROSPECTION_JWT)
                .set("client_assertion", response)
                .send();
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.error()).contains("invalid_client");
    }

    @Test
    void isNoRequestObject() {
        Exchange answer = client.pushedAuthorizationRequest(
                        Form.of("client_id", client.clientId(), "request", response))
                .send();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains("invalid_request_object");
    }

    @Test
    void isNoDpopProof() {
        Exchange answer = client.pushedAuthorizationRequest(client.requestObject(client.begin()))
                .withoutDpop()
                .header("DPoP", response)
                .send();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).get().isIn("invalid_dpop_proof", "invalid_request");
    }

    @Test
    void isNoRefreshToken() {
        Exchange answer = client.refreshRequest(response).send();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains("invalid_grant");
    }

    @Test
    void isNoSubjectOfATokenExchange() {
        realm.admin().setClientAttribute(realm.name(), "app", "standard.token.exchange.enabled", "true");
        Exchange answer = client.tokenRequest(Form.of(
                        "grant_type", "urn:ietf:params:oauth:grant-type:token-exchange",
                        "subject_token", response,
                        "subject_token_type", "urn:ietf:params:oauth:token-type:access_token"))
                .send();
        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
        assertThat(answer.error()).get().isIn("invalid_grant", "invalid_request", "invalid_token");
    }

    @Test
    void isNoAuthorizationGrant() {
        Exchange answer = client.tokenRequest(
                        Form.of("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion", response))
                .send();
        assertThat(answer.status()).as(answer.toString()).isEqualTo(400);
    }

    @Test
    void isNoIdTokenHint() {
        URI logout =
                URI.create(client.metadata().document().get("end_session_endpoint") + "?id_token_hint=" + response);
        Page page = realm.browser().open(logout);
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.isClientRedirect()).isFalse();
    }

    @Test
    void theGenuineTokensStillWork() {
        assertThat(realm.tokensFor(client).accessTokenClaims())
                .containsKey("cnf")
                .isNotEqualTo(Map.of());
    }
}
