package org.fapipack.consent;

import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.testkit.admin.AdminApi;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;

/** A realm of the invented ecosystem {@code club-visits.json}, in which customers have decided and can look at what they decided. */
public final class ClubRealm {

    static final String VISITS = "club/visits";
    static final String FEES = "club/fees";
    static final String TICKETS = "club/tickets";

    /** Of the customer {@link FapiRealm#USER}. */
    static final String POOL_ACCOUNT = "DE02120300000000202051";

    static final String OTHER_ACCOUNT = "DE02500105170137075030";

    private static final String STAFF_CLIENT = "staff-desk";

    private final ConsentRealm consents;

    private ClubRealm(ConsentRealm consents) {
        this.consents = consents;
    }

    /** With the client that the documentation has for the page. */
    static ClubRealm prepare() {
        return prepare(types());
    }

    /** The same with other types of consent. */
    public static ClubRealm prepare(String types) {
        ConsentRealm consents = ConsentRealm.prepare().withConsentPage("pool", "sauna");
        ClubRealm club = new ClubRealm(consents);
        club.admin().setClientProfiles(club.name(), ConsentRealm.withConsents(consents.realm(), types));
        MyConsentsClient.addTo(club.realm());
        club.admin()
                .createClient(
                        club.name(),
                        Map.of("clientId", STAFF_CLIENT, "publicClient", true, "directAccessGrantsEnabled", true));
        club.giveAccounts(USER);
        return club;
    }

    private static String types() {
        try (InputStream file = ClubRealm.class.getResourceAsStream("/consent-types/club-visits.json")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void giveAccounts(String username) {
        consents.giveAccounts(
                username,
                Map.of(
                        "fapi.accounts",
                        List.of(
                                Json.write(Map.of("id", POOL_ACCOUNT, "name", "Everyday", "number", POOL_ACCOUNT)),
                                Json.write(Map.of("id", OTHER_ACCOUNT, "name", "Savings", "number", OTHER_ACCOUNT)))));
    }

    /** A client that may lodge consents, with the name that customers know. */
    public FapiClient addClub(String clientId, String name) {
        FapiClient client = consents.addReader(clientId);
        admin().updateClient(name(), clientId, Map.of("name", name));
        return client;
    }

    /** Lodges a consent to use pool and sauna, and gives its id. */
    String lodge(FapiClient club, String more) {
        return id(consents.call(club, "POST", VISITS, "{\"visit\":{\"rooms\":[\"POOL\",\"SAUNA\"]" + more + "}}")
                .expect(201)
                .json()
                .get("visit"));
    }

    String lodge(FapiClient club) {
        return lodge(club, "");
    }

    String lodgeFee(FapiClient club) {
        return lodgeFee(club, ",\"payee\":\"<b>Club</b>\"");
    }

    String lodgeFee(FapiClient club, String more) {
        return id(consents.call(club, "POST", FEES, "{\"fee\":{\"amount\":\"12.50\",\"currency\":\"EUR\"" + more + "}}")
                .expect(201)
                .json()
                .get("fee"));
    }

    /** A ticket is to be used within 15 s of the customer's decision. */
    String lodgeTicket(FapiClient club) {
        return id(consents.call(club, "POST", TICKETS, "{\"ticket\":{}}")
                .expect(201)
                .json()
                .get("ticket"));
    }

    /** Lodges a consent of any type; gives the answer. */
    public Map<String, Object> lodge(FapiClient client, String scope, String path, String body) {
        return consents.call(client, client.clientCredentials(scope).accessToken(), "POST", path, Headers.none(), body)
                .expect(201)
                .json();
    }

    private static String id(Object data) {
        return (String) Json.object(data).get("id");
    }

    /** The customer of that browser agrees to the consent. */
    void agree(Browser browser, FapiClient club, String id, String username) {
        agree(browser, club, id, username, List.of(POOL_ACCOUNT));
    }

    void agree(Browser browser, FapiClient club, String id, String username, List<String> accounts) {
        agree(browser, club, username, "openid pool", "{\"club_consent\":\"" + id + "\"}", accounts);
    }

    /** The customer of that browser agrees to the consent that the claims name. */
    public void agree(Browser browser, FapiClient club, String username, String scope, String claims) {
        agree(browser, club, username, scope, claims, List.of(POOL_ACCOUNT));
    }

    private void agree(
            Browser browser, FapiClient club, String username, String scope, String claims, List<String> accounts) {
        PendingAuthorization pending = club.begin();
        Exchange pushed = club.pushedAuthorizationRequest(
                        club.requestObject(pending).claim("scope", scope).claim("claims", claims))
                .send()
                .expect(201);
        Page page = browser.open(club.authorizationUrl((String) pushed.json().get("request_uri")));
        if (page.isLogin()) {
            page = page.logIn(username, PASSWORD);
        }
        Form decision = Form.of("decision", "approve");
        for (String account : accounts) {
            decision = decision.add("account", account);
        }
        Page decided = page.submit("version", decision);
        String error = club.verifyJarm(decided.redirect(), pending).error().orElse("");
        if (!error.isEmpty()) {
            throw new AssertionError(error);
        }
    }

    /** A browser whose customer agreed to each of the consents, and has been to the page. */
    Browser agreed(FapiClient club, String username, String... ids) {
        Browser browser = realm().browser();
        for (String id : ids) {
            agree(browser, club, id, username);
        }
        browser.open(page(""));
        return browser;
    }

    /** A page of the signed-in customer. */
    public URI page(String path) {
        return new MyConsentsClient(realm()).page(path);
    }

    URI details(String id) {
        return new MyConsentsClient(realm()).details(id);
    }

    URI revocation(String id) {
        return new MyConsentsClient(realm()).revocation(id);
    }

    /** What staff sees. */
    Exchange staff(String path) {
        return admin().get("/" + name() + "/fapi-consents" + path);
    }

    /** What staff does; an empty body is none. */
    public Exchange act(String id, String action, String body) {
        return admin().post("/" + name() + "/fapi-consents/" + id + "/" + action, body);
    }

    String state(String id) {
        return (String) staff("/" + id).expect(200).json().get("state");
    }

    List<Map<String, Object>> history(String id) {
        return consents.history(id);
    }

    ConsentRealm consents() {
        return consents;
    }

    public FapiRealm realm() {
        return consents.realm();
    }

    String name() {
        return realm().name();
    }

    AdminApi admin() {
        return realm().admin();
    }

    /** A user with the same accounts. */
    public void addCustomer(String username) {
        admin().createUser(name(), username, PASSWORD);
        giveAccounts(username);
    }

    /** Another administrator, of this realm, with these roles only; gives an access token. */
    String addStaff(String username, String... roles) {
        admin().createUser(name(), username, PASSWORD);
        String userId = (String) admin().user(name(), username).get("id");
        String managementId =
                (String) admin().client(name(), "realm-management").get("id");
        List<Map<String, Object>> granted = Stream.of(roles)
                .map(role -> admin().get("/" + name() + "/clients/" + managementId + "/roles/" + role)
                        .expect(200)
                        .json())
                .toList();
        admin().post("/" + name() + "/users/" + userId + "/role-mappings/clients/" + managementId, Json.write(granted))
                .expect(204);
        return (String) http().post(
                        URI.create(realm().issuer() + "/protocol/openid-connect/token"),
                        Form.of(
                                "grant_type",
                                "password",
                                "client_id",
                                STAFF_CLIENT,
                                "username",
                                username,
                                "password",
                                PASSWORD))
                .expect(200)
                .json()
                .get("access_token");
    }

    /** The admin API with another administrator's token. */
    Exchange as(String token, String method, String path) {
        URI uri =
                URI.create(realm().issuer().toString().replace("/realms/", "/admin/realms/") + "/fapi-consents" + path);
        return http().send(method, uri, Headers.of("Authorization", "Bearer " + token), "");
    }

    private HttpCaller http() {
        return HttpCaller.over(realm().pki().sslContext());
    }
}
