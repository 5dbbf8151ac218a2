package org.fapipack.weaknesses;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.ACCOUNTS_API;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.PAYMENTS_API;
import static org.fapipack.fixture.FapiRealm.USER;
import static org.fapipack.weaknesses.Replay.assertRefused;
import static org.fapipack.weaknesses.Replay.code;
import static org.fapipack.weaknesses.Replay.saveBeforeThePolicy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.fixture.Weakness;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Published attacks on codes, tokens and sessions. */
class TokenReplayIT {

    private static final String EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange";
    private static final String ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token";
    private static final String REFRESH_TOKEN = "urn:ietf:params:oauth:token-type:refresh_token";
    private static final String SIGNED_INTROSPECTION = "application/token-introspection+jwt";

    private static FapiRealm realm;
    private static FapiClient client;
    private static FapiClient thief;
    private static Tokens tokens;
    private static URI userinfo;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addDpopClient("owner");
        thief = realm.addDpopClient("thief");
        for (FapiClient exchanger : new FapiClient[] {client, thief}) {
            realm.admin()
                    .updateClient(
                            realm.name(),
                            exchanger.clientId(),
                            Map.of(
                                    "attributes",
                                    Map.of(
                                            "standard.token.exchange.enabled",
                                            "true",
                                            "standard.token.exchange.enableRefreshRequestedTokenType",
                                            "SAME_SESSION")));
        }
        tokens = realm.tokensFor(client);
        userinfo = client.metadata().endpoint(ServerMetadata.USERINFO);
    }

    @AfterEach
    void theRightfulOwnerGoesOn() {
        assertThat(client.callApi(userinfo, tokens.accessToken()).status()).isEqualTo(200);
        assertThat(client.refresh(tokens.refreshToken().orElseThrow()).accessToken())
                .isNotEmpty();
    }

    @Test
    @Weakness({"GHSA-9g98-5mj6-f9mv", "CVE-2026-16089"})
    @Requirement("SP-5.3.2.2-9")
    void aStolenCodeIsOfNoUseToAnotherClient() {
        Browser browser = realm.browser();
        PendingAuthorization known = client.begin();
        String stolen = code(client, known, browser);
        assertThat(code(thief, thief.begin(), browser))
                .as("the thief has a session, too")
                .isNotEmpty();
        assertRefused(thief.codeRequest(stolen, known).send(), 400, "invalid_grant");
        assertRefused(thief.codeRequest(withClient(stolen, thief), known).send(), 400, "invalid_grant");
        assertRefused(
                thief.codeRequest(stolen.substring(0, stolen.indexOf('.')), known)
                        .send(),
                400,
                "invalid_grant");

        assertThat(client.redeem(stolen, known).tokenType())
                .as("its owner goes on")
                .isEqualTo("DPoP");
    }

    @Test
    @Weakness({"CVE-2026-4282", "CVE-2026-4325"})
    @Requirement({"PAR-7", "PAR-8"})
    void whatIsStoredForOneUseIsNoCodeAndStays() {
        Browser browser = realm.browser();
        PendingAuthorization own = thief.begin();
        String session = code(thief, own, browser).split("\\.", 3)[1];
        PendingAuthorization pending = client.begin();
        String requestUri = client.push(pending).requestUri();
        String stored = requestUri.substring(requestUri.lastIndexOf(':') + 1);
        String jti = (String) client.clientAssertion().claims().get("jti");
        for (String key : new String[] {stored, "code:" + stored, jti, requestUri}) {
            assertRefused(
                    thief.codeRequest(key + '.' + session + '.' + id(thief), own)
                            .send(),
                    400,
                    "invalid_grant");
        }
        assertThat(client.verifyJarm(
                                browser.logInAndConsent(client.authorizationUrl(requestUri), USER, PASSWORD), pending)
                        .code())
                .isNotEmpty();
    }

    @Test
    @Weakness("CVE-2025-14559")
    void aDisabledPersonGetsNoMoreTokens() {
        realm.admin().updateUser(realm.name(), USER, Map.of("enabled", false));
        try {
            assertRefused(
                    client.refreshRequest(tokens.refreshToken().orElseThrow()).send(), 400, "invalid_grant");
            assertRefused(client.tokenRequest(exchange(tokens)).send(), 400, "invalid_request");
            assertThat(client.callApi(userinfo, tokens.accessToken()).status()).isEqualTo(401);
        } finally {
            realm.admin().updateUser(realm.name(), USER, Map.of("enabled", true));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "empty", "too long", "broken"})
    @Weakness("CVE-2026-9704")
    void anExchangeWithoutItsSubjectIsNone(String subject) {
        Form form = exchange(tokens);
        Exchange answer = client.tokenRequest(
                        switch (subject) {
                            case "none" -> form.remove("subject_token");
                            case "empty" -> form.set("subject_token", "");
                            case "too long" -> form.set("subject_token", tokens.accessToken() + "x".repeat(20_000));
                            default -> form.set("subject_token", "x.y.z");
                        })
                .send();
        assertRefused(answer, 400, "invalid_request");
    }

    @Test
    @Weakness("CVE-2026-93999")
    void aRefreshedExchangeDoesNotNameADisabledResourceServer() {
        Exchange exchanged = client.tokenRequest(exchange(tokens)
                        .set("requested_token_type", REFRESH_TOKEN)
                        .set("audience", ACCOUNTS_API))
                .send()
                .expect(200);
        String refreshToken = Json.text(exchanged.json(), "refresh_token").orElseThrow();
        realm.admin().updateClient(realm.name(), ACCOUNTS_API, Map.of("enabled", false));
        try {
            assertRefused(
                    client.tokenRequest(exchange(tokens).set("audience", ACCOUNTS_API))
                            .send(),
                    400,
                    "invalid_client");
            Exchange refreshed = client.refreshRequest(refreshToken).send();
            assertThat(refreshed.status()).as(refreshed.body()).isEqualTo(400);
            assertThat(refreshed.json()).doesNotContainKey("access_token");
        } finally {
            realm.admin().updateClient(realm.name(), ACCOUNTS_API, Map.of("enabled", true));
        }
        assertThat(client.refresh(refreshToken).accessTokenClaims()).containsEntry("aud", ACCOUNTS_API);
    }

    @Test
    @Weakness("CVE-2026-93999")
    @Requirement("CA-1")
    void aDisabledClientRefreshesAndExchangesNothing() {
        FapiClient disabled = realm.addDpopClient("disabled");
        Tokens before = realm.tokensFor(disabled);
        realm.admin().updateClient(realm.name(), "disabled", Map.of("enabled", false));
        assertRefused(
                disabled.refreshRequest(before.refreshToken().orElseThrow()).send(), 401, "invalid_client");
        assertRefused(disabled.tokenRequest(exchange(before)).send(), 401, "invalid_client");
        assertThat(disabled.callApi(userinfo, before.accessToken()).status()).isEqualTo(401);
        realm.admin().updateClient(realm.name(), "disabled", Map.of("enabled", true));
        assertThat(disabled.refresh(before.refreshToken().orElseThrow()).accessToken())
                .isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({"-100, 60, CVE-2026-18218", "60, -100, CVE-2026-8922"})
    @Weakness({"CVE-2026-18218", "CVE-2026-8922"})
    @Requirement("INT-4")
    void theLaterRevocationHolds(long ofTheRealm, long ofTheClient, String weakness) {
        FapiRealm own = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient revoked = own.addDpopClient("revoked");
        Tokens before = own.tokensFor(revoked);
        long issuedAt = ((Number) before.accessTokenClaims().get("iat")).longValue();
        own.admin().updateRealm(own.name(), Map.of("notBefore", issuedAt + ofTheRealm));
        own.admin().updateClient(own.name(), "revoked", Map.of("notBefore", issuedAt + ofTheClient));
        URI ownUserinfo = revoked.metadata().endpoint(ServerMetadata.USERINFO);
        assertThat(revoked.callApi(ownUserinfo, before.accessToken()).status()).isEqualTo(401);
        assertRefused(
                revoked.refreshRequest(before.refreshToken().orElseThrow()).send(), 400, "invalid_grant");
        assertThat(introspection(own.accountsApi(), before.accessToken())).isEqualTo(Map.of("active", false));

        own.admin().updateRealm(own.name(), Map.of("notBefore", 0));
        own.admin().updateClient(own.name(), "revoked", Map.of("notBefore", 0));
        assertThat(revoked.callApi(ownUserinfo, before.accessToken()).status()).isEqualTo(200);
    }

    @Test
    @Weakness({"CVE-2026-37979", "CVE-2026-18208"})
    @Requirement({"INT-4", "INT-8"})
    void aTokenForSomebodyElseIsInactiveAndStaysOpaque() {
        saveBeforeThePolicy(
                realm,
                client.clientId(),
                Map.of("attributes", Map.of("client.use.lightweight.access.token.enabled", "true")));
        saveBeforeThePolicy(
                realm,
                PAYMENTS_API,
                Map.of("attributes", Map.of("client.introspection.response.allow.jwt.claim.enabled", "true")));
        String lightweight = realm.tokensFor(client).accessToken();
        FapiClient curious = realm.resourceServer(PAYMENTS_API);
        assertThat(introspection(curious, lightweight)).isEqualTo(Map.of("active", false));
        assertRefused(
                curious.introspectionRequest(lightweight, "application/jwt").send(), 406, "invalid_request");
        assertThat(introspection(realm.accountsApi(), lightweight)).containsEntry("active", true);
        saveBeforeThePolicy(
                realm,
                client.clientId(),
                Map.of("attributes", Map.of("client.use.lightweight.access.token.enabled", "false")));
    }

    @Test
    @Weakness("CVE-2026-37977")
    void aForgedTokenNamesNoOrigin() {
        saveBeforeThePolicy(realm, client.clientId(), Map.of("webOrigins", List.of("*")));
        String forged = JwtDraft.empty()
                .claim("iss", client.issuer())
                .claim("azp", client.clientId())
                .claim("typ", "Bearer")
                .claim("sub", "x")
                .claim("exp", Instant.now().plusSeconds(60))
                .signedBy(SigningKey.generate(ES256))
                .compact();
        Exchange answer = client.tokenRequest(Form.of("grant_type", "urn:ietf:params:oauth:grant-type:uma-ticket"))
                .withoutClientAssertion()
                .withoutDpop()
                .header("Authorization", "Bearer " + forged)
                .header("Origin", "https://evil.test")
                .send();
        assertRefused(answer, 400, "invalid_grant");
        assertThat(answer.headers("Access-Control-Allow-Origin")).isEmpty();
        saveBeforeThePolicy(realm, client.clientId(), Map.of("webOrigins", List.of()));
    }

    @Test
    @Weakness("CVE-2026-4634")
    @Requirement("PAR-20")
    void aScopeWithoutEndIsNotWorkedOn() {
        String endless = "openid" + " a".repeat(10_000);
        Exchange pushed = client.pushedAuthorizationRequest(
                        client.requestObject(client.begin()).claim("scope", endless))
                .send();
        assertRefused(pushed, 400, "invalid_request");
        assertThat(pushed.errorDescription()).get().asString().contains("scope may have at most 4000 characters");
        assertThat(client.refreshRequest(tokens.refreshToken().orElseThrow())
                        .set("scope", endless)
                        .send()
                        .took())
                .isLessThan(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DPoP\t", "DPoP  ", "DPoP \t", "Bearer DPoP ", "DPoP,"})
    @Weakness("CVE-2026-0707")
    @Requirement("SP-5.3.4-1/2")
    void aSchemeIsFollowedByOneSpace(String scheme) {
        Exchange answer = client.callApi(
                userinfo,
                Headers.of("Authorization", scheme + tokens.accessToken())
                        .add(
                                "DPoP",
                                client.dpopProof("GET", userinfo, tokens.accessToken())
                                        .compact()));
        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).isPresent();
    }

    @Test
    @Weakness("GHSA-7fpj-9hr8-28vh")
    @Requirement("DP-10")
    void aLogoutTokenIsNoAccessToken() throws IOException, InterruptedException {
        BlockingQueue<String> posted = new ArrayBlockingQueue<>(1);
        HttpsServer logout = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        logout.setHttpsConfigurator(new HttpsConfigurator(realm.pki().serverContext()));
        logout.createContext("/logout", exchange -> {
            posted.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        logout.start();
        try {
            FapiClient leaving = realm.addDpopClient("leaving");
            realm.admin()
                    .setClientAttribute(
                            realm.name(),
                            "leaving",
                            "backchannel.logout.url",
                            "https://localhost:%d/logout"
                                    .formatted(logout.getAddress().getPort()));
            Tokens session = realm.tokensFor(leaving);
            realm.admin().deleteSession(realm.name(), (String)
                    session.accessTokenClaims().get("sid"));
            String token = Form.parse(posted.poll(30, TimeUnit.SECONDS))
                    .first("logout_token")
                    .orElseThrow();
            assertThat(leaving.callApi(userinfo, token).status()).isEqualTo(401);
            assertThat(leaving.callApi(userinfo, Headers.of("Authorization", "Bearer " + token))
                            .status())
                    .isEqualTo(401);
            assertThat(introspection(realm.accountsApi(), token)).isEqualTo(Map.of("active", false));
            assertRefused(
                    leaving.tokenRequest(exchange(session).set("subject_token", token))
                            .send(),
                    400,
                    "invalid_request");
        } finally {
            logout.stop(0);
        }
    }

    private static Form exchange(Tokens subject) {
        return Form.of(
                "grant_type",
                EXCHANGE,
                "subject_token",
                subject.accessToken(),
                "subject_token_type",
                ACCESS_TOKEN,
                "scope",
                "accounts");
    }

    private static Map<String, Object> introspection(FapiClient resourceServer, String token) {
        return Json.object(CompactJwt.parse(resourceServer
                        .introspectionRequest(token, SIGNED_INTROSPECTION)
                        .send()
                        .expect(200)
                        .body())
                .claims()
                .get("token_introspection"));
    }

    private static String withClient(String code, FapiClient other) {
        return code.substring(0, code.lastIndexOf('.') + 1) + id(other);
    }

    private static Object id(FapiClient party) {
        return realm.admin().client(realm.name(), party.clientId()).get("id");
    }
}
