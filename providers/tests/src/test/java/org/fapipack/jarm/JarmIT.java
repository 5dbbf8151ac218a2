package org.fapipack.jarm;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static com.nimbusds.jose.JWSAlgorithm.PS256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.ClientRedirect;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.JarmResponse;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.overlay.Parties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JWT-secured authorization responses are demanded, carry iss once, and are signed with what FAPI allows. */
class JarmIT {

    private static FapiRealm realm;
    private static FapiClient client;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addDpopClient("jarm");
    }

    @ParameterizedTest
    @ValueSource(strings = {"query", "fragment", "form_post", "JWT", "jwt2", ""})
    @Requirement("MS-5.4.1-1")
    void otherResponseModesAreRefusedAtPar(String mode) {
        assertRefused(push(client, mode), "response_mode must be one of jwt, query.jwt, fragment.jwt, form_post.jwt");
    }

    @Test
    @Requirement("MS-5.4.1-1")
    void aMissingResponseModeIsRefusedAtPar() {
        FapiClient silent = client.toBuilder().responseMode(null).build();
        Exchange answer = silent.pushedAuthorizationRequest(silent.requestObject(silent.begin()))
                .send();
        assertRefused(answer, "response_mode must be one of");
    }

    @Test
    @Requirement("JRM-3")
    void anUpdateThatDoesNotNameTheAlgorithmKeepsIt() {
        realm.addDpopClient("kept", ES256);
        realm.admin()
                .put(
                        "/" + realm.name() + "/clients/"
                                + realm.admin().client(realm.name(), "kept").get("id"),
                        Map.of("clientId", "kept"))
                .expect(204);
        assertThat(Json.object(realm.admin().client(realm.name(), "kept").get("attributes")))
                .containsEntry("authorization.signed.response.alg", "ES256");
    }

    @Test
    @Requirement("MS-5.4.1-1")
    void aRequestPushedBeforeThePolicyIsRefusedWhenItIsOpened() {
        FapiRealm late = KeycloakUnderTest.running().messageSigningRealm();
        late.remove("fapi-pushed-authorization");
        FapiClient pusher = late.addDpopClient("early-bird").toBuilder()
                .responseMode("query")
                .build();
        List<Map<String, Object>> policies = late.admin().clientPolicies(late.name());
        late.admin().setClientPolicies(late.name(), List.of());
        String requestUri = pusher.push(pusher.begin()).requestUri();
        late.admin().setClientPolicies(late.name(), policies);

        Page page = late.browser().open(pusher.authorizationUrl(requestUri));
        assertThat(page.redirect().parameters().first("error")).contains("invalid_request");
        assertThat(page.redirect().parameters().first("code")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"jwt", "query.jwt", "fragment.jwt", "form_post.jwt"})
    @Requirement({"MS-5.4.1-1", "MS-5.4.1-2", "ISS-5"})
    void anAnswerCarriesIssOnceAndNothingBesideTheJwt(String mode) {
        FapiClient asking = client.toBuilder().responseMode(mode).build();
        PendingAuthorization pending = asking.begin();
        ClientRedirect redirect = realm.browser()
                .logInAndConsent(asking.authorizationUrl(asking.push(pending).requestUri()), USER, PASSWORD);

        assertThat(asking.verifyJarm(redirect, pending).code()).isNotEmpty();
        assertThat(redirect.parameters().fields()).hasSize(1);
        assertIssOnce(redirect);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jwt", "fragment.jwt", "form_post.jwt"})
    @Requirement("JRM-5")
    void anErrorOfTheAuthorizationEndpointCarriesIssOnce(String mode) {
        FapiClient asking = client.toBuilder().responseMode(mode).build();
        PendingAuthorization pending = asking.begin();
        Page page = realm.browser()
                .open(asking.authorizationUrl(
                        asking.push(asking.requestObject(pending).claim("prompt", "none"))
                                .requestUri()));

        JarmResponse answer = asking.verifyJarm(page.redirect(), pending);
        assertThat(answer.error()).contains("login_required");
        assertIssOnce(page.redirect());
    }

    @Test
    @Requirement("JRM-5")
    void anErrorFoundBeforeAnyPolicyCarriesIssOnce() {
        // Unsupported, and found by stock's own checks before a policy is asked.
        PendingAuthorization pending = client.begin();
        Page page = realm.browser()
                .open(client.authorizationUrl(
                        client.push(client.requestObject(pending).claim("max_age", "-1"))
                                .requestUri()));
        if (page.isClientRedirect()) {
            assertThat(client.verifyJarm(page.redirect(), pending).error()).isPresent();
            assertIssOnce(page.redirect());
        } else {
            assertThat(page.isLogin()).as("stock takes it").isTrue();
        }
    }

    @Test
    @Requirement("JRM-5")
    void aUserWhoSaysNoIsToldWithIssOnce() {
        PendingAuthorization pending = client.begin();
        Page consent = realm.browser()
                .open(client.authorizationUrl(
                        client.push(client.requestObject(pending).claim("prompt", "consent"))
                                .requestUri()))
                .logIn(USER, PASSWORD);
        Page end = consent.refuseConsent();
        assertThat(client.verifyJarm(end.redirect(), pending).error()).contains("access_denied");
        assertIssOnce(end.redirect());
    }

    enum Allowed {
        PS256,
        ES256,
        EdDSA
    }

    @ParameterizedTest
    @EnumSource(Allowed.class)
    @Requirement({"MS-5.4.1-3", "JRM-3"})
    void theRegisteredAlgorithmIsUsed(Allowed allowed) {
        JWSAlgorithm algorithm = JWSAlgorithm.parse(allowed.name());
        FapiClient asking = realm.addDpopClient("alg-" + allowed.name().toLowerCase(java.util.Locale.ROOT));
        realm.admin()
                .setClientAttribute(
                        realm.name(), asking.clientId(), "authorization.signed.response.alg", algorithm.getName());
        assertThat(algorithmOfAnswer(asking.toBuilder().jarmAlgorithm(algorithm).build()))
                .isEqualTo(algorithm.getName());
    }

    @Test
    @Requirement({"MS-5.4.1-3", "JRM-3"})
    void aClientThatRegisteredNoneGetsPs256EvenWhereTheRealmDefaultIsRs256() {
        FapiRealm old = KeycloakUnderTest.running().messageSigningRealm();
        old.admin()
                .addKeyProvider(old.name(), "rs256", "rsa-generated", Map.of("algorithm", "RS256", "priority", "10"));
        old.admin().updateRealm(old.name(), Map.of("defaultSignatureAlgorithm", "RS256"));
        FapiClient asking = old.addDpopClient("unregistered");
        List<Map<String, Object>> policies = old.admin().clientPolicies(old.name());
        old.admin().setClientPolicies(old.name(), List.of());
        old.admin().setClientAttribute(old.name(), "unregistered", "authorization.signed.response.alg", "");
        old.admin().setClientPolicies(old.name(), policies);

        FapiClient strict = asking.toBuilder().jarmAlgorithm(PS256).build();
        PendingAuthorization pending = strict.begin();
        ClientRedirect redirect = old.browser()
                .logInAndConsent(strict.authorizationUrl(strict.push(pending).requestUri()), USER, PASSWORD);
        assertThat(strict.verifyJarm(redirect, pending).code()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"condition\":\"client-scopes\",\"configuration\":{\"type\":\"Optional\",\"scopes\":[\"accounts\"]}}",
                "{\"condition\":\"grant-type\",\"configuration\":{\"grant_types\":[\"authorization_code\"]}}"
            })
    @Requirement({"MS-5.4.1-3", "JRM-3"})
    void theAnswerKeepsTheRulesOfTheRequestWhateverThePolicysConditions(String condition) {
        FapiRealm conditional = KeycloakUnderTest.running().messageSigningRealm();
        conditional
                .admin()
                .addKeyProvider(
                        conditional.name(), "rs256", "rsa-generated", Map.of("algorithm", "RS256", "priority", "10"));
        conditional.admin().updateRealm(conditional.name(), Map.of("defaultSignatureAlgorithm", "RS256"));
        FapiClient asking = conditional.addDpopClient("conditional");
        conditional.setAttributeBehindThePolicysBack("conditional", "authorization.signed.response.alg", "");
        conditional
                .admin()
                .setClientPolicies(
                        conditional.name(),
                        List.of(Map.of(
                                "name",
                                "conditional",
                                "enabled",
                                true,
                                "conditions",
                                List.of(Json.object(condition)),
                                "profiles",
                                List.of("fapi-pack-2-message-signing-dpop"))));

        FapiClient strict = asking.toBuilder().jarmAlgorithm(PS256).build();
        PendingAuthorization pending = strict.begin();
        ClientRedirect redirect = conditional
                .browser()
                .logInAndConsent(strict.authorizationUrl(strict.push(pending).requestUri()), USER, PASSWORD);
        assertThat(strict.verifyJarm(redirect, pending).code()).isNotEmpty();
        assertIssOnce(redirect);
    }

    @ParameterizedTest
    @ValueSource(strings = {"registrations", "forgot-credentials"})
    @Requirement("JRM-5")
    void errorsOfTheOtherDoorsToTheAuthorizationEndpointCarryIssOnce(String path) throws Exception {
        FapiRealm open = KeycloakUnderTest.running().messageSigningRealm();
        open.admin().updateRealm(open.name(), Map.of("registrationAllowed", true, "resetPasswordAllowed", true));
        FapiClient asking = open.addDpopClient("doors");
        PendingAuthorization pending = asking.begin();
        String requestUri = asking.push(
                        asking.requestObject(pending).claim("exp", Instant.now().plusSeconds(2)))
                .requestUri();
        Thread.sleep(2_500); // the request object expires, the request_uri does not
        String door = asking.authorizationUrl(requestUri).toString().replace("/auth?", "/" + path + "?");
        Page page = open.browser().open(URI.create(door));
        assertThat(asking.verifyJarm(page.redirect(), pending).error()).contains("invalid_request_object");
        assertIssOnce(page.redirect());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"rt\":\"code\",\"rm\":\"query\",\"st\":\"EVIL\",\"ru\":\"https://client.example.test/callback\"}",
                "{\"rt\":\"code\",\"rm\":\"jwt\",\"st\":\"EVIL\",\"ru\":\"https://client.example.test/callback\"}",
                "{\"rt\":\"xx\",\"rm\":\"jwt\",\"st\":\"EVIL\",\"ru\":\"https://client.example.test/callback\"}",
            })
    @Requirement("MS-5.4.1-1")
    void aLinkThatSomebodyMadeUpIsNotAnsweredToTheClient(String clientData) {
        Browser browser = realm.browser();
        PendingAuthorization pending = client.begin();
        Page login = browser.open(client.authorizationUrl(client.push(pending).requestUri()));
        Page end = login.logIn(USER, PASSWORD);
        client.verifyJarm((end.isConsent() ? end.acceptConsent() : end).redirect(), pending);

        String encoded = java.util.Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(clientData.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        Page page = browser.open(
                URI.create(login.uri().toString().replaceAll("client_data=[^&]*", "client_data=" + encoded)));
        assertThat(page.isClientRedirect()).as(page.toString()).isFalse();
        assertThat(page.status()).isLessThan(500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RS256", "HS256", "PS384", "none"})
    @Requirement({"MS-5.4.1-3", "JRM-3"})
    void anotherAlgorithmIsRefusedWhenTheClientIsSaved(String alg) {
        Exchange answer = realm.admin()
                .tryUpdateClient(
                        realm.name(), "jarm", Map.of("attributes", Map.of("authorization.signed.response.alg", alg)));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains("invalid_client_metadata");
    }

    @Test
    @Requirement({"MS-5.4.1-3", "JRM-3"})
    void aClientThatNamesNoAlgorithmIsGivenTheDefaultWhenItIsSaved() {
        FapiClient saved = realm.addDpopClient("saved");
        Map<String, String> attributes = new HashMap<>();
        attributes.put("authorization.signed.response.alg", "");
        realm.admin().updateClient(realm.name(), saved.clientId(), Map.of("attributes", attributes));
        assertThat(Json.object(realm.admin().client(realm.name(), "saved").get("attributes")))
                .containsEntry("authorization.signed.response.alg", "PS256");
    }

    @Test
    @Requirement({"MS-5.4.1-3", "JRM-3"})
    void aClientSavedBeforeThePolicyIsJudgedAtRunTime() {
        FapiRealm old = KeycloakUnderTest.running().messageSigningRealm();
        List<Map<String, Object>> policies = old.admin().clientPolicies(old.name());
        FapiClient asking = old.addDpopClient("old-client");
        old.admin().setClientPolicies(old.name(), List.of());
        old.admin().setClientAttribute(old.name(), "old-client", "authorization.signed.response.alg", "RS256");
        old.admin().setClientPolicies(old.name(), policies);
        assertRefused(
                asking.pushedAuthorizationRequest(asking.requestObject(asking.begin()))
                        .send(),
                "authorization_signed_response_alg must be one of PS256, ES256, EdDSA");
    }

    @Test
    void aClientOutsideThePolicyIsAnsweredAsStockDoes() {
        // Stock's duplicate iss is a defect, and yet not ours to change for a client that did not opt in.
        SigningKey key = SigningKey.generate(ES256);
        Map<String, Object> unbound = Parties.withAttributes(
                Parties.dpopClient("outside", FapiRealm.REDIRECT_URI, SigningKey.publicJwks(key), ES256),
                Map.of("dpop.bound.access.tokens", "false"));
        realm.admin().createClient(realm.name(), unbound);
        FapiClient outside = FapiClient.of(realm.pki(), realm.issuer(), "outside")
                .authenticatesWith(key)
                .redirectUri(FapiRealm.REDIRECT_URI)
                .build();
        PendingAuthorization pending = outside.begin();
        ClientRedirect redirect = realm.browser()
                .logInAndConsent(outside.authorizationUrl(outside.push(pending).requestUri()), USER, PASSWORD);
        assertThat(occurrencesOfIss(redirect)).isEqualTo(2);
    }

    private String algorithmOfAnswer(FapiClient asking) {
        PendingAuthorization pending = asking.begin();
        ClientRedirect redirect = realm.browser()
                .logInAndConsent(asking.authorizationUrl(asking.push(pending).requestUri()), USER, PASSWORD);
        asking.verifyJarm(redirect, pending);
        return CompactJwt.parse(redirect.parameters().first("response").orElseThrow())
                .headerText("alg")
                .orElseThrow();
    }

    private static Exchange push(FapiClient client, String mode) {
        return client.pushedAuthorizationRequest(
                        client.requestObject(client.begin()).claim("response_mode", mode))
                .send();
    }

    private static void assertRefused(Exchange answer, String description) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).contains("invalid_request");
        assertThat(answer.errorDescription()).get().asString().contains(description);
    }

    private static void assertIssOnce(ClientRedirect redirect) {
        assertThat(occurrencesOfIss(redirect)).isEqualTo(1);
    }

    private static long occurrencesOfIss(ClientRedirect redirect) {
        String payload = redirect.parameters().first("response").orElseThrow().split("\\.", -1)[1];
        String json =
                new String(java.util.Base64.getUrlDecoder().decode(payload), java.nio.charset.StandardCharsets.UTF_8);
        return java.util.regex.Pattern.compile("\"iss\"\\s*:")
                .matcher(json)
                .results()
                .count();
    }
}
