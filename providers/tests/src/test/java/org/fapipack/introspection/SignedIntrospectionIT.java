package org.fapipack.introspection;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static com.nimbusds.jose.JWSAlgorithm.EdDSA;
import static com.nimbusds.jose.JWSAlgorithm.PS256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.ACCOUNTS_API;
import static org.fapipack.fixture.FapiRealm.PAYMENTS_API;
import static org.fapipack.fixture.FapiRealm.USER;
import static org.fapipack.fixture.IntrospectionAssertions.TOKEN_INTROSPECTION_JWT;
import static org.fapipack.fixture.IntrospectionAssertions.assertInactive;
import static org.fapipack.fixture.IntrospectionAssertions.assertRefused;
import static org.fapipack.fixture.IntrospectionAssertions.rawClaims;
import static org.fapipack.fixture.IntrospectionAssertions.verify;

import com.nimbusds.jose.JWSAlgorithm;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.resource.TokenIntrospection;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9701: what a resource server gets when it asks for a signed introspection response, and what it does not get. */
class SignedIntrospectionIT {

    private static FapiRealm realm;
    private static FapiClient client;
    private static FapiClient accounts;
    private static Tokens tokens;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addDpopClient("app");
        accounts = realm.accountsApi();
        tokens = realm.tokensFor(client);
    }

    @Test
    @Requirement({"RFC9701-5", "INT-1", "INT-2", "INT-3", "INT-11", "MS-5.5.1-1"})
    void describesAnActiveTokenInASignedJwt() {
        Exchange answer = ask(accounts, tokens.accessToken());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.mediaType()).isEqualTo(TOKEN_INTROSPECTION_JWT);
        TokenIntrospection introspection = verify(accounts, answer, ES256);
        assertThat(introspection.active()).isTrue();
        assertThat(introspection.header().keySet()).containsExactlyInAnyOrder("alg", "typ", "kid");
        assertThat(introspection.header()).containsEntry("typ", "token-introspection+jwt");
        assertThat(introspection.claims().keySet())
                .as("no sub, exp, active or scope at the top level")
                .containsExactlyInAnyOrder("iss", "aud", "iat", "jti", "token_introspection");
        assertThat(introspection.claims().get("aud")).isEqualTo(ACCOUNTS_API);
        assertThat((Long) introspection.claims().get("iat"))
                .isBetween(Instant.now().getEpochSecond() - 5, Instant.now().getEpochSecond() + 1);
        assertThat(introspection.text("client_id")).contains("app");
        assertThat(introspection.text("scope")).contains("accounts");
        assertThat(introspection.text("token_type")).contains("DPoP");
        assertThat(introspection.confirmation("jkt"))
                .contains(client.dpopKey().orElseThrow().thumbprint());
        assertThat(introspection.hasAudience(ACCOUNTS_API)).isTrue();
        assertThat(introspection.members()).containsKeys("iss", "sub", "exp", "iat", "jti", "auth_time");
    }

    @Test
    @Requirement({"RFC9701-9", "INT-3"})
    void tellsNothingAboutThePerson() {
        assertThat(verify(accounts, ask(accounts, tokens.accessToken()), ES256)
                        .members()
                        .keySet())
                .doesNotContain(
                        "username", "preferred_username", "email", "name", "sid", "realm_access", "resource_access");
    }

    @Test
    @Requirement("RFC9701-5")
    void everyResponseHasItsOwnIdentifier() {
        assertThat(rawClaims(ask(accounts, tokens.accessToken())).get("jti"))
                .isNotEqualTo(rawClaims(ask(accounts, tokens.accessToken())).get("jti"));
    }

    static Stream<JWSAlgorithm> algorithms() {
        return Stream.of(PS256, ES256, EdDSA);
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    @Requirement({"RFC9701-6", "INT-2", "INT-6"})
    void usesTheRegisteredAlgorithm(JWSAlgorithm algorithm) {
        FapiClient server =
                realm.addResourceServer("rs-" + algorithm.getName().toLowerCase(java.util.Locale.ROOT), algorithm);
        TokenIntrospection introspection = verify(server, ask(server, tokens.accessToken()), algorithm);
        assertThat(introspection.active())
                .as("the token is not meant for this resource server")
                .isFalse();
    }

    @Test
    @Requirement({"RFC9701-6", "INT-6"})
    void usesPs256WhereNothingIsRegistered() {
        FapiRealm old = KeycloakUnderTest.running().messageSigningRealm();
        old.setAttributeBehindThePolicysBack(ACCOUNTS_API, "introspection.signed.response.alg", "");
        assertThat(verify(old.accountsApi(), ask(old.accountsApi(), "unknown"), PS256)
                        .active())
                .isFalse();
    }

    @Test
    @Requirement({"INT-3", "MS-5.5.1-1"})
    void describesACertificateBoundToken() {
        FapiClient mtls = realm.addMtlsClient("mtls-app");
        TokenIntrospection introspection =
                verify(accounts, ask(accounts, realm.tokensFor(mtls).accessToken()), ES256);
        assertThat(introspection.confirmation("x5t#S256"))
                .contains(mtls.certificate().orElseThrow().thumbprint());
        assertThat(introspection.text("token_type")).contains("Bearer");
    }

    @Test
    @Requirement("RFC9701-5")
    void describesALightweightAccessToken() {
        FapiClient light = realm.addDpopClient("light-app");
        realm.admin()
                .setClientAttribute(realm.name(), "light-app", "client.use.lightweight.access.token.enabled", "true");
        Tokens lightweight = realm.tokensFor(light);
        assertThat(lightweight.accessTokenClaims()).as("it is lightweight").doesNotContainKey("sub");

        TokenIntrospection introspection = verify(accounts, ask(accounts, lightweight.accessToken()), ES256);
        assertThat(introspection.active()).isTrue();
        assertThat(introspection.text("scope")).contains("accounts");
        assertThat(introspection.members()).containsKeys("sub", "client_id", "cnf");
    }

    @Test
    @Requirement("RFC9701-5")
    void describesARefreshTokenToItsOwnClientOnly() {
        FapiClient both = realm.addDpopClient("app-and-api");
        realm.admin().setClientAttribute(realm.name(), "app-and-api", "fapi.resource.server", "true");
        realm.admin().setClientAttribute(realm.name(), "app-and-api", "introspection.signed.response.alg", "ES256");
        String refreshToken = realm.tokensFor(both).refreshToken().orElseThrow();

        TokenIntrospection own = verify(both, ask(both, refreshToken), ES256);
        assertThat(own.active()).isTrue();
        assertThat(own.text("token_type")).contains("Refresh");
        assertInactive(accounts, ask(accounts, refreshToken), ES256);
    }

    // --- not active -------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unknown",
                "a.b.c",
                "e30.e30.e30",
                "eyJhbGciOiJub25lIn0.eyJ0eXAiOiJCZWFyZXIiLCJhenAiOiJhcHAifQ.",
                "eyJhbGciOiJFUzI1NiIsImtpZCI6IngifQ.eyJ0eXAiOiJCZWFyZXIiLCJhenAiOiJhcHAifQ.AAAA",
                "eyJhbGciOiJ1bmtub3duIn0.eyJ0eXAiOiJCZWFyZXIiLCJhenAiOiJhcHAifQ.AAAA",
                "eyJ0eXAiOiJKV1QifQ.eyJ0eXAiOiJCZWFyZXIiLCJhenAiOiJhcHAifQ.AAAA",
                "....",
            })
    @Requirement({"RFC9701-5", "INT-4", "INT-9"})
    void garbageIsInactive(String token) {
        assertInactive(accounts, ask(accounts, token), ES256);
    }

    @Test
    @Requirement({"RFC9701-5", "INT-4"})
    void aTokenWithABrokenSignatureIsInactive() {
        String token = tokens.accessToken();
        char last = token.charAt(token.length() - 20);
        String broken = token.substring(0, token.length() - 20)
                + (last == 'A' ? 'B' : 'A')
                + token.substring(token.length() - 19);
        assertInactive(accounts, ask(accounts, broken), ES256);
    }

    @Test
    @Requirement({"RFC9701-5", "INT-4", "INT-8"})
    void aTokenForAnotherResourceServerIsInactive() {
        assertInactive(
                realm.resourceServer(PAYMENTS_API),
                ask(realm.resourceServer(PAYMENTS_API), tokens.accessToken()),
                ES256);
    }

    @Test
    @Requirement({"RFC9701-5", "INT-8"})
    void stocksSwitchAgainstTheAudienceCheckIsNotHonoured() {
        FapiClient nosy = realm.addResourceServer("nosy-api", ES256);
        realm.admin()
                .setClientAttribute(
                        realm.name(), "nosy-api", "allow.token.introspection.without.audience.check", "true");
        assertInactive(nosy, ask(nosy, tokens.accessToken()), ES256);
    }

    @Test
    @Requirement("RFC9701-5")
    void otherKindsOfJwtAreInactive() {
        assertInactive(accounts, ask(accounts, tokens.refreshToken().orElseThrow()), ES256);
        assertInactive(accounts, ask(accounts, tokens.idToken().orElseThrow()), ES256);
        assertInactive(
                accounts, ask(accounts, ask(accounts, tokens.accessToken()).body()), ES256);
        assertInactive(accounts, ask(accounts, accounts.clientAssertion().compact()), ES256);
    }

    @Test
    @Requirement("RFC9701-5")
    void aTokenOfAnotherRealmIsInactive() {
        FapiRealm other = KeycloakUnderTest.running().messageSigningRealm();
        String foreign = other.tokensFor(other.addDpopClient("app")).accessToken();
        assertThat(verify(other.accountsApi(), ask(other.accountsApi(), foreign), ES256)
                        .active())
                .isTrue();
        assertInactive(accounts, ask(accounts, foreign), ES256);
    }

    @Test
    @Requirement({"RFC9701-5", "INT-4"})
    void anExpiredTokenIsInactive() throws Exception {
        FapiClient brief = realm.addDpopClient("brief");
        realm.admin().setClientAttribute(realm.name(), "brief", "access.token.lifespan", "2");
        String token = realm.tokensFor(brief).accessToken();
        Thread.sleep(3_000);
        assertInactive(accounts, ask(accounts, token), ES256);
    }

    @Test
    @Requirement({"RFC9701-5", "INT-4"})
    void aRevokedTokenIsInactive() {
        FapiRealm own = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient app = own.addMtlsClient("revokes");
        Tokens issued = own.tokensFor(app);
        assertThat(verify(own.accountsApi(), ask(own.accountsApi(), issued.accessToken()), ES256)
                        .active())
                .isTrue();
        assertThat(app.revocationRequest(issued.accessToken()).send().status()).isEqualTo(200);
        assertInactive(own.accountsApi(), ask(own.accountsApi(), issued.accessToken()), ES256);
    }

    @Test
    @Requirement({"RFC9701-5", "INT-4"})
    void aTokenOfAnEndedSessionADisabledUserOrADisabledClientIsInactive() {
        FapiRealm own = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient app = own.addDpopClient("ends");
        FapiClient api = own.accountsApi();

        String first = own.tokensFor(app).accessToken();
        own.admin().logoutUser(own.name(), USER);
        assertInactive(api, ask(api, first), ES256);

        String second = own.tokensFor(app).accessToken();
        own.admin().updateUser(own.name(), USER, Map.of("enabled", false));
        assertInactive(api, ask(api, second), ES256);
        own.admin().updateUser(own.name(), USER, Map.of("enabled", true));

        String third = own.tokensFor(app).accessToken();
        own.admin().updateClient(own.name(), "ends", Map.of("enabled", false));
        assertInactive(api, ask(api, third), ES256);
    }

    // --- who may ask ------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"RFC9701-5-note", "INT-8"})
    void withoutClientAuthenticationTheRequestIsInvalid() {
        Exchange nobody = accounts.introspectionRequest(tokens.accessToken(), TOKEN_INTROSPECTION_JWT)
                .withoutClientAssertion()
                .send();
        assertRefused(nobody, 400, "invalid_request");
        Exchange onlyName = accounts.introspectionRequest(tokens.accessToken(), TOKEN_INTROSPECTION_JWT)
                .withoutClientAssertion()
                .set("client_id", ACCOUNTS_API)
                .send();
        assertRefused(onlyName, 400, "invalid_request");
    }

    @Test
    @Requirement({"RFC9701-3", "INT-8"})
    void wrongCredentialsAreAnInvalidClient() {
        Exchange broken = accounts.introspectionRequest(tokens.accessToken(), TOKEN_INTROSPECTION_JWT)
                .clientAssertion(accounts.clientAssertion().withBrokenSignature())
                .send();
        assertRefused(broken, 401, "invalid_client");
        Exchange stranger = accounts.introspectionRequest(tokens.accessToken(), TOKEN_INTROSPECTION_JWT)
                .clientAssertion(
                        accounts.clientAssertion().claim("iss", "nobody").claim("sub", "nobody"))
                .send();
        assertRefused(stranger, 401, "invalid_client");
        Exchange basic = accounts.introspectionRequest(tokens.accessToken(), TOKEN_INTROSPECTION_JWT)
                .withoutClientAssertion()
                .header("Authorization", "Basic YWNjb3VudHMtYXBpOnNlY3JldA==")
                .send();
        assertRefused(basic, 401, "invalid_client");
    }

    @Test
    @Requirement("RFC9701-3")
    void anAssertionIsGoodOnce() {
        var request = accounts.introspectionRequest(tokens.accessToken(), TOKEN_INTROSPECTION_JWT);
        assertThat(request.send().status()).isEqualTo(200);
        assertRefused(request.send(), 401, "invalid_client");
    }

    @Test
    @Requirement("RFC9701-3")
    void aDisabledResourceServerIsAnInvalidClient() {
        FapiClient disabled = realm.addResourceServer("disabled-api", ES256);
        realm.admin().updateClient(realm.name(), "disabled-api", Map.of("enabled", false));
        assertRefused(ask(disabled, tokens.accessToken()), 401, "invalid_client");
    }

    @Test
    @Requirement("RFC9701-3")
    void aResourceServerOfAnotherRealmIsAnInvalidClient() {
        FapiRealm other = KeycloakUnderTest.running().messageSigningRealm();
        Exchange answer = other.accountsApi()
                .introspectionRequest(tokens.accessToken(), TOKEN_INTROSPECTION_JWT)
                .to(accounts.metadata().endpoint("introspection_endpoint"))
                .send();
        assertRefused(answer, 401, "invalid_client");
    }

    @Test
    @Requirement({"MS-6.2", "MS-5.5.1-2"})
    void anOrdinaryClientLearnsNothingNotEvenOfItsOwnToken() {
        FapiClient thief = realm.addDpopClient("thief");
        assertInactive(client, ask(client, tokens.accessToken()), PS256);
        assertInactive(thief, ask(thief, tokens.accessToken()), PS256);
        assertThat(thief.introspectionRequest(tokens.accessToken(), "application/json")
                        .send()
                        .json())
                .isEqualTo(Map.of("active", false));
        assertThat(Map.copyOf(realm.lastEvent("INTROSPECT_TOKEN_ERROR")).toString())
                .contains("not_resource_server");
    }

    @Test
    @Requirement({"MS-6.2", "INT-12"})
    void anOrdinaryClientCanBeRefused() {
        FapiRealm strict = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient app = strict.addDpopClient("app");
        String token = strict.tokensFor(app).accessToken();
        strict.configure("fapi-signed-introspection", Map.of("other-clients", "refuse"));
        assertRefused(ask(app, token), 403, "unauthorized_client");
        assertThat(verify(strict.accountsApi(), ask(strict.accountsApi(), token), ES256)
                        .active())
                .isTrue();
    }

    @Test
    @Requirement({"MS-6.2", "INT-10"})
    void noHintIsAWayRoundTheRules() {
        FapiClient spy = realm.addDpopClient("spy");
        realm.admin()
                .setClientAttribute(realm.name(), "spy", "allow.token.introspection.without.audience.check", "true");
        for (String hint : List.of("access_token", "refresh_token", "requesting_party_token", "something")) {
            assertInactive(
                    spy,
                    spy.introspectionRequest(tokens.accessToken(), TOKEN_INTROSPECTION_JWT)
                            .set("token_type_hint", hint)
                            .send(),
                    PS256);
            assertRefused(
                    accounts.introspectionRequest(tokens.accessToken(), "application/json")
                            .set("token_type_hint", hint)
                            .send(),
                    406,
                    "invalid_request");
        }
    }

    // --- how much it may see ----------------------------------------------------------------------------------------

    @Test
    @Requirement({"RFC9701-5", "RFC9701-9"})
    void scopeIsNarrowedToTheResourceServersOwn() {
        FapiClient wide = client.toBuilder().scope("openid accounts payments").build();
        String token = realm.tokensFor(wide).accessToken();
        assertThat(verify(accounts, ask(accounts, token), ES256).text("scope")).contains("accounts");
        FapiClient payments = realm.resourceServer(PAYMENTS_API);
        TokenIntrospection other = verify(payments, ask(payments, token), ES256);
        assertThat(other.text("scope")).contains("payments");
        assertThat(other.claims().get("aud")).isEqualTo(PAYMENTS_API);
    }

    @Test
    @Requirement("RFC9701-9")
    void aClaimAboutThePersonNeedsThePermissionOfThisResourceServer() {
        FapiRealm own = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient app = own.addDpopClient("app").toBuilder()
                .scope("openid email accounts payments")
                .build();
        own.admin().setClientAttribute(own.name(), ACCOUNTS_API, "fapi.introspection.claims", "email");
        String token = own.tokensFor(app).accessToken();
        FapiClient payments = own.resourceServer(PAYMENTS_API);
        assertThat(verify(own.accountsApi(), ask(own.accountsApi(), token), ES256)
                        .members())
                .containsKey("email");
        assertThat(verify(payments, ask(payments, token), ES256).members()).doesNotContainKey("email");
    }

    // --- requests
    // -----------------------------------------------------------------------------------------------------

    @Test
    @Requirement("INT-10")
    void aTokenTypeHintOnlyHelpsTheSearch() {
        for (String hint :
                List.of("access_token", "refresh_token", "requesting_party_token", "id_token", "something", "")) {
            Exchange answer = accounts.introspectionRequest(tokens.accessToken(), TOKEN_INTROSPECTION_JWT)
                    .set("token_type_hint", hint)
                    .send();
            assertThat(verify(accounts, answer, ES256).active())
                    .as("hint '%s'", hint)
                    .isTrue();
        }
    }

    @Test
    @Requirement("RFC9701-4")
    void aTokenIsRequiredOnce() {
        assertRefused(
                accounts.introspectionRequest("x", TOKEN_INTROSPECTION_JWT)
                        .remove("token")
                        .send(),
                400,
                "invalid_request");
        assertRefused(
                accounts.introspectionRequest("x", TOKEN_INTROSPECTION_JWT)
                        .add("token", "y")
                        .send(),
                400,
                "invalid_request");
    }

    @Test
    @Requirement("RFC9701-4")
    void onlyPostIsAllowed() {
        var http = org.fapipack.testkit.http.HttpCaller.over(realm.pki().sslContext());
        var endpoint = accounts.metadata().endpoint("introspection_endpoint");
        for (String method : List.of("GET", "HEAD", "PUT", "DELETE")) {
            assertThat(http.send(method, endpoint, org.fapipack.testkit.http.Headers.none(), "")
                            .status())
                    .as(method)
                    .isEqualTo(405);
        }
    }

    @Test
    @Requirement({"INT-13", "RFC9701-4"})
    void nothingMayBeCachedAndNoBrowserMayAsk() {
        List<Exchange> answers = List.of(
                ask(accounts, tokens.accessToken()),
                ask(accounts, "unknown"),
                accounts.introspectionRequest("x", "application/json").send(),
                accounts.introspectionRequest("x", TOKEN_INTROSPECTION_JWT)
                        .withoutClientAssertion()
                        .send());
        for (Exchange answer : answers) {
            assertThat(answer.headers("cache-control")).as(answer.toString()).contains("no-store");
            assertThat(answer.headers("vary")).containsExactly("Accept");
            assertThat(answer.header("access-control-allow-origin")).isEmpty();
        }
    }

    @Test
    @Requirement("RFC9701-5")
    void manyAtATimeAllVerify() throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Exchange>> requests = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                requests.add(() -> ask(accounts, tokens.accessToken()));
            }
            Set<Object> identifiers = new java.util.HashSet<>();
            for (Future<Exchange> answer : pool.invokeAll(requests)) {
                TokenIntrospection introspection = verify(accounts, answer.get(), ES256);
                assertThat(introspection.active()).isTrue();
                identifiers.add(introspection.claims().get("jti"));
            }
            assertThat(identifiers).hasSize(200);
        } finally {
            pool.shutdown();
        }
    }

    // --- keys -------------------------------------------------------------------------------------------------------

    @Test
    @Requirement({"RFC9701-5", "INT-2"})
    void followsKeyRotation() {
        FapiRealm rotating = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient api = rotating.accountsApi();
        String before = keyId(ask(api, "x"));
        rotating.admin()
                .addKeyProvider(
                        rotating.name(),
                        "next",
                        "ecdsa-generated",
                        Map.of("ecdsaEllipticCurveKey", "P-256", "priority", "999"));
        Exchange answer = ask(api, "x");
        verify(api, answer, ES256);
        assertThat(keyId(answer)).isNotEqualTo(before);
        assertThat(api.issuerKeys().getKeys().stream()
                        .map(key -> key.getKeyID())
                        .collect(Collectors.toSet()))
                .contains(before, keyId(answer));
    }

    @Test
    @Requirement({"RFC9701-5", "INT-2"})
    void aRealmWithoutAKeyForTheAlgorithmMakesOneAndPublishesIt() {
        // Keycloak's own doing: an algorithm that is asked for and has no key gets a fallback key. So no weaker answer
        // here either.
        FapiRealm keyless = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient api = keyless.addResourceServer("eddsa-api", EdDSA);
        String before = keyId(ask(api, "unknown"));
        keyless.admin().keyProviders(keyless.name()).stream()
                .filter(provider -> "eddsa-generated".equals(provider.get("providerId")))
                .forEach(provider -> keyless.admin().deleteComponent(keyless.name(), (String) provider.get("id")));
        Exchange answer = ask(api, "unknown");
        assertThat(verify(api, answer, EdDSA).active()).isFalse();
        assertThat(keyId(answer)).isNotEqualTo(before);
    }

    @Test
    @Requirement({"RFC9701-8.1", "MS-5.5.1-1"})
    void theEventSaysWhoAskedAndWhy() {
        ask(realm.resourceServer(PAYMENTS_API), tokens.accessToken());
        Map<String, Object> event = realm.lastEvent("INTROSPECT_TOKEN_ERROR");
        assertThat(event).containsEntry("clientId", PAYMENTS_API).containsEntry("error", "invalid_token");
    }

    private static String keyId(Exchange answer) {
        return CompactJwt.parse(answer.body()).headerText("kid").orElseThrow();
    }

    private static Exchange ask(FapiClient asker, String token) {
        return asker.introspectionRequest(token, TOKEN_INTROSPECTION_JWT).send();
    }
}
