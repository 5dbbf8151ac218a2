package org.fapipack.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.fapipack.testkit.admin.AdminApi;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.RandomText;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.overlay.ConsentSignIn;
import org.fapipack.testkit.overlay.Parties;
import org.fapipack.testkit.server.PostgresServer;
import org.fapipack.testkit.tls.TestPki;

/** A realm whose client lodges consents, in a database with ever more of them: a customer with few, one with many, and those of everybody else. */
final class ConsentBenchRealm {

    static final String ACCOUNT = "1";

    private static final String REALM = "consents";
    private static final String APP = "app";
    private static final String FEW = "alice";
    private static final String MANY = "olga";
    private static final String SCOPE = "accounts";
    private static final URI REDIRECT_URI = URI.create("https://client.example.test/callback");
    private static final JWSAlgorithm ALGORITHM = JWSAlgorithm.ES256;
    private static final int PASSWORD_OCTETS = 24;

    /** An invented ecosystem, from which the constants for consents are. */
    private static final String TYPES = "consent-types.json";

    private static final String PATH = "ledgers/views";
    private static final String CLAIM = "ledger_view";
    private static final String BODY = "{\"view\":{\"pages\":[\"TITLE\",\"SUMS\"]}}";

    private final MeasuredKeycloak keycloak;
    private final TestPki pki;
    private final PostgresServer database;
    private final AdminApi admin;
    private final String password = RandomText.ofOctets(PASSWORD_OCTETS);
    private final FlowClient client;
    private final String realmId;
    private final String appId;
    private final String manyId;
    private int filled;

    private ConsentBenchRealm(MeasuredKeycloak keycloak, TestPki pki, PostgresServer database) {
        this.keycloak = keycloak;
        this.pki = pki;
        this.database = database;
        this.admin = new AdminApi(keycloak.server(), pki);
        // Tokens of the beginning are asked about until the end.
        admin.createRealm(Map.of("realm", REALM, "enabled", true, "accessTokenLifespan", 3600));
        admin.addKeyProvider(REALM, "es256", "ecdsa-generated", Map.of("ecdsaEllipticCurveKey", "P-256"));
        ConsentSignIn.putInto(admin, REALM);
        addUser(FEW);
        addUser(MANY);
        addPolicy();
        this.client = register();
        admin.createClient(REALM, Parties.myConsentsClient(REALM));
        realmId = (String) admin.realm(REALM).get("id");
        appId = (String) admin.client(REALM, APP).get("id");
        manyId = (String) admin.user(REALM, MANY).get("id");
    }

    static ConsentBenchRealm create(MeasuredKeycloak keycloak, TestPki pki, PostgresServer database) {
        return new ConsentBenchRealm(keycloak, pki, database);
    }

    private void addUser(String name) {
        admin.createUser(REALM, name, password);
        admin.updateUser(
                REALM,
                name,
                Map.of(
                        "attributes",
                        Map.of(
                                "fapi.accounts",
                                List.of("{\"id\":\"" + ACCOUNT
                                        + "\",\"name\":\"Everyday\",\"number\":\"DE02120300000000202051\"}"))));
    }

    private void addPolicy() {
        String types = new String(Benchmark.resource(TYPES), UTF_8);
        admin.addPolicy(
                REALM,
                "consents",
                "dpop.bound.access.tokens",
                "true",
                List.of(Map.of("executor", "fapi-consent", "configuration", Map.of("consent-types", types))));
    }

    private FlowClient register() {
        // Who is in no audience learns nothing by introspection: the client asks about its own tokens.
        Map<String, Object> scope = Parties.scopeForAudience(SCOPE, "See your accounts", APP);
        String scopeId = admin.createClientScope(REALM, scope);
        admin.addMissingMappers(REALM, scopeId, Json.objects((List<?>) scope.get("protocolMappers")));
        SigningKey key = SigningKey.generate(ALGORITHM);
        Map<String, Object> app = Parties.dpopClient(APP, REDIRECT_URI, SigningKey.publicJwks(key), ALGORITHM);
        app.put("serviceAccountsEnabled", true);
        app.put("consentRequired", false);
        admin.createClient(REALM, app);
        admin.addOptionalScope(REALM, APP, scopeId);
        return new FlowClient(FapiClient.of(pki, keycloak.server().issuer(REALM), APP)
                .authenticatesWith(key)
                .bindsTokensTo(SigningKey.generate(ALGORITHM))
                .responseMode(null)
                .redirectUri(REDIRECT_URI)
                .build());
    }

    /** Makes so many consents in all: one in fifty is of the customer with many; they ended, but for one in a hundred of theirs. */
    void fillUpTo(int count) {
        database.sql("""
                set session_replication_role = replica; set synchronous_commit = off;
                insert into fapi_consent (id, realm_id, client_id, customer_id, type, state, updated_by, created_at, updated_at, ends_at, body, version)
                select 'view-' || md5(i::text), '%1$s', case when i %% 10 = 0 then '%2$s' else lpad((i %% 40)::text, 36, '0') end,
                  case when i %% 50 = 0 then '%3$s' else 'customer-' || (i %% 100000) end, 'ledger-view',
                  case when i %% 5000 = 0 then 'authorised' else (array['revoked', 'expired', 'rejected'])[1 + i %% 3] end, 'customer',
                  1400000000 + i * 300, 1400000000 + i * 300, null, '%4$s', 1 from generate_series(%5$d, %6$d) i;
                insert into fapi_consent_event (id, consent_id, version, happened_at, actor, to_state)
                select md5(i::text), 'view-' || md5(i::text), 1, 1400000000 + i * 300, 'customer', 'authorised'
                from generate_series(%5$d, %6$d) i;
                insert into fapi_consent_account (consent_id, account_id)
                select 'view-' || md5(i::text), '1' from generate_series(%5$d, %6$d) i;
                """.formatted(realmId, appId, manyId, BODY, filled + 1, count));
        database.sql("vacuum analyze");
        filled = count;
    }

    /**
     * What is measured, in the order of the tables.
     *
     * @param browsers how many there are at a time
     */
    List<Variant> variants(int browsers) {
        BlockingQueue<ConsentFlow.Visitor> visitors = new ArrayBlockingQueue<>(browsers);
        List<Tokens> tokens = new ArrayList<>();
        Cookies few = null;
        for (int i = 0; i < browsers; i++) {
            String id = lodge();
            Browser browser = Browser.forClientAt(REDIRECT_URI, pki);
            tokens.add(agree(browser, id));
            browser.open(pages());
            few = Cookies.ofSession(browser);
            visitors.add(new ConsentFlow.Visitor(Cookies.ofSession(browser), id));
        }
        Browser many = Browser.forClientAt(REDIRECT_URI, pki);
        many.open(pages()).logIn(MANY, password);
        String awaiting = lodge();
        String refreshToken = tokens.get(0).refreshToken().orElseThrow();
        String accessToken = tokens.get(0).accessToken();
        HttpRequest listOfFew = list(few);
        HttpRequest listOfMany = list(Cookies.ofSession(many));
        return List.of(
                new Variant("PAR", keycloak, () -> new OneRequest(push(awaiting), new TextAnswer(201, "request_uri"))),
                new Variant("PAR, page, decision, code", keycloak, () -> new ConsentFlow(client, visitors)),
                new Variant("refresh", keycloak, () -> new OneRequest(refresh(refreshToken), new TokenAnswer())),
                new Variant(
                        "introspection",
                        keycloak,
                        () -> new OneRequest(introspection(accessToken), new TextAnswer(200, "\"active\":true"))),
                new Variant("list of a customer", keycloak, () -> new OneRequest(listOfFew, listed())),
                new Variant("list of one with 2 % of all", keycloak, () -> new OneRequest(listOfMany, listed())));
    }

    private static TextAnswer listed() {
        return new TextAnswer(200, "fapi-consents");
    }

    private URI pages() {
        return URI.create(client.fapi().issuer() + "/" + Parties.MY_CONSENTS);
    }

    private HttpRequest list(Cookies cookies) {
        return ClosedLoop.request()
                .uri(pages())
                .header("Accept", "text/html")
                .header("Cookie", cookies.header())
                .build();
    }

    private HttpRequest refresh(String refreshToken) {
        return client.tokenRequest()
                .POST(FlowClient.body(client.authenticated()
                        .add("grant_type", "refresh_token")
                        .add("refresh_token", refreshToken)))
                .build();
    }

    private HttpRequest introspection(String token) {
        return ClosedLoop.request()
                .uri(client.fapi().metadata().endpoint(ServerMetadata.INTROSPECTION))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("Accept", "application/json")
                .POST(FlowClient.body(client.authenticated().add("token", token)))
                .build();
    }

    private String lodge() {
        URI collection = URI.create(client.fapi().issuer() + "/fapi-consents/" + PATH);
        String token = client.fapi().clientCredentials(SCOPE).accessToken();
        Exchange lodged = HttpCaller.over(pki.sslContext())
                .send(
                        "POST",
                        collection,
                        Headers.of("Authorization", "DPoP " + token)
                                .add(
                                        "DPoP",
                                        client.fapi()
                                                .dpopProof("POST", collection, token)
                                                .compact())
                                .add("Content-Type", "application/json"),
                        BODY)
                .expect(201);
        return (String) Json.object(lodged.json().get("view")).get("number");
    }

    /** A request that names a consent. */
    static JwtDraft request(FlowClient client, PendingAuthorization pending, String consentId) {
        return client.fapi()
                .requestObject(pending)
                .claim("scope", "openid " + SCOPE)
                .claim("claims", Map.of("id_token", Map.of(CLAIM, Map.of("value", consentId, "essential", true))));
    }

    private HttpRequest push(String consentId) {
        return client.push(request(client, client.fapi().begin(), consentId).compact());
    }

    private Tokens agree(Browser browser, String id) {
        PendingAuthorization pending = client.fapi().begin();
        Exchange pushed = client.fapi()
                .pushedAuthorizationRequest(request(client, pending, id))
                .send()
                .expect(201);
        Page page = browser.open(
                        client.fapi().authorizationUrl((String) pushed.json().get("request_uri")))
                .logIn(FEW, password)
                .submit("version", Form.of("decision", "approve", "account", ACCOUNT));
        String code = page.redirect().parameters().first("code").orElseThrow();
        return client.fapi().redeem(code, pending);
    }

    /**
     * How PostgreSQL finds what is asked for, in one line each.
     *
     * @throws WrongAnswer if it reads a whole table
     */
    List<String> plans() {
        List<String> lines = new ArrayList<>();
        queries().forEach((what, query) -> {
            List<String> scans = database.ask("explain (analyze, costs off, timing off) " + query)
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.contains(" Scan ") || line.startsWith("Execution"))
                    .map(line -> line.replaceFirst("^-> +", ""))
                    .toList();
            if (scans.stream().anyMatch(scan -> scan.startsWith("Seq Scan"))) {
                throw new WrongAnswer(what + " reads a whole table: " + scans);
            }
            lines.add("| " + what + " | " + String.join("; ", scans) + " |");
        });
        return lines;
    }

    private Map<String, String> queries() {
        String many = "from fapi_consent where realm_id = '%s' and customer_id = '%s'".formatted(realmId, manyId);
        String inForce = " and state in ('awaiting', 'partially-authorised', 'authorised', 'suspended')"
                + " and (ends_at is null or ends_at > 1800000000)";
        String ended = " and (state not in ('awaiting', 'partially-authorised', 'authorised', 'suspended')"
                + " or ends_at <= 1800000000)";
        String page = " order by created_at desc, id fetch first 20 rows only";
        String counted = " order by created_at desc fetch first 10000 rows only) counted";
        String one = "'view-' || md5('7')";
        Map<String, String> queries = new LinkedHashMap<>();
        queries.put("a consent", "select * from fapi_consent where id = " + one);
        queries.put("its accounts", "select account_id from fapi_consent_account where consent_id = " + one);
        queries.put("its history", "select * from fapi_consent_event where consent_id = " + one + " order by version");
        queries.put("a customer's in force", "select * " + many + inForce + page);
        queries.put("how many", "select count(*) from (select id " + many + inForce + counted);
        queries.put("a customer's ended", "select * " + many + ended + page);
        queries.put("how many ended, 10,000 at most", "select count(*) from (select id " + many + ended + counted);
        queries.put(
                "a client's, for staff",
                "select * from fapi_consent where realm_id = '%s' and client_id = '%s'".formatted(realmId, appId)
                        + page);
        return queries;
    }
}
