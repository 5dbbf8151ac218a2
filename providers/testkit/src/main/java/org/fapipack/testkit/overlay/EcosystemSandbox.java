package org.fapipack.testkit.overlay;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.fapipack.testkit.admin.AdminApi;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.resource.ResourceServer;
import org.fapipack.testkit.server.KeycloakServer;
import org.fapipack.testkit.tls.TestPki;
import org.fapipack.testkit.tls.TlsIdentity;

/**
 * Everybody whom a realm made from an ecosystem's template needs for a first flow with a consent: a client bound to its certificate, a resource
 * server, a customer with accounts, and the client of the customer's own page. Keys are new with every sandbox and never leave this process, except for
 * their public halves.
 */
public final class EcosystemSandbox {

    public static final String CLIENT = "demo-app";
    public static final String RESOURCE_SERVER = Sandbox.RESOURCE_SERVER;

    /** Of the resource server; each sample asks for it. */
    public static final String SCOPE = Sandbox.SCOPE;

    private static final String RESPONSE_TYPE = "code id_token";

    private final EcosystemSample sample;
    private final TestPki pki;
    private final URI issuer;
    private final URI redirectUri;
    private final Map<String, Object> type;
    private final SigningKey clientKey;
    private final SigningKey resourceServerKey;
    private final Optional<JWK> idTokenKey;
    private final TlsIdentity certificate;

    private EcosystemSandbox(
            EcosystemSample sample, TestPki pki, URI issuer, URI redirectUri, Map<String, Object> type) {
        this.sample = sample;
        this.pki = pki;
        this.issuer = issuer;
        this.redirectUri = redirectUri;
        this.type = type;
        this.clientKey = SigningKey.generate(sample.algorithm());
        this.resourceServerKey = SigningKey.generate(sample.algorithm());
        this.idTokenKey = Json.text(sample.clientAttributes(), "id.token.encrypted.response.alg")
                .map(EcosystemSandbox::encryptionKey);
        this.certificate = pki.issue("CN=" + CLIENT + ",O=FAPI Pack Demo");
    }

    /**
     * Adds everybody to a realm that has none of them yet.
     *
     * @param redirectUri of the client
     * @param password of the customer
     */
    public static EcosystemSandbox createIn(
            String realm,
            EcosystemSample sample,
            KeycloakServer server,
            AdminApi admin,
            TestPki pki,
            URI redirectUri,
            String password) {
        EcosystemSandbox sandbox = new EcosystemSandbox(
                sample, pki, server.issuer(realm), redirectUri, consentType(realm, sample.consentType(), admin));
        sandbox.addResourceServer(realm, admin);
        sandbox.addClient(realm, admin);
        addCustomersPage(realm, admin);
        admin.createUser(realm, sample.customer(), password);
        admin.updateUser(realm, sample.customer(), Map.of("attributes", sample.customerAttributes()));
        return sandbox;
    }

    /** The description of a type of consent in the realm's profiles. */
    private static Map<String, Object> consentType(String realm, String name, AdminApi admin) {
        return admin.clientProfiles(realm).stream()
                .flatMap(profile -> Json.objects((List<?>) profile.get("executors")).stream())
                .filter(executor -> "fapi-consent".equals(executor.get("executor")))
                .flatMap(executor -> Json.text(Json.object(executor.get("configuration")), "consent-types").stream())
                .flatMap(types -> Json.objects(types).stream())
                .filter(type -> name.equals(type.get("name")))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("realm " + realm + " has no type of consent " + name));
    }

    private static JWK encryptionKey(String algorithm) {
        try {
            return new RSAKeyGenerator(2048)
                    .keyUse(KeyUse.ENCRYPTION)
                    .algorithm(new Algorithm(algorithm))
                    .keyID(UUID.randomUUID().toString())
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private void addResourceServer(String realm, AdminApi admin) {
        admin.createClient(
                realm,
                Parties.resourceServer(
                        RESOURCE_SERVER, SigningKey.publicJwks(resourceServerKey), resourceServerKey.algorithm()));
        String scope = admin.findClientScope(realm, SCOPE)
                .orElseThrow(() -> new NoSuchElementException("realm " + realm + " has no scope " + SCOPE));
        Map<String, Object> audience = Parties.scopeForAudience(SCOPE, SCOPE, RESOURCE_SERVER);
        admin.addMissingMappers(realm, scope, Json.objects((List<?>) audience.get("protocolMappers")));
        // Introspection narrows a token's scope to what its resource server has.
        admin.addOptionalScope(realm, RESOURCE_SERVER, scope);
    }

    private void addClient(String realm, AdminApi admin) {
        Map<String, Object> client = new LinkedHashMap<>(
                Parties.mtlsClient(CLIENT, redirectUri, client().build().publicJwks(), sample.algorithm()));
        Map<String, Object> attributes = new LinkedHashMap<>(Json.object(client.get("attributes")));
        attributes.putAll(sample.clientAttributes());
        client.put("attributes", attributes);
        client.put("name", sample.clientName());
        client.put("implicitFlowEnabled", true);
        client.put("serviceAccountsEnabled", true);
        client.put("consentRequired", false);
        admin.createClient(realm, client);
        // Refresh tokens live as long as the consent.
        addScope(realm, "offline_access", admin::addDefaultScope, admin);
        Stream.concat(Stream.of(consentScope()), sample.scopes().stream())
                .distinct()
                .forEach(scope -> addScope(realm, scope, admin::addOptionalScope, admin));
        // The policies look when a client is changed.
        admin.updateClient(realm, CLIENT, Map.of());
    }

    private interface ScopeAddition {
        void add(String realm, String clientId, String scopeId);
    }

    private static void addScope(String realm, String scope, ScopeAddition addition, AdminApi admin) {
        addition.add(
                realm,
                CLIENT,
                admin.findClientScope(realm, scope)
                        .orElseThrow(() -> new NoSuchElementException("realm " + realm + " has no scope " + scope)));
    }

    private static void addCustomersPage(String realm, AdminApi admin) {
        if (admin.findClient(realm, Parties.MY_CONSENTS).isEmpty()) {
            admin.createClient(realm, Parties.myConsentsClient(realm));
        }
    }

    /** private_key_jwt, tokens bound to a certificate, a code and an ID token from the authorization endpoint. */
    public FapiClient.Builder client() {
        FapiClient.Builder client = FapiClient.of(pki, issuer, CLIENT)
                .authenticatesWith(clientKey)
                .bindsTokensTo(certificate)
                .redirectUri(redirectUri)
                .responseMode(null)
                .scope("openid " + String.join(" ", sample.scopes()));
        return idTokenKey.map(client::idTokenDecryptionKey).orElse(client);
    }

    /** The protected API. The realms of ecosystems do not sign introspection responses. */
    public ResourceServer.Builder resourceServer() {
        return ResourceServer.of(pki, issuer, RESOURCE_SERVER, resourceServerKey)
                .unsignedResponses()
                .requiredScope(SCOPE);
    }

    /** The resource server's private key, for private_key_jwt. */
    public SigningKey resourceServerKey() {
        return resourceServerKey;
    }

    /** The customer's browser, without any session. */
    public Browser browser() {
        return Browser.forClientAt(redirectUri, pki);
    }

    /** The page on which a customer sees their consents. */
    public URI customersPage() {
        return URI.create(issuer + "/" + Parties.MY_CONSENTS);
    }

    /** Lodges the sample's consent; the answer is as it is. */
    public Exchange lodge(FapiClient client) {
        Headers headers = type.get("idempotency") instanceof Map<?, ?> rule
                ? Headers.of((String) rule.get("header"), UUID.randomUUID().toString())
                : Headers.none();
        return call(client, "POST", "", headers, sample.consentBody());
    }

    /** The client ends a consent. */
    public Exchange revoke(FapiClient client, String consentId) {
        return call(client, "DELETE", "/" + consentId, Headers.none(), "");
    }

    public Exchange read(FapiClient client, String consentId) {
        return call(client, "GET", "/" + consentId, Headers.none(), "");
    }

    private Exchange call(FapiClient client, String method, String path, Headers headers, String body) {
        return client.callApi(
                method,
                URI.create(issuer + "/fapi-consents/" + type.get("path") + path),
                client.clientCredentials(consentScope()).accessToken(),
                headers,
                body);
    }

    private String consentScope() {
        return (String) type.get("client-scope");
    }

    /** The id in the answer to {@link #lodge} or {@link #read}. */
    public String id(Exchange answer) {
        return member(answer, "id");
    }

    /** The ecosystem's word for the state, in the same answers. */
    public String state(Exchange answer) {
        return member(answer, "status");
    }

    private String member(Exchange answer, String name) {
        Map<String, Object> members = Json.object(type.get("members"));
        Object value = answer.json().get((String) members.get("data"));
        for (String step : ((String) members.get(name)).split("[.]", -1)) {
            value = Json.object(value).get(step);
        }
        return (String) value;
    }

    /** A correct request object that names the consent in the way of the ecosystem. */
    public JwtDraft request(FapiClient client, PendingAuthorization pending, String consentId) {
        Map<String, Object> reference =
                Json.object(Json.object(type.get("authorization")).get("reference"));
        String name = (String) reference.get("name");
        JwtDraft draft = client.requestObject(pending).claim("response_type", RESPONSE_TYPE);
        return switch ((String) reference.get("in")) {
            case "scope" -> draft.claim("scope", draft.claims().get("scope") + " " + name + consentId);
            case "claim" ->
                draft.claim("claims", Map.of("id_token", Map.of(name, Map.of("value", consentId, "essential", true))));
            case "top-level-claim" -> draft.claim("claims", Map.of(name, consentId));
            default -> draft.claim("authorization_details", List.of(details(reference, consentId)));
        };
    }

    private static Map<String, Object> details(Map<String, Object> reference, String consentId) {
        List<String> steps = new ArrayList<>(List.of(((String) reference.get("member")).split("[.]", -1)));
        Object value = consentId;
        while (!steps.isEmpty()) {
            value = Map.of(steps.remove(steps.size() - 1), value);
        }
        Map<String, Object> details = new LinkedHashMap<>(Json.object(value));
        details.put("type", reference.get("name"));
        return details;
    }

    /** Whether requests are pushed; else the browser brings them. */
    public boolean isPushed(FapiClient client) {
        return client.metadata().requiresPushedRequests();
    }

    /** Where the browser goes with a request, which is pushed where the ecosystem wants that. */
    public URI address(FapiClient client, JwtDraft request) {
        return isPushed(client)
                ? client.authorizationUrl(client.push(request).requestUri())
                : addressByValue(client, request);
    }

    /** Where the browser goes with a request that was not pushed. */
    public URI addressByValue(FapiClient client, JwtDraft request) {
        return client.authorizationUrl(Form.of(
                "client_id",
                client.clientId(),
                "response_type",
                RESPONSE_TYPE,
                "scope",
                (String) request.claims().get("scope"),
                "request",
                request.compact()));
    }
}
