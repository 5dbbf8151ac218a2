package org.fapipack.consent;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.consentstore.ConsentStoreServer;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.http.Route;
import org.fapipack.testkit.overlay.ConsentSignIn;

/** A realm whose clients with the attribute {@link #MEMBER} may lodge consents of the invented ecosystem {@code library-cards.json}. */
public final class ConsentRealm {

    public static final String CARDS = "lending/loans-of-cards";
    static final String HASTY_CARDS = "lending/hasty-cards";
    static final String ROOMS = "lending/reading-rooms";
    public static final String SCOPE = "payments";
    static final String MEMBER = "library.member";

    private final FapiRealm realm;
    private final HttpCaller http;
    private final List<String> guarded = new ArrayList<>();

    private ConsentRealm(FapiRealm realm) {
        this.realm = realm;
        this.http = HttpCaller.over(realm.pki().sslContext())
                .by(Route.alternating(KeycloakUnderTest.running().nodes()));
    }

    /** The realm, its requests spread over the nodes there are. */
    public static ConsentRealm prepare() {
        FapiRealm realm = KeycloakUnderTest.running().messageSigningRealm().onAllNodes();
        realm.admin()
                .updateRealm(
                        realm.name(),
                        Map.of(
                                "enabledEventTypes",
                                List.of(
                                        "UPDATE_CONSENT",
                                        "UPDATE_CONSENT_ERROR",
                                        "REVOKE_GRANT",
                                        "REVOKE_GRANT_ERROR")));
        realm.addPolicy("library", MEMBER, "true", executors(types()));
        return new ConsentRealm(realm);
    }

    /** The profiles of the realm and one more, with these types of consent. */
    static List<Map<String, Object>> withConsents(FapiRealm realm, String types) {
        List<Map<String, Object>> profiles = new ArrayList<>(realm.admin().clientProfiles(realm.name()));
        profiles.removeIf(profile -> "library".equals(profile.get("name")));
        profiles.add(Map.of("name", "library", "executors", executors(types)));
        return profiles;
    }

    /**
     * A store of a bank for this realm. It looks up the server's keys by a route of its own: what a test sends goes to one node after the other.
     *
     * @param client one that knows where these keys are
     */
    ConsentStoreServer.Builder store(FapiClient client) {
        FapiClient keys =
                client.by(Route.alternating(KeycloakUnderTest.running().nodes()));
        return ConsentStoreServer.of(realm.pki(), realm.issuer(), keys::issuerKeys);
    }

    /** The same profiles, that one with a store. */
    static List<Map<String, Object>> withStore(List<Map<String, Object>> profiles, Map<String, Object> settings) {
        return profiles.stream()
                .map(profile -> {
                    List<Map<String, Object>> executors =
                            new ArrayList<>(Json.objects((List<?>) profile.get("executors")));
                    if (executors.stream().noneMatch(executor -> "fapi-consent".equals(executor.get("executor")))) {
                        return profile;
                    }
                    executors.add(Map.of("executor", "fapi-consent-store", "configuration", settings));
                    Map<String, Object> changed = new LinkedHashMap<>(profile);
                    changed.put("executors", executors);
                    return changed;
                })
                .toList();
    }

    private static List<Map<String, Object>> executors(String types) {
        return List.of(
                Map.of("executor", "fapi-consent", "configuration", Map.of("consent-types", types)),
                Map.of("executor", "fapi-interaction-id", "configuration", Map.of()));
    }

    static String types() {
        try (InputStream file = ConsentRealm.class.getResourceAsStream("/consent-types/library-cards.json")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A DPoP client that may lodge consents. */
    public FapiClient addReader(String clientId) {
        FapiClient client = realm.addDpopClient(clientId);
        guarded.forEach(scope -> realm.admin().addOptionalScope(realm.name(), clientId, scope));
        realm.admin().updateClient(realm.name(), clientId, Map.of("consentRequired", false));
        return member(client);
    }

    /** The same client, allowed to lodge consents. */
    public FapiClient member(FapiClient client) {
        realm.admin().updateClient(realm.name(), client.clientId(), Map.of("serviceAccountsEnabled", true));
        realm.admin().setClientAttribute(realm.name(), client.clientId(), MEMBER, "true");
        return client;
    }

    /**
     * Puts the customer's decision behind the sign-in of the realm, and makes the scopes that need a consent.
     *
     * @param scopes that clients added from here on may request
     */
    ConsentRealm withConsentPage(String... scopes) {
        ConsentSignIn.putInto(realm.admin(), realm.name());
        realm.remove("consent-required"); // Keycloak's own page of scopes would come besides
        for (String scope : scopes) {
            guarded.add(ConsentSignIn.addScope(realm.admin(), realm.name(), scope));
        }
        return this;
    }

    /** Gives a user the accounts that the page offers. */
    void giveAccounts(String username, Map<String, List<String>> attributes) {
        realm.admin().updateUser(realm.name(), username, Map.of("attributes", attributes));
    }

    public FapiRealm realm() {
        return realm;
    }

    public URI uri(String path) {
        return URI.create(realm.issuer() + "/fapi-consents/" + path);
    }

    /** With a new access token that has the scope. */
    Exchange call(FapiClient client, String method, String path, String body) {
        return call(client, client.clientCredentials(SCOPE).accessToken(), method, path, Headers.none(), body);
    }

    /** JSON with a good proof; the given headers replace what they name. */
    Exchange call(FapiClient client, String token, String method, String path, Headers headers, String body) {
        Headers all = Headers.of("Authorization", "DPoP " + token)
                .add("DPoP", client.dpopProof(method, uri(path), token).compact());
        boolean typed = headers.lines().stream().anyMatch(line -> line.getKey().equalsIgnoreCase("Content-Type"));
        if (!body.isEmpty() && !typed) {
            all = all.add("Content-Type", "application/json");
        }
        return send(method, path, all.addAll(headers), body);
    }

    Exchange send(String method, String path, Headers headers, String body) {
        return http.send(method, uri(path), headers, body);
    }

    /** Lodges a consent and gives its id. */
    String lodge(FapiClient client) {
        Map<String, Object> card =
                Json.object(call(client, "POST", CARDS, "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"]}}}")
                        .expect(201)
                        .json()
                        .get("wish"));
        return (String) Json.object(card.get("server")).get("number");
    }

    /** What the server wrote into the consent. */
    static Map<String, Object> server(Exchange answer) {
        return Json.object(Json.object(answer.json().get("wish")).get("server"));
    }

    /** The changes of a consent as an administrator sees them. */
    List<Map<String, Object>> history(String id) {
        return Json.objects((List<?>) historyAnswer(id).expect(200).json().get("changes"));
    }

    Exchange historyAnswer(String id) {
        return realm.admin().get("/" + realm.name() + "/fapi-consents/" + id + "/history");
    }
}
