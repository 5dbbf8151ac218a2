package org.fapipack.consent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.fapipack.consent.Ecosystem.Kind;
import org.fapipack.fixture.AuthenticationDevice;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.ClientRedirect;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.http.SmallHttpsServer;
import org.fapipack.testkit.http.SmallHttpsServer.ClientCertificate;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.server.Ports;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole way in a realm made from an ecosystem's template: consent, request, page, tokens, the API's question, revocation. */
class EcosystemJourneyIT {

    private static final Map<String, EcosystemRealm> REALMS = new HashMap<>();
    private static final Map<String, FapiClient> CLIENTS = new HashMap<>();
    private static final String NOTIFICATION_TOKEN = UUID.randomUUID().toString();

    /** What the device says besides that the customer agrees. */
    private static final String FIRST_ACCOUNT = ",\"accounts\":\"[\\\"1\\\"]\"";

    static Stream<Ecosystem> ecosystems() {
        return EcosystemTemplatesIT.ecosystems();
    }

    /** Those where customers can decide on a device of their own. */
    static Stream<Ecosystem> ecosystemsWithBackchannel() {
        return ecosystems().filter(ecosystem -> ecosystem.backchannelParameter().isPresent());
    }

    /** For each of these. */
    @Target(ElementType.METHOD)
    @Retention(RetentionPolicy.RUNTIME)
    @MethodSource("ecosystemsWithBackchannel")
    @DisabledIfSystemProperty(
            named = "keycloak.server",
            matches = "container|external",
            disabledReason = "knows no device")
    private @interface WithDevice {}

    private static EcosystemRealm realmOf(Ecosystem ecosystem) {
        return REALMS.computeIfAbsent(ecosystem.template(), unseen -> EcosystemRealm.of(ecosystem));
    }

    private static FapiClient clientOf(Ecosystem ecosystem) {
        return CLIENTS.computeIfAbsent(
                ecosystem.template(), unseen -> realmOf(ecosystem).addClient("institution"));
    }

    /** Where levels come from steps of the sign-in, so that a second factor is at stake. */
    @Test
    @Requirement("BR-TOKEN-6")
    void aClientDoesNotLowerTheLevelThatItsConsentsDemand() {
        Ecosystem ecosystem = Ecosystem.of("brazil-open-finance");
        EcosystemRealm realm = realmOf(ecosystem);
        FapiClient client = realm.addClient("lowering");
        Kind kind = ecosystem.kinds().stream()
                .filter(some -> some.acr().isPresent())
                .findFirst()
                .orElseThrow();
        realm.realm()
                .admin()
                .setClientAttribute(
                        realm.realm().name(),
                        client.clientId(),
                        "acr.loa.map",
                        Json.write(Map.of(kind.acr().orElseThrow(), 1)));
        String id = realm.lodged(client, kind);
        Page login = realm.realm()
                .browser()
                .open(realm.address(client, realm.request(client, client.begin(), kind.requestScopes(), id)));

        Page page = login.logIn(USER, PASSWORD);

        assertThat(page.isClientRedirect()).isFalse();
        assertThat(page.html()).contains("name=\"otp\"").doesNotContain("name=\"version\"");
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    @Requirement({
        "BR-FLOW-1",
        "BR-FLOW-2",
        "BR-FLOW-3",
        "BR-TOKEN-1",
        "BR-TOKEN-2",
        "BR-TOKEN-3",
        "BR-TOKEN-4",
        "BR-TOKEN-6",
        "UK-FLOW-1",
        "UK-TOKEN-1",
        "UK-TOKEN-2"
    })
    void fromTheConsentToTheTokensAndBack(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        FapiClient client = clientOf(ecosystem);
        for (Kind kind : ecosystem.kinds()) {
            String id = realm.lodged(client, kind);
            PendingAuthorization pending = client.begin();
            Page page = realm.signIn(realm.realm()
                    .browser()
                    .open(realm.address(client, realm.request(client, pending, kind.requestScopes(), id))));
            assertThat(page.isClientRedirect()).as("%s: %s", kind, page).isFalse();
            assertThat(page.text()).contains("2051").doesNotContain("00011112051");

            ClientRedirect redirect = agree(page).redirect();

            assertThat(redirect.mode()).as(kind.toString()).isEqualTo(ClientRedirect.Mode.FRAGMENT);
            assertThat(redirect.parameters().first("error")).isEmpty();
            assertThat(kind.state(realm.read(client, kind, id).expect(200).json()))
                    .isEqualTo(kind.authorised());
            Map<String, Object> front = realm.idTokenClaims(
                    client, redirect.parameters().first("id_token").orElseThrow());
            Map<String, Object> answer = client.codeRequest(
                            redirect.parameters().first("code").orElseThrow(), pending)
                    .send()
                    .expect(200)
                    .json();
            Map<String, Object> back = realm.idTokenClaims(client, (String) answer.get("id_token"));
            for (Map<String, Object> claims : List.of(front, back)) {
                assertThat(claims.get("acr")).isEqualTo(kind.acr().orElse(ecosystem.firstLevel()));
                if (ecosystem.scopePrefix().isEmpty()) {
                    assertThat(claims).containsEntry(ecosystem.claim(), id);
                }
            }
            String token = (String) answer.get("access_token");
            assertThat(CompactJwt.parse(token).claims())
                    .containsEntry("consent_id", id)
                    .containsKey("cnf");
            ecosystem
                    .tokenLifetime()
                    .ifPresent(window -> assertThat((Long) answer.get("expires_in"))
                            .isBetween((Long) window.get(0), (Long) window.get(1)));
            kind.resourceServer()
                    .ifPresent(server -> assertThat(introspect(realm, server, token))
                            .containsEntry("active", true)
                            .containsEntry("consent_accounts", List.of("1"))
                            .containsKey("consent_permissions"));
            Optional<String> refresh = Json.text(answer, "refresh_token");
            assertThat(refresh).as("refresh token of %s", kind).isPresent();
            Map<String, Object> refreshed = client.refreshRequest(refresh.orElseThrow())
                    .send()
                    .expect(200)
                    .json();
            assertThat(Json.text(refreshed, "refresh_token").filter(next -> !next.equals(refresh.get())))
                    .as("refresh tokens do not rotate")
                    .isEmpty();

            if (kind.part("revocation").orElseThrow().get("status").equals(204L)) {
                realm.call(client, kind, "DELETE", kind.path() + '/' + id, Headers.none(), "")
                        .expect(204);
                kind.resourceServer()
                        .ifPresent(server -> assertThat(introspect(realm, server, token))
                                .containsExactlyEntriesOf(Map.of("active", false)));
                Exchange dead = client.refreshRequest(refresh.orElseThrow()).send();
                assertThat(dead.status()).as(dead.body()).isEqualTo(400);
                assertThat(dead.error()).contains("invalid_grant");
            }
        }
    }

    private static Map<String, Object> introspect(EcosystemRealm realm, String resourceServer, String token) {
        return realm.realm()
                .resourceServer(resourceServer)
                .introspectionRequest(token, "application/json")
                .send()
                .expect(200)
                .json();
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    @Requirement({"BR-FLOW-4", "UK-FLOW-2"})
    void aRefusedConsentIsRejected(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        FapiClient client = clientOf(ecosystem);
        Kind kind = ecosystem.kinds().get(0);
        String id = realm.lodged(client, kind);
        Page page = realm.realm()
                .browser()
                .open(realm.address(client, realm.request(client, client.begin(), kind.requestScopes(), id)))
                .logIn(USER, PASSWORD);

        ClientRedirect redirect =
                page.submit("version", Form.of("decision", "refuse")).redirect();

        assertThat(redirect.parameters().first("error")).contains("access_denied");
        assertThat(kind.state(realm.read(client, kind, id).expect(200).json())).isIn("REJECTED", "RJCT");
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    @Requirement("UK-CONSENT-7")
    void aCustomerAgreesAgainWhereTheEcosystemLetsThem(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        FapiClient client = clientOf(ecosystem);
        for (Kind kind : ecosystem.kinds()) {
            String id = realm.lodged(client, kind);
            agreeInBrowser(realm, client, kind, id);
            JwtDraft again = request(realm, client, kind.requestScopes(), id);
            if (kind.isReauthorisable()) {
                Page page = realm.realm()
                        .browser()
                        .open(realm.address(client, again))
                        .logIn(USER, PASSWORD);
                assertThat(agree(page).redirect().parameters().first("code"))
                        .as(kind.toString())
                        .isPresent();
            } else {
                assertThat(refusal(ecosystem, client, again))
                        .as(kind.toString())
                        .isEqualTo("invalid_request");
            }
            assertThat(kind.state(realm.read(client, kind, id).expect(200).json()))
                    .isEqualTo(kind.authorised());
        }
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    @Requirement({"BR-FLOW-5", "UK-FLOW-3"})
    void aRequestNeedsTheRightConsent(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        FapiClient client = clientOf(ecosystem);
        FapiClient other = realm.addClient("another-institution");
        for (Kind kind : ecosystem.kinds()) {
            String scopes = kind.requestScopes();
            String mine = realm.lodged(client, kind);
            assertThat(refusal(ecosystem, client, request(realm, client, scopes, "urn:nothing")))
                    .as("unknown")
                    .isEqualTo("invalid_request");
            assertThat(refusal(ecosystem, client, request(realm, client, scopes, realm.lodged(other, kind))))
                    .as("another's")
                    .isEqualTo("invalid_request");
            assertThat(refusal(
                            ecosystem,
                            client,
                            client.requestObject(client.begin())
                                    .claim("response_type", "code id_token")
                                    .claim("scope", scopes)))
                    .as("none")
                    .isEqualTo("invalid_request");
            if (kind.part("revocation").orElseThrow().get("status").equals(204L)) {
                String revoked = realm.lodged(client, kind);
                realm.call(client, kind, "DELETE", kind.path() + '/' + revoked, Headers.none(), "")
                        .expect(204);
                assertThat(refusal(ecosystem, client, request(realm, client, scopes, revoked)))
                        .as("revoked")
                        .isEqualTo("invalid_request");
            }
            assertThat(kind.state(realm.read(client, kind, mine).expect(200).json()))
                    .isEqualTo(kind.awaiting());
        }
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    @Requirement("BR-FLOW-6")
    void aConsentOfSomebodyElseCannotBeDecidedOn(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        FapiClient client = clientOf(ecosystem);
        realm.realm().admin().createUser(realm.realm().name(), "mallory", PASSWORD);
        Kind kind = ecosystem.kinds().get(0);
        String id = realm.lodged(client, kind);
        Page page = realm.realm()
                .browser()
                .open(realm.address(client, realm.request(client, client.begin(), kind.requestScopes(), id)))
                .logIn("mallory", PASSWORD);
        assertThat(page.isClientRedirect()).isFalse();
        if (ecosystem.customer().isEmpty()) {
            // nobody is named in the consents of such an ecosystem: whoever signs in is asked
            assertThat(kind.state(realm.read(client, kind, id).expect(200).json()))
                    .isEqualTo(kind.awaiting());
            return;
        }
        ClientRedirect left =
                page.submit("decision", Form.of("decision", "leave")).redirect();
        assertThat(left.parameters().first("error")).contains("access_denied");
        assertThat(kind.state(realm.read(client, kind, id).expect(200).json())).isEqualTo(kind.awaiting());
    }

    @ParameterizedTest
    @MethodSource("ecosystems")
    @Requirement("BR-CONSENT-10")
    void aConsentIsExtendedAsTheEcosystemHasIt(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        FapiClient client = clientOf(ecosystem);
        for (Kind kind : ecosystem.kinds()) {
            if (kind.part("extension").isEmpty()) {
                continue;
            }
            Map<String, Object> extension = kind.part("extension").get();
            for (Map<String, Object> testCase : Json.objects((List<?>) extension.get("cases"))) {
                String why = kind + ": " + testCase.get("why");
                realm.setCustomer(Json.object(testCase.getOrDefault("customer", Map.of())));
                String id = realm.lodged(
                        client, kind, kind.changed(Json.object(testCase.getOrDefault("lodged", Map.of()))));
                PendingAuthorization pending = client.begin();
                Page page = realm.signIn(realm.realm()
                        .browser()
                        .open(realm.address(client, realm.request(client, pending, kind.requestScopes(), id))));
                String token = (String) client.codeRequest(
                                agree(page)
                                        .redirect()
                                        .parameters()
                                        .first("code")
                                        .orElseThrow(),
                                pending)
                        .send()
                        .expect(200)
                        .json()
                        .get("access_token");
                String path = kind.path() + '/' + id;
                for (Map<String, Object> step : Json.objects((List<?>) testCase.get("steps"))) {
                    if (step.containsKey("revoked")) {
                        realm.call(client, kind, "DELETE", path, Headers.none(), "")
                                .expect(204);
                    }
                    Headers headers = Headers.none();
                    for (Map.Entry<String, Object> header : Json.object(
                                    step.getOrDefault("headers", extension.get("headers")))
                            .entrySet()) {
                        headers = headers.add(header.getKey(), (String) header.getValue());
                    }
                    Exchange answer = realm.callWith(
                            client,
                            token,
                            "POST",
                            path + extension.get("path"),
                            headers,
                            Json.write(Json.object(step.get("body"))).replace("{soon}", soon()));
                    assertThat(answer.status())
                            .as("%s: %s", why, answer.body())
                            .isEqualTo(((Long) step.get("status")).intValue());
                    assertThat(answer.mediaType()).isEqualTo("application/json");
                    assertThat(ecosystem.errorCode(answer.json()))
                            .as("%s: %s", why, answer.body())
                            .isEqualTo(Optional.ofNullable(step.get("code")));
                }
                Map<String, Object> list = realm.call(
                                client, kind, "GET", path + extension.get("list-path"), Headers.none(), "")
                        .expect(200)
                        .json();
                for (Map.Entry<String, Object> listed :
                        Json.object(testCase.get("list")).entrySet()) {
                    assertThat(Ecosystem.at(list, listed.getKey()))
                            .as("%s: %s in %s", why, listed.getKey(), list)
                            .isEqualTo(Optional.ofNullable(listed.getValue()));
                }
            }
        }
        realm.setCustomer(Map.of());
    }

    /** All on the customer's own device, and none of it in a browser. */
    @ParameterizedTest
    @WithDevice
    @Requirement("UK-CIBA-1")
    void aConsentIsDecidedOnWithoutABrowser(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        FapiClient client = backchannelClientOf(ecosystem);
        for (Kind kind : ecosystem.kinds()) {
            String id = realm.lodged(client, kind);
            String request = requested(realm, client, kind, id);
            assertBackchannelRefused(
                    realm.sendBackchannel(client, realm.backchannelRequest(client, kind.requestScopes(), id)));
            String credential = device().credential();
            boolean named = kind.body().contains("DebtorAccount");
            if (!named) {
                for (String accounts :
                        List.of("", ",\"accounts\":\"[]\"", ",\"accounts\":\"[\\\"9\\\"]\"", ",\"accounts\":\"1\"")) {
                    Exchange unclear = answer(realm, credential, "SUCCEED", accounts);
                    assertThat(unclear.status()).as(unclear.body()).isEqualTo(400);
                    assertThat(unclear.error()).contains("invalid_request");
                }
                assertThat(kind.state(realm.read(client, kind, id).json())).isEqualTo(kind.awaiting());
            }

            answer(realm, credential, "SUCCEED", named ? "" : FIRST_ACCOUNT).expect(200);

            assertThat(kind.state(realm.read(client, kind, id).json())).isEqualTo(kind.authorised());
            Map<String, Object> answer = tokens(client, request).expect(200).json();
            String token = (String) answer.get("access_token");
            assertThat(CompactJwt.parse(token).claims())
                    .containsEntry("consent_id", id)
                    .containsKey("cnf");
            assertThat(realm.idTokenClaims(client, (String) answer.get("id_token")))
                    .containsEntry(ecosystem.claim(), id);
            kind.resourceServer()
                    .ifPresent(server -> assertThat(introspect(realm, server, token))
                            .containsEntry("active", true)
                            .containsEntry("consent_accounts", List.of("1")));
            String refresh = (String) answer.get("refresh_token");
            client.refreshRequest(refresh).send().expect(200);

            if (kind.isReauthorisable()) {
                // The customer is asked once more, and says no: that is no revocation.
                String again = requested(realm, client, kind, id);
                answer(realm, device().credential(), "CANCELLED", "").expect(200);
                assertThat(tokens(client, again).error()).contains("access_denied");
                client.refreshRequest(refresh).send().expect(200);
                // Who says yes once more without a word on accounts means those of before.
                String more = requested(realm, client, kind, id);
                answer(realm, device().credential(), "SUCCEED", "").expect(200);
                tokens(client, more).expect(200);
            }
            if (kind.part("revocation").orElseThrow().get("status").equals(204L)) {
                realm.call(client, kind, "DELETE", kind.path() + '/' + id, Headers.none(), "")
                        .expect(204);
                assertThat(client.refreshRequest(refresh).send().error()).contains("invalid_grant");
            }
        }
    }

    /** In ping mode the client hears of the decision, and asks for tokens at once. */
    @ParameterizedTest
    @WithDevice
    @Requirement("UK-CIBA-1")
    void aClientIsToldThatTheCustomerHasDecided(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        FapiClient client = realm.addClient("pinged-institution");
        Kind kind = ecosystem.kinds().get(0);
        Queue<String> told = new ConcurrentLinkedQueue<>();
        Queue<Exchange> tokens = new ConcurrentLinkedQueue<>();
        try (SmallHttpsServer notified = new SmallHttpsServer(
                "notified-client",
                1,
                realm.realm().pki().serverContext(),
                ClientCertificate.WANTED,
                InetAddress.getLoopbackAddress(),
                0,
                exchange -> {
                    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
                    told.add(exchange.getRequestHeaders().getFirst("Authorization") + ' ' + body);
                    tokens.add(tokens(client, (String) Json.object(body).get("auth_req_id")));
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                })) {
            realm.allowBackchannel(client, URI.create("https://localhost:" + notified.port() + "/told"));
            String id = realm.lodged(client, kind);
            assertBackchannelRefused(
                    realm.sendBackchannel(client, realm.backchannelRequest(client, kind.requestScopes(), id)));

            String request = requestedWithPing(realm, client, kind, id);
            String credential = device().credential();
            assertThat(answer(realm, credential, "SUCCEED", "").error()).contains("invalid_request");
            assertThat(told).as("nothing is decided yet").isEmpty();
            answer(realm, credential, "SUCCEED", FIRST_ACCOUNT).expect(200);

            assertThat(told).containsExactly("Bearer " + NOTIFICATION_TOKEN + " {\"auth_req_id\":\"" + request + "\"}");
            assertThat(kind.state(realm.read(client, kind, id).json())).isEqualTo(kind.authorised());
            String token = (String) tokens.remove().expect(200).json().get("access_token");
            assertThat(CompactJwt.parse(token).claims()).containsEntry("consent_id", id);

            String refused = requestedWithPing(realm, client, kind, realm.lodged(client, kind));
            answer(realm, device().credential(), "CANCELLED", "").expect(200);
            assertThat(told).hasSize(2).last().asString().contains(refused);
            assertThat(tokens.remove().error()).contains("access_denied");
        }
    }

    /** The customer and the device have done their part. */
    @ParameterizedTest
    @WithDevice
    @Requirement("UK-CIBA-1")
    void aDecisionHoldsAlthoughTheClientCannotBeTold(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        FapiClient client = realm.addClient("deaf-institution");
        Kind kind = ecosystem.kinds().get(0);
        realm.allowBackchannel(client, URI.create("https://localhost:" + Ports.free() + "/told"));
        String id = realm.lodged(client, kind);
        String request = requestedWithPing(realm, client, kind, id);

        answer(realm, device().credential(), "SUCCEED", FIRST_ACCOUNT).expect(200);

        assertThat(kind.state(realm.read(client, kind, id).json())).isEqualTo(kind.authorised());
        tokens(client, request).expect(200);
    }

    private static String requestedWithPing(EcosystemRealm realm, FapiClient client, Kind kind, String id) {
        JwtDraft request = realm.backchannelRequest(client, kind.requestScopes(), id)
                .claim("client_notification_token", NOTIFICATION_TOKEN);
        return (String)
                realm.sendBackchannel(client, request).expect(200).json().get("auth_req_id");
    }

    @ParameterizedTest
    @WithDevice
    @Requirement("UK-CIBA-1")
    void aRequestWithoutABrowserNeedsTheRightConsent(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        FapiClient client = backchannelClientOf(ecosystem);
        Kind kind = ecosystem.kinds().get(0);
        String parameter = ecosystem.backchannelParameter().get();
        String scopes = kind.requestScopes();
        String id = realm.lodged(client, kind);
        JwtDraft good = realm.backchannelRequest(client, scopes, id);
        String gone = realm.lodged(client, kind);
        realm.call(client, kind, "DELETE", kind.path() + '/' + gone, Headers.none(), "")
                .expect(204);

        for (JwtDraft bad : List.of(
                good.claim(parameter, "urn:nothing"),
                good.claim(parameter, realm.lodged(realm.addClient("unknown-institution"), kind)),
                good.claim(parameter, gone),
                good.claim(parameter, "no id"),
                good.claim(parameter, 7),
                good.withoutClaim(parameter),
                good.withoutClaim(parameter).claim("login_hint", id),
                good.claim("login_hint", id))) {
            assertBackchannelRefused(realm.sendBackchannel(
                    client, bad.claim("jti", UUID.randomUUID().toString())));
        }
        assertBackchannelRefused(
                client.call("backchannel_authentication_endpoint", Form.of("request", good.compact(), parameter, id))
                        .send());
        assertBackchannelRefused(client.call(
                        "backchannel_authentication_endpoint",
                        Form.of("scope", scopes, "login_hint", USER, "binding_message", "1", parameter, id))
                .send());

        // None of it keeps the client from asking; what the customer refuses is rejected.
        String request = requested(realm, client, kind, id);
        assertThat(tokens(client, request).error()).contains("authorization_pending");
        answer(realm, device().credential(), "CANCELLED", "").expect(200);
        assertThat(kind.state(realm.read(client, kind, id).json())).isEqualTo("RJCT");
        assertBackchannelRefused(realm.sendBackchannel(client, realm.backchannelRequest(client, scopes, id)));

        // A sign-in that fails decides nothing; what is revoked before there are tokens has none.
        String other = realm.lodged(client, kind);
        requested(realm, client, kind, other);
        answer(realm, device().credential(), "UNAUTHORIZED", "").expect(200);
        assertThat(kind.state(realm.read(client, kind, other).json())).isEqualTo(kind.awaiting());
        String late = requested(realm, client, kind, other);
        answer(realm, device().credential(), "SUCCEED", ",\"accounts\":\"[\\\"2\\\"]\"")
                .expect(200);
        realm.call(client, kind, "DELETE", kind.path() + '/' + other, Headers.none(), "")
                .expect(204);
        assertThat(tokens(client, late).error()).contains("invalid_grant");
    }

    /** As where a node stopped between the decision and Keycloak's note of it: the page, too, leaves the device's request waiting. */
    @ParameterizedTest
    @WithDevice
    @Requirement("UK-CIBA-1")
    void whatTheCustomerDecidedAlreadyCanBeSaidOnceMore(Ecosystem ecosystem) {
        EcosystemRealm realm = realmOf(ecosystem);
        FapiClient client = backchannelClientOf(ecosystem);
        Kind kind = ecosystem.kinds().stream()
                .filter(some -> !some.isReauthorisable())
                .findFirst()
                .orElseThrow();
        String id = realm.lodged(client, kind);
        String request = requested(realm, client, kind, id);
        agreeInBrowser(realm, client, kind, id);
        answer(realm, device().credential(), "SUCCEED", FIRST_ACCOUNT).expect(200);
        String token = (String) tokens(client, request).expect(200).json().get("access_token");
        assertThat(CompactJwt.parse(token).claims()).containsEntry("consent_id", id);

        // Nothing else than that: no other accounts, not by another customer, and not the contrary.
        String other = realm.lodged(client, kind);
        String changed = requested(realm, client, kind, other);
        agreeInBrowser(realm, client, kind, other);
        answer(realm, device().credential(), "SUCCEED", ",\"accounts\":\"[\\\"2\\\"]\"")
                .expect(200);
        assertThat(tokens(client, changed).error()).contains("access_denied");
        realm.addCustomer("trudy");
        String third = realm.lodged(client, kind);
        String stranger = (String) realm.sendBackchannel(
                        client,
                        realm.backchannelRequest(client, kind.requestScopes(), third)
                                .claim("login_hint", "trudy"))
                .expect(200)
                .json()
                .get("auth_req_id");
        agreeInBrowser(realm, client, kind, third);
        answer(realm, device().credential(), "SUCCEED", FIRST_ACCOUNT).expect(200);
        assertThat(tokens(client, stranger).error()).contains("access_denied");
        String fourth = realm.lodged(client, kind);
        String refused = requested(realm, client, kind, fourth);
        agreeInBrowser(realm, client, kind, fourth);
        answer(realm, device().credential(), "CANCELLED", "").expect(200);
        assertThat(tokens(client, refused).error()).contains("access_denied");
        for (String decided : List.of(id, other, third, fourth)) {
            assertThat(kind.state(realm.read(client, kind, decided).json())).isEqualTo(kind.authorised());
        }
    }

    private static void agreeInBrowser(EcosystemRealm realm, FapiClient client, Kind kind, String id) {
        agree(realm.signIn(
                realm.realm().browser().open(realm.address(client, request(realm, client, kind.requestScopes(), id)))));
    }

    private static FapiClient backchannelClientOf(Ecosystem ecosystem) {
        FapiClient client = clientOf(ecosystem);
        realmOf(ecosystem).allowBackchannel(client);
        return client;
    }

    private static AuthenticationDevice device() {
        return KeycloakUnderTest.running().device();
    }

    private static String requested(EcosystemRealm realm, FapiClient client, Kind kind, String id) {
        return (String) realm.sendBackchannel(client, realm.backchannelRequest(client, kind.requestScopes(), id))
                .expect(200)
                .json()
                .get("auth_req_id");
    }

    private static Exchange answer(EcosystemRealm realm, String credential, String status, String more) {
        return device().answer(
                        credential,
                        "{\"status\":\"%s\"%s}".formatted(status, more),
                        realm.realm().issuer(),
                        realm.realm().pki());
    }

    private static Exchange tokens(FapiClient client, String request) {
        return client.tokenRequest(Form.of("grant_type", "urn:openid:params:grant-type:ciba", "auth_req_id", request))
                .send();
    }

    private static void assertBackchannelRefused(Exchange answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).as(answer.body()).contains("invalid_request");
    }

    /** As the ecosystems write times. */
    private static String soon() {
        return Instant.now().plusSeconds(86_400).truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static JwtDraft request(EcosystemRealm realm, FapiClient client, String scopes, String id) {
        return realm.request(client, client.begin(), scopes, id);
    }

    /** The error of a request that is refused where it is pushed, or where the browser brings it. */
    private static String refusal(Ecosystem ecosystem, FapiClient client, JwtDraft request) {
        if (ecosystem.isPushed()) {
            Exchange answer = client.pushedAuthorizationRequest(request).send();
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.mediaType()).isEqualTo("application/json");
            return answer.error().orElseThrow();
        }
        EcosystemRealm realm = realmOf(ecosystem);
        Page page = realm.realm().browser().open(realm.address(client, request));
        assertThat(page.isClientRedirect()).as(page.toString()).isTrue();
        assertThat(page.redirect().parameters().first("code")).isEmpty();
        return page.redirect().parameters().first("error").orElseThrow();
    }

    private static Page agree(Page page) {
        return page.submit("version", Form.of("decision", "approve", "account", "1"));
    }
}
