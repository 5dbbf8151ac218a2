package org.fapipack.profiles;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.ACCOUNTS_API;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;

import java.net.URI;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.ClientRedirect;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.resource.ResourceServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a conformance suite looks at, and stock Keycloak gets a warning for. */
class ConformanceIT {

    private static FapiRealm realm;
    private static FapiClient client;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addDpopClient("conformance");
    }

    @Test
    @Requirement("SP-5.3.2.1-14")
    void anIdTokenHasNoClaimThatNobodyAskedFor() {
        FapiRealm other = KeycloakUnderTest.running().realmFrom("fapi1-advanced");
        FapiClient mtls = other.addMtlsClient("conformance");
        Tokens tokens = other.tokensFor(mtls);
        assertOnlyWhatIsNeeded(tokens);
    }

    @Test
    @Requirement("SP-5.3.2.1-14")
    void neitherDoesItUnderMessageSigning() {
        Tokens tokens = realm.tokensFor(client);
        assertThat(claims(tokens)).containsKey("nonce");
        assertOnlyWhatIsNeeded(tokens);
        assertOnlyWhatIsNeeded(client.refresh(tokens.refreshToken().orElseThrow()));
    }

    @Test
    @Requirement("SP-5.3.2.1-14")
    void whatTheClientAskedForIsThere() {
        FapiClient curious =
                realm.addDpopClient("curious").toBuilder().scope("openid email").build();
        PendingAuthorization pending = curious.begin();
        JwtDraft byName = curious.requestObject(pending)
                .claim("claims", Map.of("id_token", Map.of("preferred_username", Map.of("essential", true))));
        ClientRedirect redirect = realm.browser()
                .logInAndConsent(curious.authorizationUrl(curious.push(byName).requestUri()), USER, PASSWORD);
        Tokens tokens = curious.redeem(curious.verifyJarm(redirect, pending).code(), pending);

        assertThat(claims(tokens))
                .containsKeys("email", "email_verified", "preferred_username")
                .doesNotContainKeys("name", "given_name", "typ");

        FapiRealm lenient = KeycloakUnderTest.running().messageSigningRealm();
        lenient.configure("fapi-client-metadata", Map.of("unrequested-claims-allowed", true));
        assertThat(claims(lenient.tokensFor(lenient.addDpopClient("as-stock")))).containsKeys("email", "name", "typ");
    }

    private static Map<String, Object> claims(Tokens tokens) {
        return CompactJwt.parse(tokens.idToken().orElseThrow()).claims();
    }

    /** Keycloak knows an ID token by the claim that is left out. */
    @Test
    void suchAnIdTokenEndsTheSession() {
        Browser browser = realm.browser();
        Tokens tokens = client.obtainTokens(browser, USER, PASSWORD);
        URI logout = URI.create(client.metadata().document().get("end_session_endpoint") + "?id_token_hint="
                + tokens.idToken().orElseThrow());

        assertThat(browser.open(logout).status()).isEqualTo(200);

        assertThat(client.refreshRequest(tokens.refreshToken().orElseThrow())
                        .send()
                        .error())
                .contains("invalid_grant");
    }

    /** A signed answer about the person has most of what an ID token has. */
    @Test
    void aSignedAnswerAboutThePersonDoesNot() {
        FapiClient signed = realm.addDpopClient("signed-userinfo");
        realm.admin().setClientAttribute(realm.name(), "signed-userinfo", "user.info.response.signature.alg", "PS256");
        Browser browser = realm.browser();
        Tokens tokens = signed.obtainTokens(browser, USER, PASSWORD);
        Exchange userinfo = signed.callApi(signed.metadata().endpoint(ServerMetadata.USERINFO), tokens.accessToken());
        assertThat(userinfo.mediaType()).isEqualTo("application/jwt");

        Page page = browser.open(URI.create(
                signed.metadata().document().get("end_session_endpoint") + "?id_token_hint=" + userinfo.body()));

        assertThat(page.status()).isEqualTo(400);
        assertThat(signed.refresh(tokens.refreshToken().orElseThrow()).accessToken())
                .isNotEmpty();
    }

    private static void assertOnlyWhatIsNeeded(Tokens tokens) {
        assertThat(claims(tokens).keySet())
                .contains("iss", "sub", "aud", "exp", "iat")
                .isSubsetOf(
                        "iss",
                        "sub",
                        "aud",
                        "exp",
                        "iat",
                        "nonce",
                        "auth_time",
                        "acr",
                        "amr",
                        "azp",
                        "at_hash",
                        "c_hash",
                        "s_hash",
                        "jti",
                        "sid");
    }

    @Test
    @Requirement("SP-5.3.2.2-9")
    void afterACodeWasUsedTwiceTheFirstAccessTokenIsDeadEverywhere() {
        SigningKey key = SigningKey.generate(ES256);
        realm.admin().setClientAttribute(realm.name(), ACCOUNTS_API, "jwks.string", SigningKey.publicJwks(key));
        try (ResourceServer api = ResourceServer.of(realm.pki(), realm.issuer(), ACCOUNTS_API, key)
                .responseAlgorithm(ES256)
                .requiredScope("accounts")
                .start()) {
            PendingAuthorization pending = client.begin();
            String code = realm.codeFor(client, pending);
            Tokens tokens = client.redeem(code, pending);
            URI userinfo = client.metadata().endpoint(ServerMetadata.USERINFO);
            assertThat(client.callApi(userinfo, tokens.accessToken()).status()).isEqualTo(200);
            assertThat(client.callApi(api.accounts(), tokens.accessToken()).status())
                    .isEqualTo(200);

            Exchange again = client.codeRequest(code, pending).send();

            assertThat(again.status()).as(again.body()).isEqualTo(400);
            assertThat(again.error()).contains("invalid_grant");
            assertThat(client.callApi(userinfo, tokens.accessToken()).status()).isEqualTo(401);
            assertThat(client.callApi(api.accounts(), tokens.accessToken()).status())
                    .isEqualTo(401);
            assertThat(client.refreshRequest(tokens.refreshToken().orElseThrow())
                            .send()
                            .error())
                    .contains("invalid_grant");
        }
        assertThat(realm.tokensFor(client).accessToken())
                .as("its owner goes on")
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "GET", "DELETE", "PATCH"})
    @Requirement("PAR-1")
    void requestsArePushedByPostOnly(String method) {
        URI par = client.metadata().endpoint(ServerMetadata.PUSHED_AUTHORIZATION_REQUEST);
        assertThat(HttpCaller.over(realm.pki().sslContext())
                        .send(method, par, Headers.none(), "")
                        .status())
                .isEqualTo(405);
    }

    /** As the suite measures it: Shannon's entropy of the characters, which is less than what is really in it. */
    @Test
    @Requirement("PAR-2")
    void aRequestUriCannotBeGuessed() {
        String one = client.push(client.begin()).requestUri();
        String other = client.push(client.begin()).requestUri();
        assertThat(one).isNotEqualTo(other);
        String id = one.substring(one.lastIndexOf(':') + 1);
        assertThat(id.length() * bitsPerCharacter(id)).isGreaterThanOrEqualTo(96);
    }

    private static double bitsPerCharacter(String text) {
        return text
                .chars()
                .boxed()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .values()
                .stream()
                .mapToDouble(count -> (double) count / text.length())
                .map(share -> -share * Math.log(share) / Math.log(2))
                .sum();
    }
}
