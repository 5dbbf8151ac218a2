package org.fapipack.testkit.admin;

import static java.net.URLEncoder.encode;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.server.KeycloakServer;
import org.fapipack.testkit.tls.TestPki;

/**
 * An administrator of the master realm. Logs in when needed and again before the token expires.
 *
 * <p>The verbs ({@link #get}, {@link #post}, {@link #put}, {@link #delete}) give the answer as it is, whatever its status;
 * the named methods insist on success and throw {@link org.fapipack.testkit.http.UnexpectedAnswer} otherwise.
 */
public final class AdminApi {

    /** Keycloak's admin tokens live for 60 seconds by default. */
    private static final Duration RENEW_BEFORE_EXPIRY = Duration.ofSeconds(10);

    private final KeycloakServer server;
    private final HttpCaller http;
    private final Clock clock = Clock.systemUTC();
    private String accessToken;
    private Instant renewAt = Instant.MIN;

    public AdminApi(KeycloakServer server, TestPki pki) {
        this.server = server;
        this.http = HttpCaller.over(pki.sslContext());
    }

    /** {@code path} starts behind {@code /admin/realms}, for example {@code /fapi/clients?clientId=x}. */
    public Exchange get(String path) {
        return http.get(uri(path), authorized());
    }

    public Exchange post(String path, String json) {
        return http.send("POST", uri(path), authorized().add("Content-Type", "application/json"), json);
    }

    public Exchange post(String path, Map<String, ?> json) {
        return post(path, Json.write(json));
    }

    public Exchange put(String path, String json) {
        return http.send("PUT", uri(path), authorized().add("Content-Type", "application/json"), json);
    }

    public Exchange put(String path, Map<String, ?> json) {
        return put(path, Json.write(json));
    }

    public Exchange delete(String path) {
        return http.send("DELETE", uri(path), authorized(), "");
    }

    /** What the admin console knows of the server: versions, providers, component types. */
    public Map<String, Object> serverInfo() {
        return http.get(URI.create(server.baseUri() + "/admin/serverinfo"), authorized())
                .expect(200)
                .json();
    }

    private URI uri(String path) {
        return URI.create(server.baseUri() + "/admin/realms" + path);
    }

    private synchronized Headers authorized() {
        if (!clock.instant().isBefore(renewAt)) {
            Exchange answer = http.post(
                            URI.create(server.issuer("master") + "/protocol/openid-connect/token"),
                            Form.of(
                                    "grant_type",
                                    "password",
                                    "client_id",
                                    "admin-cli",
                                    "username",
                                    server.administrator().username(),
                                    "password",
                                    server.administrator().password()))
                    .expect(200);
            Map<String, Object> token = answer.json();
            accessToken = (String) token.get("access_token");
            long expiresInSeconds = ((Number) token.get("expires_in")).longValue();
            renewAt = clock.instant().plusSeconds(expiresInSeconds).minus(RENEW_BEFORE_EXPIRY);
        }
        return Headers.of("Authorization", "Bearer " + accessToken);
    }

    /** Makes a realm from its JSON export; one of the same name is deleted first. Gives the realm's name. */
    public String createRealm(String json) {
        String name = (String) Json.object(json).get("realm");
        deleteRealm(name);
        post("", json).expect(201);
        return name;
    }

    public String createRealm(Map<String, ?> json) {
        return createRealm(Json.write(json));
    }

    /** True when there was one. */
    public boolean deleteRealm(String realm) {
        int status = delete("/" + realm).status();
        if (status != 204 && status != 404) {
            throw new IllegalStateException("cannot delete realm " + realm + ": status " + status);
        }
        return status == 204;
    }

    public Map<String, Object> realm(String realm) {
        return get("/" + realm).expect(200).json();
    }

    /** Changes the given members of a realm and leaves the others. */
    public void updateRealm(String realm, Map<String, ?> changes) {
        put("/" + realm, changes).expect(204);
    }

    /** Makes a client and gives its internal id. */
    public String createClient(String realm, Map<String, ?> client) {
        return idOfCreated(post("/" + realm + "/clients", client).expect(201));
    }

    /** A token with which clients can register themselves, for an hour and as many as any test makes. */
    public String initialAccessToken(String realm) {
        return (String) post("/" + realm + "/clients-initial-access", Map.of("count", 1_000_000, "expiration", 3600))
                .expect(201)
                .json()
                .get("token");
    }

    public Optional<Map<String, Object>> findClient(String realm, String clientId) {
        return Json.objects(get("/" + realm + "/clients?clientId=" + encode(clientId, UTF_8))
                        .expect(200)
                        .body())
                .stream()
                .findFirst();
    }

    public Map<String, Object> client(String realm, String clientId) {
        return findClient(realm, clientId).orElseThrow(() -> new NoSuchElementException("no client " + clientId));
    }

    /** Replaces the given members; attributes are merged, one with value null is removed. Gives the answer as it is. */
    public Exchange tryUpdateClient(String realm, String clientId, Map<String, ?> changes) {
        Map<String, Object> client = new LinkedHashMap<>(client(realm, clientId));
        Map<String, Object> attributes = new LinkedHashMap<>(Json.object(client.getOrDefault("attributes", Map.of())));
        client.putAll(changes);
        if (changes.get("attributes") instanceof Map<?, ?> changed) {
            changed.forEach((name, value) -> attributes.put((String) name, value == null ? "" : value));
        }
        client.put("attributes", attributes);
        return put("/" + realm + "/clients/" + client.get("id"), client);
    }

    public void updateClient(String realm, String clientId, Map<String, ?> changes) {
        tryUpdateClient(realm, clientId, changes).expect(204);
    }

    public void setClientAttribute(String realm, String clientId, String attribute, String value) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        attributes.put(attribute, value);
        updateClient(realm, clientId, Map.of("attributes", attributes));
    }

    public void deleteClient(String realm, String clientId) {
        delete("/" + realm + "/clients/" + client(realm, clientId).get("id")).expect(204);
    }

    /** Makes a client scope and gives its internal id. */
    public String createClientScope(String realm, Map<String, ?> scope) {
        return idOfCreated(post("/" + realm + "/client-scopes", scope).expect(201));
    }

    /** The internal id of a client scope. */
    public Optional<String> findClientScope(String realm, String scope) {
        return Json.objects(get("/" + realm + "/client-scopes").expect(200).body()).stream()
                .filter(found -> scope.equals(found.get("name")))
                .map(found -> (String) found.get("id"))
                .findFirst();
    }

    /** Gives a client scope those protocol mappers whose names it does not have yet. */
    public void addMissingMappers(String realm, String scopeId, List<Map<String, Object>> mappers) {
        String path = "/" + realm + "/client-scopes/" + scopeId + "/protocol-mappers/models";
        List<Object> there = Json.objects(get(path).expect(200).body()).stream()
                .map(mapper -> mapper.get("name"))
                .toList();
        mappers.stream()
                .filter(mapper -> !there.contains(mapper.get("name")))
                .forEach(mapper -> post(path, mapper).expect(201));
    }

    /** Offers a client scope to a client, which has to ask for it. */
    public void addOptionalScope(String realm, String clientId, String scopeId) {
        put("/" + realm + "/clients/" + client(realm, clientId).get("id") + "/optional-client-scopes/" + scopeId, "")
                .expect(204);
    }

    /** Gives a client scope to a client with every token. */
    public void addDefaultScope(String realm, String clientId, String scopeId) {
        put("/" + realm + "/clients/" + client(realm, clientId).get("id") + "/default-client-scopes/" + scopeId, "")
                .expect(204);
    }

    /** Makes a user and gives the internal id. */
    public String createUser(String realm, Map<String, ?> user) {
        return idOfCreated(post("/" + realm + "/users", user).expect(201));
    }

    /** A user who can log in at once: name and address filled in, password set. */
    public String createUser(String realm, String username, String password) {
        return createUser(
                realm,
                Map.of(
                        "username",
                        username,
                        "enabled",
                        true,
                        "email",
                        username + "@example.test",
                        "emailVerified",
                        true,
                        "firstName",
                        username.substring(0, 1).toUpperCase(Locale.ROOT) + username.substring(1),
                        "lastName",
                        "Example",
                        "credentials",
                        List.of(Map.of("type", "password", "value", password, "temporary", false))));
    }

    public Map<String, Object> user(String realm, String username) {
        return Json.objects(get("/" + realm + "/users?exact=true&username=" + encode(username, UTF_8))
                        .expect(200)
                        .body())
                .stream()
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no user " + username));
    }

    /** Changes the given members of a user and leaves the others. */
    public void updateUser(String realm, String username, Map<String, ?> changes) {
        Map<String, Object> user = new LinkedHashMap<>(user(realm, username));
        user.putAll(changes);
        put("/" + realm + "/users/" + user.get("id"), user).expect(204);
    }

    public void deleteUser(String realm, String username) {
        delete("/" + realm + "/users/" + user(realm, username).get("id")).expect(204);
    }

    /** Ends all sessions of a user. */
    public void logoutUser(String realm, String username) {
        post("/" + realm + "/users/" + user(realm, username).get("id") + "/logout", "")
                .expect(204);
    }

    /** Ends one session ({@code sid}). */
    public void deleteSession(String realm, String sessionId) {
        delete("/" + realm + "/sessions/" + sessionId).expect(204);
    }

    /** Forgets what a user consented to for a client. */
    public void revokeConsent(String realm, String username, String clientId) {
        delete("/" + realm + "/users/" + user(realm, username).get("id") + "/consents/" + encode(clientId, UTF_8))
                .expect(204);
    }

    /** The realm's own profiles, without the global ones. */
    public List<Map<String, Object>> clientProfiles(String realm) {
        return Json.objects((List<?>) get("/" + realm + "/client-policies/profiles")
                .expect(200)
                .json()
                .get("profiles"));
    }

    /** Replaces all profiles of the realm. Gives the answer as it is: saving validates. */
    public Exchange trySetClientProfiles(String realm, List<? extends Map<String, ?>> profiles) {
        return put("/" + realm + "/client-policies/profiles", Map.of("profiles", profiles));
    }

    public void setClientProfiles(String realm, List<? extends Map<String, ?>> profiles) {
        trySetClientProfiles(realm, profiles).expect(204);
    }

    public List<Map<String, Object>> clientPolicies(String realm) {
        return Json.objects((List<?>) get("/" + realm + "/client-policies/policies")
                .expect(200)
                .json()
                .get("policies"));
    }

    public Exchange trySetClientPolicies(String realm, List<? extends Map<String, ?>> policies) {
        return put("/" + realm + "/client-policies/policies", Map.of("policies", policies));
    }

    public void setClientPolicies(String realm, List<? extends Map<String, ?>> policies) {
        trySetClientPolicies(realm, policies).expect(204);
    }

    /** Adds a client profile, and a policy of its name for the clients whose attribute has that value. */
    public void addPolicy(
            String realm, String profile, String attribute, String value, List<Map<String, Object>> executors) {
        List<Map<String, Object>> profiles = new ArrayList<>(clientProfiles(realm));
        profiles.add(Map.of("name", profile, "executors", executors));
        setClientProfiles(realm, profiles);
        List<Map<String, Object>> policies = new ArrayList<>(clientPolicies(realm));
        policies.add(Map.of(
                "name",
                profile,
                "enabled",
                true,
                "conditions",
                List.of(Map.of(
                        "condition",
                        "client-attributes",
                        "configuration",
                        Map.of("attributes", "[{\"key\":\"" + attribute + "\",\"value\":\"" + value + "\"}]"))),
                "profiles",
                List.of(profile)));
        setClientPolicies(realm, policies);
    }

    /** Makes a component, for example a key provider, and gives its id. */
    public String createComponent(String realm, Map<String, ?> component) {
        return idOfCreated(post("/" + realm + "/components", component).expect(201));
    }

    public void deleteComponent(String realm, String id) {
        delete("/" + realm + "/components/" + id).expect(204);
    }

    /** The realm's key providers. */
    public List<Map<String, Object>> keyProviders(String realm) {
        return Json.objects(get("/" + realm + "/components?type=org.keycloak.keys.KeyProvider")
                .expect(200)
                .body());
    }

    /**
     * Adds a generated signing key.
     *
     * @param providerId {@code rsa-generated}, {@code ecdsa-generated} or {@code eddsa-generated}
     * @param configuration for example {@code algorithm} PS256 or {@code ecdsaEllipticCurveKey} P-256, and {@code priority}
     */
    public String addKeyProvider(String realm, String name, String providerId, Map<String, String> configuration) {
        Map<String, Object> config = new LinkedHashMap<>();
        configuration.forEach((key, value) -> config.put(key, List.of(value)));
        return createComponent(
                realm,
                Map.of(
                        "name",
                        name,
                        "providerId",
                        providerId,
                        "providerType",
                        "org.keycloak.keys.KeyProvider",
                        "config",
                        config));
    }

    /** Keeps user events, so that {@link #events} has something to tell. */
    public void recordEvents(String realm) {
        updateRealm(realm, Map.of("eventsEnabled", true, "enabledEventTypes", List.of()));
    }

    /** The realm's user events, newest first. */
    public List<Map<String, Object>> events(String realm) {
        return Json.objects(get("/" + realm + "/events?max=200").expect(200).body());
    }

    public void clearEvents(String realm) {
        delete("/" + realm + "/events").expect(204);
    }

    /** The last part of the Location of what was just made. */
    private static String idOfCreated(Exchange created) {
        String location = created.header("location").orElseThrow();
        return location.substring(location.lastIndexOf('/') + 1);
    }
}
