package org.fapipack.par;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.EndpointCall;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.jose.SigningKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pushed authorization requests without request objects: what the endpoint refuses, and what a browser may bring afterwards. */
class PushedAuthorizationIT {

    private static FapiRealm realm;
    private static FapiClient client;
    private static FapiClient other;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        realm.remove("fapi-request-object");
        client = realm.addDpopClient("pusher");
        other = realm.addDpopClient("other");
    }

    @AfterEach
    void theRightfulOwnerGoesOn() {
        assertThat(push().send().status()).isEqualTo(201);
    }

    @Test
    @Requirement({"PAR-2", "PAR-3"})
    void theAnswerIsNotCached() {
        Exchange answer = push().send().expect(201);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.headers("Cache-Control")).containsExactly("no-store");
        assertThat(answer.json()).containsOnlyKeys("request_uri", "expires_in").containsEntry("expires_in", 60L);
    }

    @Test
    @Requirement("PAR-5")
    void aFailedAuthenticationIsAnsweredAsAtTheTokenEndpoint() {
        Exchange answer = push().clientAssertion(client.clientAssertion().withBrokenSignature())
                .send();
        assertRefused(answer, 401, "invalid_client", "signature");
        assertThat(answer.headers("Cache-Control")).containsExactly("no-store");
    }

    @Test
    @Requirement({"PAR-5", "SP-5.3.2.2-4"})
    void soIsARequestWithoutCredentials() {
        assertRefused(push().withoutClientAssertion().send(), 401, "invalid_client", "private_key_jwt");
    }

    @Test
    @Requirement("PAR-5")
    void soIsAClientThatDoesNotExist() {
        Exchange answer = push().clientAssertion(
                        client.clientAssertion().claim("iss", "nobody").claim("sub", "nobody"))
                .set("client_id", "nobody")
                .send();
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.error()).contains("invalid_client");
    }

    @Test
    @Requirement("PAR-6")
    void clientIdIsRequired() {
        assertRefused(push().remove("client_id").send(), 400, "invalid_request", "client_id is required");
    }

    @Test
    @Requirement("PAR-6")
    void clientIdIsTheClientThatAuthenticated() {
        assertRefused(push().set("client_id", other.clientId()).send(), 401, "invalid_client", "client_id");
    }

    @Test
    @Requirement("PAR-4")
    void aRequestUriCannotBePushed() {
        String requestUri = requestUri(push().send());
        assertRefused(push().set("request_uri", requestUri).send(), 400, "invalid_request", "request_uri");
    }

    @ParameterizedTest
    @ValueSource(strings = {"client_id", "scope", "redirect_uri", "client_assertion_type", "resource", "unheard_of"})
    @Requirement("PAR-12")
    void nothingIsSentTwice(String name) {
        EndpointCall twice = push();
        String value = twice.form().first(name).orElse("x");
        assertRefused(
                twice.set(name, value).add(name, value).send(),
                400,
                "invalid_request",
                name + " must not be sent more than once");
    }

    @Test
    @Requirement("PAR-12")
    void neitherIsTheClientAssertion() {
        assertRefused(
                push().add("client_assertion", client.clientAssertion().compact())
                        .send(),
                400,
                "invalid_request",
                "more than one authentication method");
    }

    @Test
    @Requirement({"SP-5.3.2.2-14", "SP-5.3.2.2-N4"})
    void aStateArrivesWholeOrIsRefused() {
        String state = "s".repeat(4000);
        PendingAuthorization pending = client.begin();
        Form form = client.plainParameters(pending).set("state", state);
        Page page = realm.browser()
                .open(client.authorizationUrl(
                        requestUri(client.pushedAuthorizationRequest(form).send())));
        Page end = page.submit("username", Form.of("cancel", "x"));
        assertThat(end.redirect().parameters().first("response")).isPresent();
        assertThat(CompactJwt.parse(
                                end.redirect().parameters().first("response").orElseThrow())
                        .claims())
                .containsEntry("state", state);

        assertRefused(push().set("state", state + "s").send(), 400, "invalid_request", "state may have at most 4000");
    }

    @Test
    @Requirement({"JAR-9", "RAR-4"})
    void aParameterKeycloakDoesNotKnowFitsOrIsRefusedByName() {
        assertThat(push().set("unheard_of", "x".repeat(16_384)).send().status()).isEqualTo(201);
        assertRefused(
                push().set("unheard_of", "x".repeat(16_385)).send(),
                400,
                "invalid_request",
                "unheard_of may have at most 16384");
    }

    @Test
    @Requirement("PAR-20")
    void aRequestThatIsTooLargeIs413() {
        FapiRealm small = KeycloakUnderTest.running().messageSigningRealm();
        small.remove("fapi-request-object");
        small.configure("fapi-pushed-authorization", Map.of("max-characters", 4096));
        FapiClient pusher = small.addDpopClient("small");
        EndpointCall call = pusher.pushedAuthorizationRequest(pusher.plainParameters(pusher.begin()));
        assertRefused(
                call.set("unheard_of", "x".repeat(4096)).send(), 413, "invalid_request", "at most 4096 characters");
        assertThat(pusher.pushedAuthorizationRequest(pusher.plainParameters(pusher.begin()))
                        .send()
                        .status())
                .isEqualTo(201);
    }

    @Test
    @Requirement("SP-5.3.2.2-6")
    void redirectUriIsRequired() {
        assertRefused(push().remove("redirect_uri").send(), 400, "invalid_request", "redirect_uri is required");
    }

    @Test
    @Requirement("SP-5.3.2.2-8")
    void redirectUriIsNotHttp() {
        List<Map<String, Object>> policies = realm.admin().clientPolicies(realm.name());
        realm.admin().setClientPolicies(realm.name(), List.of());
        realm.admin()
                .updateClient(
                        realm.name(),
                        other.clientId(),
                        Map.of("redirectUris", List.of("http://client.example.test/cb", "http://127.0.0.1/cb")));
        realm.admin().setClientPolicies(realm.name(), policies);
        assertRefused(
                other.pushedAuthorizationRequest(other.plainParameters(other.begin()))
                        .set("redirect_uri", "http://client.example.test/cb")
                        .send(),
                400,
                "invalid_request",
                "redirect_uri must not use http");
        assertThat(other.pushedAuthorizationRequest(other.plainParameters(other.begin()))
                        .set("redirect_uri", "http://127.0.0.1:49152/cb")
                        .send()
                        .status())
                .as("RFC 8252 section 7.3")
                .isEqualTo(201);
    }

    @Test
    @Requirement("SP-5.3.2.2-5")
    void pkceIsRequiredWithS256() {
        assertRefused(push().remove("code_challenge").send(), 400, "invalid_request", "code_challenge");
        assertRefused(push().remove("code_challenge_method").send(), 400, "invalid_request", "code_challenge_method");
        assertRefused(
                push().set("code_challenge_method", "plain").send(), 400, "invalid_request", "code_challenge_method");
        assertRefused(push().set("code_challenge", "x".repeat(42)).send(), 400, "invalid_request", "code_challenge");
        assertRefused(push().set("code_challenge", "x".repeat(44)).send(), 400, "invalid_request", "code_challenge");
        assertThat(push().set("code_challenge", "x".repeat(43)).send().status()).isEqualTo(201);
    }

    @Test
    @Requirement("PAR-13")
    void whatTheAuthorizationEndpointWouldRefuseIsRefusedNow() {
        assertRefused(push().set("scope", "openid nothing-we-know").send(), 400, "invalid_scope", "scope");
        assertRefused(push().set("claims", "[]").send(), 400, "invalid_request", "claims");
        assertRefused(push().set("claims", "{").send(), 400, "invalid_request", "claims");
        for (String acr : List.of("{\"essential\":true,\"values\":[1]}", "{\"values\":[\"1\",{}]}", "{\"value\":1}")) {
            assertRefused(
                    push().set("claims", "{\"id_token\":{\"acr\":" + acr + "}}").send(), 400, "invalid_request", "acr");
        }
        assertRefused(push().set("kc_action", "::").send(), 400, "invalid_request", "kc_action");
        assertRefused(push().set("kc_action", "UPDATE_PASSWORD:").send(), 400, "invalid_request", "kc_action");
        assertRefused(push().set("response_type", "token").send(), 400, "invalid_request", "");
        assertRefused(push().set("max_age", "soon").send(), 400, "invalid_request", "");
        assertRefused(push().set("resource", "not a uri").send(), 400, "invalid_target", "");
    }

    @Test
    @Requirement("MS-5.3.3")
    void aClientIsAnsweredInTheModesItRegistered() {
        realm.addDpopClient("modes");
        FapiClient modes = client.toBuilder().clientId("modes").build();
        realm.admin().setClientAttribute(realm.name(), "modes", "jwks.string", client.publicJwks());
        realm.admin().setClientAttribute(realm.name(), "modes", "response.modes", "query.jwt##form_post.jwt");
        assertRefused(
                modes.pushedAuthorizationRequest(modes.plainParameters(modes.begin()))
                        .set("response_mode", "jwt")
                        .send(),
                400,
                "invalid_request",
                "response_modes");
        for (String mode : List.of("query.jwt", "form_post.jwt")) {
            assertThat(modes.pushedAuthorizationRequest(modes.plainParameters(modes.begin()))
                            .set("response_mode", mode)
                            .send()
                            .status())
                    .isEqualTo(201);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{\"type\":\"unheard-of\"}]", "[{}]", "{}", "[", "\"x\"", "[[]]", "null"})
    @Requirement({"PAR-13", "RAR-3"})
    void authorizationDetailsOfNoKnownTypeAreRefused(String details) {
        assertRefused(push().set("authorization_details", details).send(), 400, "invalid_authorization_details", "");
    }

    @Test
    @Requirement({"SP-5.3.2.2-12", "PAR-17"})
    void aRequestUriLivesLessThanTenMinutes() {
        FapiRealm patient = realmWithLifespan("3600");
        FapiClient pusher = patient.addDpopClient("patient");
        assertThat(pusher.pushedAuthorizationRequest(pusher.requestObject(pusher.begin()))
                        .send()
                        .expect(201)
                        .json())
                .containsEntry("expires_in", 599L);
    }

    @Test
    @Requirement({"PAR-10", "PAR-17"})
    void itIsGoneWhenItsTimeIsOver() throws InterruptedException {
        FapiRealm hasty = realmWithLifespan("3600");
        hasty.configure("fapi-pushed-authorization", Map.of("max-lifetime-seconds", 5));
        FapiClient pusher = hasty.addDpopClient("hasty");
        String requestUri = pusher.push(pusher.begin()).requestUri();
        assertThat(hasty.browser().open(pusher.authorizationUrl(requestUri)).isLogin())
                .isTrue();
        Thread.sleep(6_000);
        assertErrorPage(hasty.browser().open(pusher.authorizationUrl(requestUri)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"4", "0", "-1"})
    @Requirement("PAR-17")
    void aRealmThatGivesNoTimeSaysSo(String lifespan) {
        FapiClient pusher = realmWithLifespan(lifespan).addDpopClient("early");
        assertRefused(
                pusher.pushedAuthorizationRequest(pusher.requestObject(pusher.begin()))
                        .send(),
                500,
                "server_error",
                "not set up");
    }

    private static FapiRealm realmWithLifespan(String seconds) {
        FapiRealm changed = KeycloakUnderTest.running().messageSigningRealm();
        changed.admin().updateRealm(changed.name(), Map.of("attributes", Map.of("parRequestUriLifespan", seconds)));
        return changed;
    }

    @Test
    @Requirement("PAR-7")
    void aRequestUriIsOfNoUseToAnotherClient() {
        String requestUri = requestUri(push().send());
        assertErrorPage(realm.browser().open(other.authorizationUrl(requestUri)));
        assertThat(realm.lastEvent("LOGIN_ERROR"))
                .containsEntry("error", "invalid_request_uri")
                .containsEntry("details", Map.of("reason", "request_uri_of_another_client"));

        assertThat(realm.browser().open(client.authorizationUrl(requestUri)).isLogin())
                .as("the owner goes on")
                .isTrue();
    }

    @Test
    @Requirement("PAR-7")
    void norToOneThatHasNotOptedIn() {
        String requestUri = requestUri(push().send());
        SigningKey key = SigningKey.generate(JWSAlgorithm.ES256);
        Map<String, Object> lax = Map.of(
                "clientId",
                "lax",
                "redirectUris",
                List.of(FapiRealm.REDIRECT_URI.toString()),
                "clientAuthenticatorType",
                "client-jwt",
                "attributes",
                Map.of("use.jwks.string", "true", "jwks.string", SigningKey.publicJwks(key)));
        realm.admin().createClient(realm.name(), lax);
        assertErrorPage(
                realm.browser().open(client.toBuilder().clientId("lax").build().authorizationUrl(requestUri)));
        assertThat(realm.browser().open(client.authorizationUrl(requestUri)).isLogin())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "state, x",
        "scope, openid",
        "redirect_uri, https://client.example.test/callback",
        "prompt, create",
        "prompt, none",
        "login_hint, alice",
        "authorization_details, []",
        "ui_locales, de",
        "kc_action, ::",
        "unheard_of, x",
        "request_uri, urn:ietf:params:oauth:request_uri:x",
        "client_id, pusher"
    })
    @Requirement("PAR-11")
    void aBrowserBringsNothingElse(String name, String value) {
        String requestUri = requestUri(push().send());
        Form form = Form.of("client_id", client.clientId(), "request_uri", requestUri)
                .add(name, value);
        assertErrorPage(realm.browser().open(client.authorizationUrl(form)));

        assertThat(realm.browser().open(client.authorizationUrl(requestUri)).isLogin())
                .as("nothing is lost")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "urn:ietf:params:oauth:request_uri:",
                "urn:ietf:params:oauth:request_uri:unheard-of",
                "https://client.example.test/r",
                "urn:x",
                ""
            })
    @Requirement({"PAR-10", "JAR-7"})
    void anyOtherRequestUriIsAnErrorPage(String requestUri) {
        assertErrorPage(realm.browser().open(client.authorizationUrl(requestUri)));
    }

    @Test
    @Requirement("SP-5.3.2.2-3")
    void aRequestThatWasNotPushedIsAnErrorPage() {
        assertErrorPage(realm.browser().open(client.authorizationUrl(client.plainParameters(client.begin()))));
    }

    /** Keycloak lets anybody write a link to reset a password that names a client and where it is answered. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Requirement({"SP-5.3.2.2-3", "MS-5.4.1-1"})
    void aClientThatAskedForNothingIsNotAnswered(boolean agreed) {
        realm.admin().updateRealm(realm.name(), Map.of("resetPasswordAllowed", true));
        FapiClient silent = realm.addDpopClient("silent-" + agreed);
        Browser browser = realm.browser();
        String link = realm.issuer() + "/login-actions/%s?client_id=" + silent.clientId() + "&%s";
        Page forgotten =
                browser.open(URI.create(link.formatted("reset-credentials", "redirect_uri=" + silent.redirectUri())));
        Matcher tab = Pattern.compile("tab_id=[\\w-]+").matcher(forgotten.html());
        assertThat(tab.find()).as(forgotten.toString()).isTrue();
        Page consent = browser.open(URI.create(link.formatted("authenticate", tab.group())))
                .logIn(USER, PASSWORD);

        assertErrorPage(agreed ? consent.acceptConsent() : consent.refuseConsent());

        assertThat(realm.admin().events(realm.name()))
                .filteredOn(event -> silent.clientId().equals(event.get("clientId")))
                .extracting(event -> Json.object(event.get("details")).get("reason"))
                .contains("no_authorization_request");
        assertThat(silent.pushedAuthorizationRequest(silent.plainParameters(silent.begin()))
                        .send()
                        .status())
                .isEqualTo(201);
    }

    @Test
    @Requirement("SP-5.3.2.2-3")
    void alsoUnderAConditionThatKeycloakCannotAskSoEarly() {
        FapiRealm confidential = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient pusher = confidential.addDpopClient("confidential");
        Map<String, Object> policy = Map.of(
                "name",
                "all confidential clients",
                "enabled",
                true,
                "conditions",
                List.of(Map.of(
                        "condition", "client-access-type", "configuration", Map.of("type", List.of("confidential")))),
                "profiles",
                List.of("fapi-pack-2-message-signing-dpop"));
        confidential.admin().setClientPolicies(confidential.name(), List.of(policy));
        assertErrorPage(confidential.browser().open(pusher.authorizationUrl(pusher.plainParameters(pusher.begin()))));
        assertThat(confidential
                        .browser()
                        .logInAndConsent(
                                pusher.authorizationUrl(
                                        pusher.push(pusher.begin()).requestUri()),
                                USER,
                                PASSWORD)
                        .parameters()
                        .first("response"))
                .isPresent();
    }

    private static EndpointCall push() {
        return client.pushedAuthorizationRequest(client.plainParameters(client.begin()));
    }

    private static String requestUri(Exchange answer) {
        return (String) answer.expect(201).json().get("request_uri");
    }

    private static void assertRefused(Exchange answer, int status, String error, String description) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).contains(error);
        assertThat(answer.errorDescription()).get().asString().contains(description);
        assertThat(answer.json()).doesNotContainKey("request_uri");
    }

    private static void assertErrorPage(Page page) {
        assertThat(page.isClientRedirect()).as("no redirect").isFalse();
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.exchange().mediaType()).isEqualTo("text/html");
    }
}
