package org.fapipack.consent;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.IntrospectionAssertions;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.Page;
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
import org.fapipack.testkit.resource.TokenIntrospection;

/** A realm of readers, whose clients get tokens for the consents of {@code reading-passes.json}. Two customers have accounts 1 to 5. */
final class PassRealm {

    static final String PASSES = "lending/passes";
    static final String LASTING_PASSES = "lending/lasting-passes";
    static final String OTHER_USER = "bob";

    /** What has to be there where a pass is renewed. */
    static final Headers DEVICE = Headers.of("x-reader-device", "an old phone");

    /** {@code accounts} needs no consent, and has a resource server. */
    static final String SCOPES = "openid accounts novels";

    private final ConsentRealm consents;

    private PassRealm(ConsentRealm consents) {
        this.consents = consents;
    }

    static PassRealm prepare() {
        ConsentRealm consents = ConsentRealm.prepare().withConsentPage("novels", "maps", "atlases", "poems", "papers");
        FapiRealm realm = consents.realm();
        realm.admin().setClientProfiles(realm.name(), ConsentRealm.withConsents(realm, types()));
        // What the realm templates have: offline sessions last longer than any consent.
        realm.admin()
                .updateRealm(
                        realm.name(),
                        Map.of("offlineSessionMaxLifespanEnabled", false, "offlineSessionIdleTimeout", 315_360_000));
        realm.admin().createUser(realm.name(), OTHER_USER, PASSWORD);
        List<String> accounts = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            accounts.add("{\"id\":\"%d\",\"name\":\"Card %d\",\"number\":\"0000000%d\"}".formatted(i, i, i));
        }
        for (String user : List.of(USER, OTHER_USER)) {
            consents.giveAccounts(user, Map.of("fapi.accounts", accounts, "reads-with-others", List.of("club")));
        }
        return new PassRealm(consents);
    }

    private static String types() {
        try (InputStream file = PassRealm.class.getResourceAsStream("/consent-types/reading-passes.json")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    FapiRealm realm() {
        return consents.realm();
    }

    /** One more executor for those who may lodge consents. */
    void addExecutor(String executor) {
        List<Map<String, Object>> profiles = ConsentRealm.withConsents(realm(), types());
        Map<String, Object> profile = new LinkedHashMap<>(profiles.remove(profiles.size() - 1));
        List<Object> executors = new ArrayList<>((List<?>) profile.get("executors"));
        executors.add(Map.of("executor", executor, "configuration", Map.of()));
        profile.put("executors", executors);
        profiles.add(profile);
        realm().admin().setClientProfiles(realm().name(), profiles);
    }

    ConsentRealm consents() {
        return consents;
    }

    /** The internal id of a client scope. */
    String scopeId(String name) {
        return Json.objects(realm().admin()
                        .get("/" + realm().name() + "/client-scopes")
                        .expect(200)
                        .body())
                .stream()
                .filter(scope -> name.equals(scope.get("name")))
                .map(scope -> (String) scope.get("id"))
                .findFirst()
                .orElseThrow();
    }

    /** A client that may lodge consents; the claims are told of them wherever a claim can be. */
    FapiClient addReader(String clientId, Map<String, String> valueByClaim) {
        FapiClient client = consents.addReader(clientId);
        valueByClaim.forEach((claim, value) -> mapper(clientId, claim, value).expect(201));
        return client;
    }

    Exchange mapper(String clientId, String claim, String value) {
        FapiRealm realm = consents.realm();
        return realm.admin()
                .post(
                        "/" + realm.name() + "/clients/"
                                + realm.admin().client(realm.name(), clientId).get("id") + "/protocol-mappers/models",
                        Map.of(
                                "name",
                                "mapper of " + claim,
                                "protocol",
                                "openid-connect",
                                "protocolMapper",
                                "fapi-consent-claim",
                                "config",
                                Map.of(
                                        "consent.value", value,
                                        "claim.name", claim,
                                        "id.token.claim", "true",
                                        "access.token.claim", "true",
                                        "userinfo.token.claim", "true",
                                        "introspection.token.claim", "true",
                                        "access.tokenResponse.claim", "true")));
    }

    /** Puts a claim into the access tokens of a client that is the same in all of them. */
    void hardcodedClaim(String clientId, String claim, String value) {
        FapiRealm realm = consents.realm();
        realm.admin()
                .post(
                        "/" + realm.name() + "/clients/"
                                + realm.admin().client(realm.name(), clientId).get("id") + "/protocol-mappers/models",
                        Map.of(
                                "name",
                                claim,
                                "protocol",
                                "openid-connect",
                                "protocolMapper",
                                "oidc-hardcoded-claim-mapper",
                                "config",
                                Map.of(
                                        "claim.name", claim,
                                        "claim.value", value,
                                        "jsonType.label", "String",
                                        "access.token.claim", "true",
                                        "introspection.token.claim", "true")))
                .expect(201);
    }

    String lodge(FapiClient client, String... permissions) {
        return lodge(client, Instant.now().plusSeconds(3600), List.of(permissions));
    }

    String lodge(FapiClient client, Instant end, Collection<String> permissions) {
        return lodge(client, end, permissions, null);
    }

    /** @param reader whom the pass is for; null is nobody */
    String lodge(FapiClient client, Instant end, Collection<String> permissions, String reader) {
        String body = "{\"pass\":{\"shelves\":[%s],\"until\":\"%s\"%s}}"
                .formatted(
                        permissions.stream()
                                .map(permission -> '"' + permission + '"')
                                .collect(Collectors.joining(",")),
                        end,
                        reader == null ? "" : ",\"reader\":\"" + reader + '"');
        return id(consents.call(client, "POST", PASSES, body));
    }

    String lodgeLasting(FapiClient client) {
        return id(consents.call(client, "POST", LASTING_PASSES, "{\"pass\":{\"shelves\":[\"PAPERS\"]}}"));
    }

    private static String id(Exchange lodged) {
        return (String) Json.object(lodged.expect(201).json().get("pass")).get("number");
    }

    void revoke(FapiClient client, String id) {
        consents.call(client, "DELETE", PASSES + "/" + id, "").expect(204);
    }

    /** Asks with an access token of the customer that a pass lasts longer. */
    Exchange renew(FapiClient client, String token, String id, Headers headers, String pass) {
        return consents.call(client, token, "POST", PASSES + "/" + id + "/renew", headers, "{\"pass\":" + pass + "}");
    }

    Exchange renewUntil(FapiClient client, String token, String id, Instant end) {
        return renew(client, token, id, DEVICE, "{\"until\":\"%s\"}".formatted(end));
    }

    /** The renewals of a pass, latest first. */
    List<Map<String, Object>> renewals(FapiClient client, String id) {
        return Json.objects((List<?>) consents.call(client, "GET", PASSES + "/" + id + "/renewals", "")
                .expect(200)
                .json()
                .get("pass"));
    }

    String until(FapiClient client, String id) {
        return (String) pass(client, id).get("until");
    }

    private Map<String, Object> pass(FapiClient client, String id) {
        return Json.object(consents.call(client, "GET", PASSES + "/" + id, "")
                .expect(200)
                .json()
                .get("pass"));
    }

    String stage(FapiClient client, String id) {
        return (String) pass(client, id).get("stage");
    }

    /** The request for the decision of a customer on a reading pass. */
    JwtDraft request(FapiClient client, PendingAuthorization pending, String id, String scopes) {
        return client.requestObject(pending).claim("scope", scopes + " pass:" + id);
    }

    /** The code that a client gets when a customer agrees. */
    String code(
            FapiClient client,
            Browser browser,
            String user,
            PendingAuthorization pending,
            JwtDraft request,
            Collection<String> accounts) {
        Page page = browser.open(client.authorizationUrl(client.push(request).requestUri()));
        if (page.isLogin()) {
            page = page.logIn(user, PASSWORD);
        }
        Form decision = Form.of("decision", "approve");
        for (String account : accounts) {
            decision = decision.add("account", account);
        }
        return client.verifyJarm(page.submit("version", decision).redirect(), pending)
                .code();
    }

    Tokens tokens(FapiClient client, Browser browser, String id, String scopes, Collection<String> accounts) {
        PendingAuthorization pending = client.begin();
        return client.redeem(
                code(client, browser, USER, pending, request(client, pending, id, scopes), accounts), pending);
    }

    Tokens tokens(FapiClient client, String id) {
        return tokens(client, realm().browser(), id, SCOPES, List.of("1"));
    }

    TokenIntrospection introspect(String accessToken) {
        FapiClient asker = realm().accountsApi();
        return IntrospectionAssertions.verify(
                asker,
                asker.introspectionRequest(accessToken, IntrospectionAssertions.TOKEN_INTROSPECTION_JWT)
                        .send(),
                ES256);
    }

    Exchange userInfo(FapiClient client, String accessToken) {
        return client.callApi(client.metadata().endpoint(ServerMetadata.USERINFO), accessToken);
    }

    static Map<String, Object> claims(String jwt) {
        return CompactJwt.parse(jwt).claims();
    }

    /** Everything that a client or a resource server can do with the tokens of a consent that is in force. */
    void assertAlive(FapiClient client, Tokens tokens) {
        assertThat(introspect(tokens.accessToken()).active()).isTrue();
        assertThat(userInfo(client, tokens.accessToken()).status()).isEqualTo(200);
        assertThat(client.refreshRequest(tokens.refreshToken().orElseThrow())
                        .send()
                        .status())
                .isEqualTo(200);
    }

    /** None of it works, from the next request on. */
    void assertDead(FapiClient client, Tokens tokens) {
        assertInvalidGrant(
                client.refreshRequest(tokens.refreshToken().orElseThrow()).send());
        assertThat(introspect(tokens.accessToken()).active()).isFalse();
        Exchange userInfo = userInfo(client, tokens.accessToken());
        assertThat(userInfo.status()).isEqualTo(401);
        assertThat(userInfo.header("www-authenticate").orElse("")).contains("error=\"invalid_token\"");
        assertThat(userInfo.body()).isEmpty();
    }

    static void assertInvalidGrant(Exchange answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error()).contains("invalid_grant");
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.json()).containsOnlyKeys("error", "error_description");
    }
}
