package org.fapipack.profiles;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.ClientRedirect;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.jose.JwkSets;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FAPI 1.0 Advanced: request objects by value and pushed, responses signed by JARM or by the ID token. */
class AdvancedProfileIT {

    private static FapiRealm realm;
    private static FapiClient client;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().realmFrom("fapi1-advanced");
        client = browserClient("advanced");
    }

    @Test
    @Requirement({"F1-1", "F1-2", "F1-5/6", "F1-15", "F1-16"})
    void aRequestObjectByValueIsAnsweredByJarm() {
        PendingAuthorization pending = client.begin();
        ClientRedirect redirect =
                realm.browser().logInAndConsent(byValue(client.requestObject(pending)), USER, PASSWORD);
        assertThat(redirect.parameters().fields()).hasSize(1);
        Tokens tokens = client.redeem(client.verifyJarm(redirect, pending).code(), pending);
        assertThat(Json.object(tokens.accessTokenClaims().get("cnf"))).containsKey("x5t#S256");
        assertThat(client.callApi(client.metadata().mtlsEndpoint(ServerMetadata.USERINFO), tokens.accessToken())
                        .status())
                .isEqualTo(200);
    }

    @Test
    @Requirement({"F1-2", "F1-3/4"})
    void codeAndIdTokenAreSignedByTheIdToken() throws Exception {
        PendingAuthorization pending = client.begin();
        ClientRedirect redirect = realm.browser().logInAndConsent(byValue(hybrid(pending)), USER, PASSWORD);

        assertThat(redirect.mode()).isEqualTo(ClientRedirect.Mode.FRAGMENT);
        assertThat(redirect.parameters().first("access_token")).isEmpty();
        String code = redirect.parameters().first("code").orElseThrow();
        CompactJwt idToken =
                CompactJwt.parse(redirect.parameters().first("id_token").orElseThrow());
        JWK key = JwkSets.signingKey(
                        client.issuerKeys(), idToken.headerText("kid").orElseThrow())
                .orElseThrow();
        assertThat(idToken.isSignedBy(key, ES256)).isTrue();
        assertThat(idToken.claims())
                .containsEntry("c_hash", halfHash(code))
                .containsEntry("s_hash", halfHash(pending.state()))
                .containsEntry("nonce", pending.nonce())
                .doesNotContainKeys("email", "name", "preferred_username");
        assertThat(client.redeem(code, pending).accessToken()).isNotEmpty();
    }

    @Test
    @Requirement({"F1-1", "F1-18"})
    void aPushedRequestObjectIsTakenAsWell() {
        assertThat(realm.tokensFor(client).accessToken()).isNotEmpty();
    }

    @Test
    @Requirement("F1-18")
    void aPushedRequestNeedsPkceWithS256() {
        PendingAuthorization pending = client.begin();
        assertRefused(
                push(client.requestObject(pending)
                        .withoutClaim("code_challenge")
                        .withoutClaim("code_challenge_method")),
                "invalid_request",
                "code_challenge is required");
        assertRefused(
                push(client.requestObject(pending).claim("code_challenge_method", "plain")),
                "invalid_request",
                "code_challenge_method must be S256");
        assertThat(push(client.requestObject(pending)).status()).isEqualTo(201);
    }

    @Test
    @Requirement("F1-18")
    void aRequestThatWasNotPushedDoesNotNeedIt() {
        FapiClient plain = browserClient("no-pkce");
        realm.admin().setClientAttribute(realm.name(), "no-pkce", "pkce.code.challenge.method", "");
        PendingAuthorization pending = plain.begin();
        ClientRedirect redirect = realm.browser()
                .logInAndConsent(
                        byValue(
                                plain,
                                plain.requestObject(pending)
                                        .withoutClaim("code_challenge")
                                        .withoutClaim("code_challenge_method")),
                        USER,
                        PASSWORD);
        String code = plain.verifyJarm(redirect, pending).code();
        assertThat(plain.codeRequest(code, pending)
                        .remove("code_verifier")
                        .send()
                        .status())
                .isEqualTo(200);
        assertRedirectedWith(
                open(byValue(plain, plain.requestObject(plain.begin()).claim("code_challenge_method", "plain"))),
                "invalid_request");
    }

    @Test
    @Requirement("F1-1")
    void aRequestWithoutRequestObjectIsRefused() {
        PendingAuthorization pending = client.begin();
        assertRedirectedWith(open(client.authorizationUrl(client.plainParameters(pending))), "invalid_request");
        assertRefused(
                client.pushedAuthorizationRequest(client.plainParameters(pending))
                        .send(),
                "invalid_request",
                "the request parameter with a signed request object is required");
    }

    @Test
    @Requirement({"F1-1", "F1-21"})
    void anUnsignedRequestObjectIsRefused() {
        Page page = realm.browser()
                .open(byValue(client.requestObject(client.begin()).unsigned()));
        assertThat(page.isClientRedirect()).isFalse();
        assertThat(page.status()).isEqualTo(400);
    }

    @Test
    @Requirement({"F1-1", "F1-21"})
    void encryptionDoesNotReplaceTheSignature() {
        JWK recipient = encryptionKey();
        JwtDraft draft = client.requestObject(client.begin());
        Page page = realm.browser()
                .open(byValue(draft.onlyEncryptedTo(recipient, JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)));
        assertThat(page.isLogin()).isFalse();
        assertThat(page.isClientRedirect() ? page.redirect().parameters().first("code") : Optional.empty())
                .isEmpty();
    }

    @Test
    @Requirement("F1-21")
    void anEncryptedRequestObjectMustNotUseRsa15() {
        JWK recipient = encryptionKey();
        JwtDraft draft = client.requestObject(client.begin());
        assertThat(open(byValue(draft.encryptedTo(recipient, JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)))
                        .isLogin())
                .isTrue();
        assertRedirectedWith(
                open(byValue(draft.encryptedTo(recipient, JWEAlgorithm.parse("RSA1_5"), EncryptionMethod.A256GCM))),
                "invalid_request_object");
        assertRefused(
                client.pushedAuthorizationRequest(Form.of(
                                "client_id",
                                client.clientId(),
                                "request",
                                draft.encryptedTo(recipient, JWEAlgorithm.parse("RSA1_5"), EncryptionMethod.A256GCM)))
                        .send(),
                "invalid_request_object",
                "the request object must not be encrypted with RSA1_5");
    }

    @Test
    @Requirement("F1-21")
    void otherSignatureAlgorithmsAreRefused() {
        FapiClient edDsa = browserClient("advanced-eddsa");
        SigningKey key = SigningKey.generate(JWSAlgorithm.EdDSA);
        realm.setAttributeBehindThePolicysBack("advanced-eddsa", "jwks.string", SigningKey.publicJwks(key));
        realm.setAttributeBehindThePolicysBack("advanced-eddsa", "request.object.signature.alg", "");
        assertRedirectedWith(
                open(byValue(edDsa, edDsa.requestObject(edDsa.begin()).signedBy(key))), "invalid_request_object");
        assertThat(client.metadata().list("request_object_signing_alg_values_supported"))
                .containsExactly("PS256", "ES256");
        assertThat(client.metadata().list("request_object_encryption_alg_values_supported"))
                .doesNotContain("RSA1_5")
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "exp, ",
        "nbf, ",
        "aud, ",
        "exp, 3605",
        "nbf, -3605",
        "nbf, 70",
    })
    @Requirement({"F1-13", "F1-15", "F1-17"})
    void theTimesAndTheAudienceOfARequestObjectAreChecked(String claim, Integer seconds) {
        JwtDraft good = client.requestObject(client.begin());
        JwtDraft bad = seconds == null
                ? good.withoutClaim(claim)
                : good.claim(claim, Instant.now().plusSeconds(seconds));
        assertRedirectedWith(open(byValue(bad)), "invalid_request_object");
        assertThat(open(byValue(good)).isLogin()).isTrue();
    }

    @Test
    @Requirement("F1-15")
    void theIssuerMayBeOneAudienceOfSeveral() {
        assertThat(open(byValue(client.requestObject(client.begin())
                                .claim("aud", List.of("https://elsewhere.example", client.issuer()))))
                        .isLogin())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "state, other",
        "nonce, other",
        "scope, openid payments",
        "redirect_uri, https://client.example.test/callback?more",
        "authorization_details, '[{\"type\":\"x\"}]'",
        "grant_id, g",
        "login_hint, bob",
        "prompt, create",
        "claims, '{\"userinfo\":{}}'"
    })
    @Requirement("F1-10")
    void aParameterBesideTheRequestObjectMustNotSayAnythingElse(String name, String value) {
        PendingAuthorization pending = client.begin();
        JwtDraft requestObject = client.requestObject(pending);
        Page page = open(client.authorizationUrl(beside(requestObject).set(name, value)));
        assertThat(page.isLogin()).isFalse();
        if (page.isClientRedirect()) {
            assertThat(error(page)).isEqualTo("invalid_request");
        } else {
            assertThat(page.status()).isEqualTo(400);
        }
        assertThat(open(byValue(requestObject)).isLogin())
                .as("the request itself")
                .isTrue();
    }

    @Test
    @Requirement("F1-10")
    void itMayRepeatWhatTheRequestObjectSays() {
        PendingAuthorization pending = client.begin();
        Map<String, Object> claims = Map.of("userinfo", Map.of("email", Map.of("essential", true)));
        JwtDraft requestObject = client.requestObject(pending).claim("claims", claims);
        Form form = beside(requestObject)
                .set("state", pending.state())
                .set("nonce", pending.nonce())
                .set("redirect_uri", pending.redirectUri().toString())
                .set("claims", Json.write(claims));
        assertThat(open(client.authorizationUrl(form)).isLogin()).isTrue();
        assertRedirectedWith(open(client.authorizationUrl(form.add("claims", "{}"))), "invalid_request");
    }

    @Test
    @Requirement("F1-10")
    void besideAPushedRequestThereIsNothing() {
        PendingAuthorization pending = client.begin();
        String requestUri = client.push(pending).requestUri();
        Page page = open(client.authorizationUrl(
                Form.of("client_id", client.clientId(), "request_uri", requestUri, "authorization_details", "[]")));
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.isClientRedirect()).isFalse();
        ClientRedirect redirect = realm.browser().logInAndConsent(client.authorizationUrl(requestUri), USER, PASSWORD);
        assertThat(client.verifyJarm(redirect, pending).code()).isNotEmpty();
    }

    @Test
    @Requirement("F1-1")
    void aRequestObjectIsNotFetchedFromSomewhere() throws IOException {
        FapiClient remote = browserClient("remote");
        AtomicInteger fetched = new AtomicInteger();
        HttpServer own = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        own.createContext("/", exchange -> {
            fetched.incrementAndGet();
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
        });
        own.start();
        try {
            String requestUri =
                    "http://127.0.0.1:%d/request.jwt".formatted(own.getAddress().getPort());
            realm.setAttributeBehindThePolicysBack("remote", "request.uris", requestUri);
            Page page = open(remote.authorizationUrl(Form.of(
                    "client_id", "remote", "response_type", "code", "scope", "openid", "request_uri", requestUri)));
            assertThat(page.isClientRedirect()).isFalse();
            assertThat(page.status()).isEqualTo(400);
            assertThat(fetched).hasValue(0);
        } finally {
            own.stop(0);
        }
        assertThat(remote.metadata().document()).containsEntry("request_uri_parameter_supported", false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"code id_token token", "code token", "id_token", "id_token token", "token", "none", "rubbish"})
    @Requirement("F1-2")
    void noOtherResponseTypeIsTaken(String responseType) {
        JwtDraft requestObject = hybrid(client.begin()).claim("response_type", responseType);
        Page page = open(byValue(requestObject));
        assertThat(page.isLogin()).isFalse();
        Exchange answer = push(requestObject);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error()).get().isIn("invalid_request", "unauthorized_client", "unsupported_response_type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"query", "fragment", "query.jwt"})
    @Requirement("F1-2")
    void aCodeNeedsResponseModeJwt(String mode) {
        JwtDraft requestObject = client.requestObject(client.begin()).claim("response_mode", mode);
        assertRefused(push(requestObject), "invalid_request", "response_mode must be one of jwt");
        Page page = open(byValue(requestObject));
        assertThat(page.redirect().parameters().first("code")).isEmpty();
    }

    @Test
    @Requirement("F1-20")
    void anOpenIdRequestNeedsNonceAndAnotherState() {
        assertRedirectedWith(
                open(byValue(client.requestObject(client.begin()).withoutClaim("nonce"))), "invalid_request");
        JwtDraft plain = client.requestObject(client.begin()).claim("scope", "accounts");
        assertRedirectedWith(open(byValue(plain.withoutClaim("state"))), "invalid_request");
    }

    @Test
    @Requirement("F1-19")
    void theRedirectUriMustBeRegistered() {
        Page page = open(byValue(
                client.requestObject(client.begin()).claim("redirect_uri", "https://client.example.test/other")));
        assertThat(page.isClientRedirect()).isFalse();
        assertThat(page.status()).isEqualTo(400);
        Exchange saved = realm.admin()
                .tryUpdateClient(
                        realm.name(), "advanced", Map.of("redirectUris", List.of("http://client.example.test/cb")));
        assertThat(saved.status()).isEqualTo(400);
    }

    @Test
    @Requirement("F1-5/6")
    void noTokenWithoutCertificate() {
        PendingAuthorization pending = client.begin();
        String code = realm.codeFor(client, pending);
        Exchange bare = client.toBuilder()
                .bindsTokensToNothing()
                .build()
                .codeRequest(code, pending)
                .send();
        assertThat(bare.status()).isEqualTo(400);
        assertThat(client.redeem(code, pending).accessToken()).isNotEmpty();
    }

    @Test
    @Requirement("F1-14")
    void anAssertionMayNameAnEndpointOrSeveralAudiences() {
        PendingAuthorization pending = client.begin();
        String par = client.metadata()
                .mtlsEndpoint(ServerMetadata.PUSHED_AUTHORIZATION_REQUEST)
                .toString();
        assertThat(client.pushedAuthorizationRequest(client.requestObject(pending))
                        .clientAssertion(client.clientAssertion().claim("aud", List.of(par, client.issuer())))
                        .send()
                        .status())
                .isEqualTo(201);
        Exchange answer = client.pushedAuthorizationRequest(client.requestObject(pending))
                .clientAssertion(client.clientAssertion().claim("aud", "https://elsewhere.example"))
                .send();
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.error()).contains("invalid_client");
    }

    @Test
    @Requirement("F1-22")
    void scopeAndEssentialAcrComeBack() {
        PendingAuthorization pending = client.begin();
        JwtDraft requestObject = client.requestObject(pending)
                .claim("claims", Map.of("id_token", Map.of("acr", Map.of("essential", true, "values", List.of("1")))));
        ClientRedirect redirect = realm.browser().logInAndConsent(byValue(requestObject), USER, PASSWORD);
        Exchange answer = client.codeRequest(
                        client.verifyJarm(redirect, pending).code(), pending)
                .send()
                .expect(200);
        assertThat((String) answer.json().get("scope")).contains("openid").contains("accounts");
        assertThat(CompactJwt.parse((String) answer.json().get("id_token")).claims())
                .containsEntry("acr", "1");
    }

    @Test
    @Requirement("F1-22")
    void anAcrThatCannotBeReachedEndsTheRequest() {
        JwtDraft requestObject = client.requestObject(client.begin())
                .claim(
                        "claims",
                        Map.of("id_token", Map.of("acr", Map.of("essential", true, "values", List.of("unheard-of")))));
        Page page = open(byValue(requestObject));
        assertThat(page.isLogin()).isFalse();
        assertThat(page.isClientRedirect() || page.status() == 400).isTrue();
    }

    @Test
    @Requirement({"META-2", "META-10"})
    void theMetadataSayWhatThisProfileAllows() {
        assertThat(client.metadata().document())
                .containsEntry("require_pushed_authorization_requests", false)
                .containsEntry("require_signed_request_object", true)
                .containsEntry("tls_client_certificate_bound_access_tokens", true)
                .doesNotContainKey("dpop_signing_alg_values_supported");
        assertThat(client.metadata().list("response_types_supported")).containsExactly("code", "code id_token");
        assertThat(client.metadata().list("response_modes_supported"))
                .containsExactlyInAnyOrder("jwt", "fragment", "form_post");
        assertThat(client.metadata().list("token_endpoint_auth_methods_supported"))
                .containsExactly("private_key_jwt", "self_signed_tls_client_auth", "tls_client_auth");
    }

    /** A client that need not push and may get an ID token with its code. */
    private static FapiClient browserClient(String clientId) {
        FapiClient registered = realm.addMtlsClient(clientId);
        realm.admin().updateClient(realm.name(), clientId, Map.of("implicitFlowEnabled", true));
        realm.admin().setClientAttribute(realm.name(), clientId, "require.pushed.authorization.requests", "false");
        return registered;
    }

    private static JwtDraft hybrid(PendingAuthorization pending) {
        return client.requestObject(pending)
                .claim("response_type", "code id_token")
                .withoutClaim("response_mode");
    }

    private static URI byValue(JwtDraft requestObject) {
        return byValue(client, requestObject);
    }

    private static URI byValue(FapiClient of, JwtDraft requestObject) {
        return of.authorizationUrl(beside(of, requestObject, requestObject.compact()));
    }

    private static URI byValue(String encrypted) {
        return client.authorizationUrl(beside(client, client.requestObject(client.begin()), encrypted));
    }

    private static Form beside(JwtDraft requestObject) {
        return beside(client, requestObject, requestObject.compact());
    }

    /** What OpenID Connect Core 6.1 wants beside a request object. */
    private static Form beside(FapiClient of, JwtDraft requestObject, String compact) {
        return Form.of(
                "client_id",
                of.clientId(),
                "response_type",
                (String) requestObject.claims().get("response_type"),
                "scope",
                (String) requestObject.claims().get("scope"),
                "request",
                compact);
    }

    private static Page open(URI address) {
        return realm.browser().open(address);
    }

    private static Exchange push(JwtDraft requestObject) {
        return client.pushedAuthorizationRequest(requestObject).send();
    }

    private static JWK encryptionKey() {
        return client.issuerKeys().getKeys().stream()
                .filter(key -> "enc".equals(key.getKeyUse().identifier()))
                .findFirst()
                .orElseThrow();
    }

    private static void assertRefused(Exchange answer, String error, String description) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).contains(error);
        assertThat(answer.errorDescription()).contains(description);
    }

    private static void assertRedirectedWith(Page page, String error) {
        assertThat(error(page)).isEqualTo(error);
    }

    private static String error(Page page) {
        Form answer = page.redirect().parameters();
        return answer.first("response")
                .map(jarm -> (String) CompactJwt.parse(jarm).claims().get("error"))
                .or(() -> answer.first("error"))
                .orElseThrow();
    }

    /** OpenID Connect Core 3.3.2.11: the left half of the hash that the algorithm of the ID token uses. */
    private static String halfHash(String value) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(value.getBytes(StandardCharsets.US_ASCII));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(hash, hash.length / 2));
    }
}
