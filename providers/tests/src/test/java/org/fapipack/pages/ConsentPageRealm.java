package org.fapipack.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.testkit.browser.ClientRedirect;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.JarmResponse;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.overlay.ConsentSignIn;

/**
 * A realm with every type of consent that is shipped, and an invented payment, whose customers decide on them in five languages. A body to lodge is in
 * {@code consent-bodies}, named for its type.
 */
final class ConsentPageRealm {

    /** Chooses among three accounts. */
    static final String CUSTOMER = "alice";

    /** Chooses among {@link #MANY}. */
    static final String COLLECTOR = "bob";

    /** Has no account. */
    static final String NEWCOMER = "carol";

    static final int MANY = 10_000;
    static final String FINE = "library-fine";

    private static final String MEMBER = "asks.for.consents";

    /** A request for a consent, before the customer decides. */
    record Asked(FapiClient app, String type, String id, PendingAuthorization pending, URI url) {

        /** What the client is told where the browser was sent to. */
        JarmResponse answer(String url) {
            URI uri = URI.create(url);
            assertThat(uri.getPath()).isEqualTo(FapiRealm.REDIRECT_URI.getPath());
            return app.verifyJarm(
                    new ClientRedirect(uri, ClientRedirect.Mode.QUERY, Form.parse(uri.getRawQuery())), pending);
        }
    }

    private final FapiRealm realm;
    private final HttpCaller http;
    private final Map<String, Map<String, Object>> types = new LinkedHashMap<>();
    private final Map<String, String> scopeIds = new LinkedHashMap<>();

    private ConsentPageRealm(FapiRealm realm) {
        this.realm = realm;
        this.http = HttpCaller.over(realm.pki().sslContext());
    }

    static ConsentPageRealm prepare() {
        ConsentPageRealm consents =
                new ConsentPageRealm(KeycloakUnderTest.running().messageSigningRealm());
        consents.readTypes();
        consents.optIn();
        consents.addScopes();
        ConsentSignIn.putInto(consents.realm.admin(), consents.realm.name());
        consents.realm.remove("consent-required"); // Keycloak's own page of scopes would come besides
        consents.addCustomers();
        return consents;
    }

    FapiRealm realm() {
        return realm;
    }

    /** The names of the types that are shipped. */
    static Stream<String> shippedTypes() {
        return shipped().stream().map(type -> (String) type.get("name"));
    }

    private void readTypes() {
        Stream.concat(shipped().stream(), Json.objects(resource("/consent-types/library-fines.json")).stream())
                .forEach(type -> types.put((String) type.get("name"), withPlainBodies(type)));
    }

    private static List<Map<String, Object>> shipped() {
        Path folder = Path.of(System.getProperty("project.root"), "client-policies", "consent-types");
        try (Stream<Path> files = Files.list(folder)) {
            List<Map<String, Object>> shipped = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                shipped.addAll(Json.objects(Files.readString(file)));
            }
            for (Map<String, Object> type : shipped) {
                // Customers of this realm have no second factor.
                Map<String, Object> authorization = Json.object(type.get("authorization"));
                authorization.remove("acr");
                authorization.remove("backchannel-reaches-acr");
                type.put("authorization", authorization);
            }
            return shipped;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void optIn() {
        realm.admin()
                .updateRealm(
                        realm.name(),
                        Map.of(
                                "internationalizationEnabled",
                                true,
                                "supportedLocales",
                                List.of("en", "de", "pt-BR", "no", "ar"),
                                "defaultLocale",
                                "en",
                                "displayName",
                                "Example Bank",
                                "displayNameHtml",
                                "Example Bank"));
        realm.addPolicy(
                "consents",
                MEMBER,
                "true",
                List.of(Map.of(
                        "executor",
                        "fapi-consent",
                        "configuration",
                        Map.of("consent-types", Json.write(List.copyOf(types.values()))))));
    }

    private void addScopes() {
        Set<String> names = new LinkedHashSet<>();
        for (Map<String, Object> type : types.values()) {
            names.add((String) type.get("client-scope"));
            Json.object(type.get("permissions")).values().forEach(scopes -> names.addAll(texts(scopes)));
        }
        for (String name : names) {
            String known = realm.scopeId(name);
            scopeIds.put(name, known != null ? known : ConsentSignIn.addScope(realm.admin(), realm.name(), name));
        }
    }

    private void addCustomers() {
        realm.admin().createUser(realm.name(), COLLECTOR, FapiRealm.PASSWORD);
        realm.admin().createUser(realm.name(), NEWCOMER, FapiRealm.PASSWORD);
        giveAccounts(
                CUSTOMER,
                List.of(
                        account("1", "Everyday account", "DE02120300000000204417"),
                        account("2", "Savings for the boat", "DE02500105170137070032"),
                        account("3", "Joint account with Robin", "DE02100500000054549120")));
        giveAccounts(
                COLLECTOR,
                IntStream.range(0, MANY)
                        .mapToObj(i -> account("n-" + i, "Jar %05d".formatted(i), "DE%020d".formatted(i)))
                        .toList());
        giveAccounts(NEWCOMER, List.of());
    }

    void giveAccounts(String username, List<String> accounts) {
        realm.admin()
                .updateUser(
                        realm.name(),
                        username,
                        Map.of("attributes", Map.of("cpf", List.of("12345678909"), "fapi.accounts", accounts)));
    }

    static String account(String id, String name, String number) {
        return Json.write(Map.of("id", id, "name", name, "number", number));
    }

    /** An app that may ask for consents. */
    FapiClient addApp(String clientId, String name, Map<String, String> attributes) {
        FapiClient app = realm.addDpopClient(clientId);
        scopeIds.values().forEach(id -> realm.admin().addOptionalScope(realm.name(), clientId, id));
        realm.admin()
                .updateClient(
                        realm.name(),
                        clientId,
                        Map.of("serviceAccountsEnabled", true, "consentRequired", false, "name", name));
        realm.admin().setClientAttribute(realm.name(), clientId, MEMBER, "true");
        attributes.forEach(
                (attribute, value) -> realm.admin().setClientAttribute(realm.name(), clientId, attribute, value));
        return app;
    }

    /** Lodges a consent and pushes a request for it. */
    Asked ask(FapiClient app, String type) {
        String id = lodge(app, type, body(type));
        return request(app, type, id);
    }

    /** Pushes a request for a consent that is there. */
    Asked request(FapiClient app, String type, String id) {
        PendingAuthorization pending = app.begin();
        JwtDraft request = app.requestObject(pending);
        Map<String, Object> reference =
                Json.object(Json.object(types.get(type).get("authorization")).get("reference"));
        String name = (String) reference.get("name");
        String scope = "openid " + String.join(" ", scopes(type));
        request = switch ((String) reference.get("in")) {
            case "scope" -> request.claim("scope", scope + " " + name + id);
            case "claim" ->
                request.claim("scope", scope)
                        .claim("claims", Map.of("id_token", Map.of(name, Map.of("value", id, "essential", true))));
            default -> request.claim("scope", scope).claim("claims", Map.of(name, id));
        };
        String requestUri = app.push(request).requestUri();
        return new Asked(app, type, id, pending, app.authorizationUrl(requestUri));
    }

    /** How clients lodge consents is of no interest to pages. */
    private static Map<String, Object> withPlainBodies(Map<String, Object> type) {
        Map<String, Object> plain = new LinkedHashMap<>(type);
        plain.remove("signed-bodies");
        return plain;
    }

    /** The scopes that the permissions in the body go with. */
    private Set<String> scopes(String type) {
        Set<String> scopes = new LinkedHashSet<>();
        Map<String, Object> permissions = Json.object(types.get(type).get("permissions"));
        String body = body(type);
        boolean named = permissions.keySet().stream().anyMatch(permission -> body.contains('"' + permission + '"'));
        permissions.forEach((permission, its) -> {
            if (!named || body.contains('"' + permission + '"')) {
                scopes.addAll(texts(its));
            }
        });
        return scopes;
    }

    static String body(String type) {
        return resource("/consent-bodies/" + type + ".json")
                .replace(
                        "{end}",
                        Instant.now()
                                .plus(300, ChronoUnit.DAYS)
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString());
    }

    String lodge(FapiClient app, String type, String body) {
        return (String) member(type, "id", call(app, type, "POST", "", body).expect(201));
    }

    void revoke(Asked asked) {
        call(asked.app(), asked.type(), "DELETE", "/" + asked.id(), "").expect(204);
    }

    /** The canonical name of the state that a consent is in, as its history has it. */
    String state(Asked asked) {
        List<Map<String, Object>> changes = Json.objects((List<?>) realm.admin()
                .get("/" + realm.name() + "/fapi-consents/" + asked.id() + "/history")
                .expect(200)
                .json()
                .get("changes"));
        return (String) changes.get(changes.size() - 1).get("to");
    }

    private Object member(String type, String member, Exchange answer) {
        Map<String, Object> members = Json.object(types.get(type).get("members"));
        Object found = answer.json().get(members.get("data"));
        for (String name : ((String) members.get(member)).split("[.]", -1)) {
            found = Json.object(found).get(name);
        }
        return found;
    }

    private Exchange call(FapiClient app, String type, String method, String path, String body) {
        URI uri =
                URI.create(realm.issuer() + "/fapi-consents/" + types.get(type).get("path") + path);
        String token = app.clientCredentials((String) types.get(type).get("client-scope"))
                .accessToken();
        Headers headers = Headers.of("Authorization", "DPoP " + token)
                .add("DPoP", app.dpopProof(method, uri, token).compact())
                .add("x-idempotency-key", UUID.randomUUID().toString());
        return http.send(method, uri, body.isEmpty() ? headers : headers.add("Content-Type", "application/json"), body);
    }

    private static List<String> texts(Object list) {
        return ((List<?>) list).stream().map(String.class::cast).toList();
    }

    private static String resource(String name) {
        try (InputStream file = ConsentPageRealm.class.getResourceAsStream(name)) {
            assertThat(file).as(name).isNotNull();
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
