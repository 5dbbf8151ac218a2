package org.fapipack.weaknesses;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.REDIRECT_URI;
import static org.fapipack.fixture.FapiRealm.USER;
import static org.fapipack.weaknesses.Replay.assertRefused;
import static org.fapipack.weaknesses.Replay.saveBeforeThePolicy;

import java.net.URI;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.fixture.Weakness;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.overlay.Parties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Published ways round client policies. */
class PolicyReplayIT {

    private static final String PROFILE = "fapi-pack-2-message-signing-dpop";

    private static FapiRealm realm;
    private static FapiClient client;

    /** Its policies change with each test. */
    private static FapiRealm conditioned;

    /** Allows http on localhost. */
    private static FapiRealm lenient;

    @BeforeAll
    static void prepareRealms() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addDpopClient("owner");
        conditioned = KeycloakUnderTest.running().messageSigningRealm();
        lenient = KeycloakUnderTest.running().messageSigningRealm();
        lenient.configure("secure-client-uris", Map.of("allow-http-on-localhost", true));
    }

    static Stream<Arguments> conditions() {
        return Stream.of(
                Arguments.of("client-attributes", Map.of("attributes", "[{\"key\":\"ecosystem\",\"value\":\"open\"}]")),
                Arguments.of("client-roles", Map.of("roles", List.of("regulated"))),
                Arguments.of("client-scopes", Map.of("type", "Optional", "scopes", List.of("accounts"))),
                Arguments.of("client-access-type", Map.of("type", List.of("confidential"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conditions")
    @Weakness("CVE-2026-9792")
    @Requirement("SP-5.3.2.1-2")
    void noConditionLetsThePasswordGrantThrough(String condition, Map<String, Object> configuration) {
        conditioned.admin().setClientPolicies(conditioned.name(), List.of());
        FapiClient app = conditioned.addDpopClient("under-" + condition);
        conditioned
                .admin()
                .post(
                        "/" + conditioned.name() + "/clients/" + id(conditioned, app.clientId()) + "/roles",
                        Map.of("name", "regulated"))
                .expect(201);
        conditioned
                .admin()
                .updateClient(
                        conditioned.name(),
                        app.clientId(),
                        Map.of(
                                "directAccessGrantsEnabled",
                                true,
                                "consentRequired",
                                false,
                                "attributes",
                                Map.of("ecosystem", "open")));
        conditioned.admin().setClientPolicies(conditioned.name(), List.of(policy(condition, configuration)));

        Exchange answer = app.tokenRequest(Form.of(
                        "grant_type", "password", "username", USER, "password", PASSWORD, "scope", "openid accounts"))
                .send();
        assertRefused(answer, 400, "invalid_grant");
        assertThat(conditioned.tokensFor(app).accessToken()).isNotEmpty();
    }

    @Test
    @Weakness("CVE-2026-18570")
    @Requirement({"DCR-3", "SP-5.3.2.1-14"})
    void fullScopeIsOffWhereNobodySpokeOfIt() {
        Map<String, Object> silent =
                new LinkedHashMap<>(Parties.dpopClient("silent", REDIRECT_URI, client.publicJwks(), ES256));
        // Keycloak gives full scope to a client that asks for no consent.
        silent.remove("fullScopeAllowed");
        silent.remove("consentRequired");
        realm.admin().createClient(realm.name(), silent);
        FapiClient created =
                client.toBuilder().clientId("silent").scope("openid").build();
        Exchange pushed = created.pushedAuthorizationRequest(created.requestObject(created.begin()))
                .send();
        assertRefused(pushed, 400, "invalid_request");
        assertThat(pushed.errorDescription()).get().asString().contains("full scope");

        Map<String, Object> again = new LinkedHashMap<>(realm.admin().client(realm.name(), "silent"));
        again.remove("fullScopeAllowed");
        realm.admin()
                .put("/" + realm.name() + "/clients/" + again.get("id"), again)
                .expect(204);
        assertThat(realm.admin().client(realm.name(), "silent")).containsEntry("fullScopeAllowed", false);
        assertThat(realm.tokensFor(created).accessTokenClaims()).doesNotContainKey("realm_access");
    }

    @Test
    @Weakness("CVE-2026-18573")
    @Requirement({"SP-5.3.2.1-3", "SP-5.3.2.1-6"})
    void aClientIsJudgedByWhatItBecomes() {
        FapiRealm own = KeycloakUnderTest.running().messageSigningRealm();
        List<Map<String, Object>> byAttribute = own.admin().clientPolicies(own.name());
        Map<String, Object> open =
                Map.of("clientId", "chameleon", "publicClient", true, "redirectUris", List.of(REDIRECT_URI.toString()));
        Map<String, Object> weak = Map.of(
                "publicClient",
                false,
                "clientAuthenticatorType",
                "client-secret",
                "secret",
                "weak",
                "fullScopeAllowed",
                false,
                "attributes",
                Map.of("dpop.bound.access.tokens", "true"));
        own.admin()
                .setClientPolicies(
                        own.name(), List.of(policy("client-access-type", Map.of("type", List.of("confidential")))));
        own.admin().createClient(own.name(), open);
        assertThat(own.admin().tryUpdateClient(own.name(), "chameleon", weak).status())
                .isEqualTo(400);
        assertThat(own.admin().client(own.name(), "chameleon")).containsEntry("publicClient", true);

        // The template's condition judges what the client was, so the weak one is saved. It is of no use.
        own.admin().setClientPolicies(own.name(), byAttribute);
        own.admin().updateClient(own.name(), "chameleon", weak);
        FapiClient chameleon =
                client.toBuilder().issuer(own.issuer()).clientId("chameleon").build();
        for (var call : List.of(
                chameleon.pushedAuthorizationRequest(chameleon.requestObject(chameleon.begin())),
                chameleon.codeRequest("x", chameleon.begin()),
                chameleon.refreshRequest("x"))) {
            assertRefused(
                    call.withoutClientAssertion()
                            .set("client_id", "chameleon")
                            .set("client_secret", "weak")
                            .send(),
                    401,
                    "invalid_client");
        }
        FapiClient neighbour = own.addDpopClient("neighbour");
        assertThat(own.tokensFor(neighbour).accessToken()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token",
                "id_token",
                "id_token token",
                "code token",
                "code id_token",
                "code id_token token",
                "none"
            })
    @Weakness({"keycloak#48428", "keycloak#51159"})
    @Requirement("SP-5.3.2.2-1")
    void noResponseTypeBringsATokenThroughTheBrowser(String responseType) {
        FapiClient lax = realm.addDpopClient("implicit-" + responseType.replace(' ', '-'));
        saveBeforeThePolicy(realm, lax.clientId(), Map.of("implicitFlowEnabled", true));
        assertRefused(
                lax.pushedAuthorizationRequest(lax.requestObject(lax.begin()).claim("response_type", responseType))
                        .send(),
                400,
                "invalid_request");
        Page page = realm.browser()
                .open(lax.authorizationUrl(lax.plainParameters(lax.begin()).set("response_type", responseType)));
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.isClientRedirect()).isFalse();

        assertThat(realm.tokensFor(lax).accessToken()).isNotEmpty();
    }

    @Test
    @Weakness("CVE-2026-7571")
    @Requirement("SP-5.3.2.2-1")
    void forgedClientDataDoesNotChangeTheAnswer() {
        FapiClient lax = realm.addDpopClient("restarted");
        PendingAuthorization pending = lax.begin();
        Browser browser = realm.browser();
        browser.open(lax.authorizationUrl(lax.push(pending).requestUri()));
        String forged = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"ru\":\"%s\",\"rt\":\"token\",\"rm\":\"fragment\"}"
                        .formatted(REDIRECT_URI)
                        .getBytes(UTF_8));
        URI restart = URI.create(
                realm.issuer() + "/login-actions/restart?client_id=restarted&tab_id=another&client_data=" + forged);
        Page end = browser.open(restart).logIn(USER, PASSWORD).acceptConsent();
        assertThat(end.redirect().parameters().fields())
                .extracting(Map.Entry::getKey)
                .containsExactly("response");
        String code = lax.verifyJarm(end.redirect(), pending).code();

        Page without = realm.browser().open(restart);
        assertThat(without.isClientRedirect()).isFalse();
        assertThat(without.status()).isEqualTo(400);

        assertThat(lax.redeem(code, pending).tokenType()).isEqualTo("DPoP");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://localhost.evil.test/cb",
                "http://127.0.0.1.evil.test/cb",
                "http://localhost@evil.test/cb",
                "http://localhost:80@evil.test/cb"
            })
    @Weakness("CVE-2026-18211")
    @Requirement("SP-5.3.2.2-8")
    void aHostThatBeginsLikeLocalhostIsNotLocalhost(String redirectUri) {
        FapiClient app = lenient.addDpopClient(UUID.randomUUID().toString());
        assertThat(lenient.admin()
                        .tryUpdateClient(lenient.name(), app.clientId(), Map.of("redirectUris", List.of(redirectUri)))
                        .status())
                .isEqualTo(400);
        saveBeforeThePolicy(
                lenient, app.clientId(), Map.of("redirectUris", List.of(redirectUri, REDIRECT_URI.toString())));
        assertRefused(
                app.pushedAuthorizationRequest(app.requestObject(app.begin()).claim("redirect_uri", redirectUri))
                        .send(),
                400,
                "invalid_request");
        assertThat(lenient.tokensFor(app).accessToken()).isNotEmpty();
    }

    private static Map<String, Object> policy(String condition, Map<String, Object> configuration) {
        return Map.of(
                "name",
                "by " + condition,
                "enabled",
                true,
                "conditions",
                List.of(Map.of("condition", condition, "configuration", configuration)),
                "profiles",
                List.of(PROFILE));
    }

    private static String id(FapiRealm of, String clientId) {
        return Json.text(of.admin().client(of.name(), clientId), "id").orElseThrow();
    }
}
