package org.fapipack.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.REDIRECT_URI;
import static org.fapipack.fixture.FapiRealm.USER;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.ClientRedirect;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.PushedRequest;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** FAPI 1.0 Baseline: PKCE in the browser, pushed or not; strong client authentication, or a public client. */
class BaselineProfileIT {

    private static FapiRealm realm;
    private static FapiClient confidential;
    private static FapiClient open;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().realmFrom("fapi1-baseline");
        confidential = confidential("baseline");
        open = publicClient("open");
    }

    @Test
    void aConfidentialClientGetsItsTokensFromABrowserRequest() {
        assertThat(flow(confidential).accessToken()).isNotEmpty();
    }

    @Test
    void soDoesAPublicClient() {
        Tokens tokens = flow(open);
        assertThat(open.refresh(tokens.refreshToken().orElseThrow()).accessToken())
                .isNotEmpty();
    }

    @Test
    void aRequestMayBePushed() {
        PendingAuthorization pending = confidential.begin();
        String requestUri = PushedRequest.from(confidential
                        .pushedAuthorizationRequest(confidential.plainParameters(pending))
                        .send())
                .requestUri();
        ClientRedirect redirect =
                realm.browser().logInAndConsent(confidential.authorizationUrl(requestUri), USER, PASSWORD);
        String code = redirect.parameters().first("code").orElseThrow();
        assertThat(confidential.redeem(code, pending).accessToken()).isNotEmpty();
        assertThat(confidential.metadata().document()).containsEntry("require_pushed_authorization_requests", false);
    }

    @Test
    void pkceWithS256IsNeededEitherWay() {
        Form parameters = confidential.plainParameters(confidential.begin());
        for (Form bad : List.of(
                parameters.remove("code_challenge").remove("code_challenge_method"),
                parameters.set("code_challenge_method", "plain"),
                parameters.set("code_challenge", "short"))) {
            Page page = realm.browser().open(confidential.authorizationUrl(bad));
            assertThat(page.redirect().parameters().first("error")).contains("invalid_request");
            Exchange pushed = confidential.pushedAuthorizationRequest(bad).send();
            assertThat(pushed.status()).isEqualTo(400);
            assertThat(pushed.error()).contains("invalid_request");
        }
    }

    @Test
    void anOpenIdRequestNeedsANonceAndAnotherAState() {
        Form parameters = confidential.plainParameters(confidential.begin());
        for (Form bad : List.of(
                parameters.remove("nonce"), parameters.set("scope", "accounts").remove("state"))) {
            Page page = realm.browser().open(confidential.authorizationUrl(bad));
            assertThat(page.redirect().parameters().first("error")).contains("invalid_request");
        }
    }

    @Test
    void tokensDoNotComeFromTheAuthorizationEndpoint() {
        Page page = realm.browser()
                .open(confidential.authorizationUrl(confidential
                        .plainParameters(confidential.begin())
                        .set("response_type", "code id_token token")));
        assertThat(page.redirect().parameters().first("error")).isPresent();
    }

    @Test
    @Requirement("F1-14")
    void aClientSecretIsNoAuthentication() {
        PendingAuthorization pending = confidential.begin();
        String code = code(confidential, pending);
        Exchange answer = confidential
                .codeRequest(code, pending)
                .withoutClientAssertion()
                .set("client_id", "baseline")
                .set("client_secret", "guessed")
                .send();
        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        assertThat(answer.error()).contains("invalid_client");
        assertThat(confidential.redeem(code, pending).accessToken()).isNotEmpty();
    }

    @Test
    void aClientSecretJwtIs() {
        FapiClient client = confidential("secret-jwt");
        String secret = "a secret of thirty-two octets or more, for HS256";
        realm.admin()
                .updateClient(
                        realm.name(),
                        "secret-jwt",
                        Map.of("clientAuthenticatorType", "client-secret-jwt", "secret", secret));
        realm.admin().setClientAttribute(realm.name(), "secret-jwt", "token.endpoint.auth.signing.alg", "HS256");
        PendingAuthorization pending = client.begin();
        String code = code(client, pending);
        assertThat(client.codeRequest(code, pending)
                        .clientAssertion(client.clientAssertion()
                                .signedWithSecret("another secret of thirty-two octets or more.."
                                        .getBytes(StandardCharsets.US_ASCII)))
                        .send()
                        .status())
                .isEqualTo(401);
        assertThat(client.codeRequest(code, pending)
                        .clientAssertion(
                                client.clientAssertion().signedWithSecret(secret.getBytes(StandardCharsets.US_ASCII)))
                        .send()
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aPublicClientSendsNoCredentials() {
        PendingAuthorization pending = open.begin();
        String code = code(open, pending);
        Exchange withSecret =
                open.codeRequest(code, pending).set("client_secret", "none").send();
        assertThat(withSecret.status()).isEqualTo(400);
        assertThat(withSecret.error()).contains("invalid_request");
        Exchange withBasic = open.codeRequest(code, pending)
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString("open:none".getBytes(StandardCharsets.US_ASCII)))
                .send();
        assertThat(withBasic.status()).isEqualTo(400);
        assertThat(withBasic.error()).contains("invalid_request");
        assertThat(open.redeem(code, pending).accessToken()).isNotEmpty();
    }

    @Test
    void aConfidentialClientCannotPassAsAPublicOne() {
        PendingAuthorization pending = confidential.begin();
        String code = code(confidential, pending);
        Exchange answer = confidential
                .codeRequest(code, pending)
                .withoutClientAssertion()
                .set("client_id", "baseline")
                .send();
        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        assertThat(answer.error()).contains("invalid_client");
        assertThat(confidential.redeem(code, pending).accessToken()).isNotEmpty();
    }

    @Test
    void aRefreshTokenOfThisRealmIsGoodOnce() {
        Tokens tokens = flow(open);
        String first = tokens.refreshToken().orElseThrow();
        assertThat(open.refresh(first).accessToken()).isNotEmpty();
        assertThat(open.refreshRequest(first).send().error()).contains("invalid_grant");
    }

    private static Tokens flow(FapiClient client) {
        PendingAuthorization pending = client.begin();
        return client.redeem(code(client, pending), pending);
    }

    private static String code(FapiClient client, PendingAuthorization pending) {
        ClientRedirect redirect = realm.browser()
                .logInAndConsent(client.authorizationUrl(client.plainParameters(pending)), USER, PASSWORD);
        assertThat(redirect.parameters().first("state")).contains(pending.state());
        assertThat(redirect.parameters().first("iss")).contains(client.issuer());
        return redirect.parameters().first("code").orElseThrow();
    }

    private static FapiClient confidential(String clientId) {
        FapiClient client = realm.addUnboundClient(clientId);
        realm.admin().setClientAttribute(realm.name(), clientId, "fapi.baseline", "true");
        return client;
    }

    private static FapiClient publicClient(String clientId) {
        confidential(clientId);
        realm.admin().updateClient(realm.name(), clientId, Map.of("publicClient", true));
        return FapiClient.of(realm.pki(), realm.issuer(), clientId)
                .redirectUri(REDIRECT_URI)
                .scope("openid accounts")
                .responseMode(null)
                .build();
    }
}
