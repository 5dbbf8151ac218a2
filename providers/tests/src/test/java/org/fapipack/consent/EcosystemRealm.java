package org.fapipack.consent;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;

/** A realm made from an ecosystem's template, with nothing added but customers, clients and resource servers. */
final class EcosystemRealm {

    /** What the customer's one-time passwords are made from. */
    private static final String SECRET = SigningKey.generate(JWSAlgorithm.ES256).keyId();

    private final Ecosystem ecosystem;
    private final FapiRealm realm;

    /** What ID tokens are encrypted with, by client id. */
    private final Map<String, RSAKey> keys = new HashMap<>();

    private EcosystemRealm(Ecosystem ecosystem, FapiRealm realm) {
        this.ecosystem = ecosystem;
        this.realm = realm;
    }

    static EcosystemRealm of(Ecosystem ecosystem) {
        FapiRealm realm = KeycloakUnderTest.running()
                .realmFrom(ecosystem.template(), ecosystem.algorithm())
                .onAllNodes();
        realm.admin()
                .updateUser(
                        realm.name(),
                        FapiRealm.USER,
                        Map.of(
                                "attributes",
                                attributes(ecosystem, Map.of()),
                                "credentials",
                                List.of(oneTimePasswords())));
        // Tests sign in faster than there are new ones. Keycloak takes the policy as a whole.
        realm.admin()
                .updateRealm(
                        realm.name(),
                        Map.of(
                                "otpPolicyType", "totp",
                                "otpPolicyAlgorithm", "HmacSHA1",
                                "otpPolicyDigits", 6,
                                "otpPolicyInitialCounter", 0,
                                "otpPolicyLookAheadWindow", 1,
                                "otpPolicyPeriod", 30,
                                "otpPolicyCodeReusable", true));
        return new EcosystemRealm(ecosystem, realm);
    }

    private static Map<String, Object> attributes(Ecosystem ecosystem, Map<String, Object> more) {
        Map<String, Object> attributes = new LinkedHashMap<>(ecosystem.customer());
        attributes.put(
                "fapi.accounts",
                List.of(
                        "{\"id\":\"1\",\"name\":\"Everyday\",\"number\":\"00011112051\"}",
                        "{\"id\":\"2\",\"name\":\"Savings\",\"number\":\"00011117030\"}"));
        attributes.putAll(more);
        return attributes;
    }

    /** Gives the customer attributes besides those of the ecosystem, instead of others there are. */
    void setCustomer(Map<String, Object> more) {
        realm.admin().updateUser(realm.name(), FapiRealm.USER, Map.of("attributes", attributes(ecosystem, more)));
    }

    /** A customer with the same accounts, who has no second factor. */
    void addCustomer(String username) {
        realm.admin().createUser(realm.name(), username, FapiRealm.PASSWORD);
        realm.admin().updateUser(realm.name(), username, Map.of("attributes", attributes(ecosystem, Map.of())));
    }

    private static Map<String, Object> oneTimePasswords() {
        return Map.of(
                "type",
                "otp",
                "secretData",
                Json.write(Map.of("value", SECRET)),
                "credentialData",
                Json.write(
                        Map.of("subType", "totp", "digits", 6, "counter", 0, "period", 30, "algorithm", "HmacSHA1")));
    }

    /** Signs the customer in with a password, and with a second factor where one is asked for. */
    Page signIn(Page login) {
        Page page = login.logIn(FapiRealm.USER, FapiRealm.PASSWORD);
        return !page.isClientRedirect() && page.html().contains("name=\"otp\"")
                ? page.submit("otp", Form.of("otp", oneTimePassword()))
                : page;
    }

    /** RFC 6238, of the present 30 s. */
    private static String oneTimePassword() {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.US_ASCII), "HmacSHA1"));
            byte[] hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES)
                    .putLong(Instant.now().getEpochSecond() / 30)
                    .array());
            int offset = hash[hash.length - 1] & 0xF;
            int number = ByteBuffer.wrap(hash, offset, Integer.BYTES).getInt() & Integer.MAX_VALUE;
            return "%06d".formatted(number % 1_000_000);
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    FapiRealm realm() {
        return realm;
    }

    /** A client as the documentation has it made: bound to its certificate, with all scopes of the ecosystem. */
    FapiClient addClient(String clientId) {
        FapiClient client = realm.addMtlsClient(clientId);
        Map<String, Object> attributes = new LinkedHashMap<>(
                Json.object(realm.admin().client(realm.name(), clientId).get("attributes")));
        attributes.put("require.pushed.authorization.requests", String.valueOf(ecosystem.isPushed()));
        if (ecosystem.isEncrypted()) {
            keys.put(clientId, encryptionKey(clientId));
            attributes.put("jwks.string", jwks(client));
            attributes.put("id.token.encrypted.response.alg", "RSA-OAEP");
            attributes.put("id.token.encrypted.response.enc", "A256GCM");
        }
        realm.admin()
                .updateClient(
                        realm.name(),
                        clientId,
                        Map.of(
                                "serviceAccountsEnabled", true,
                                "implicitFlowEnabled", true,
                                "fullScopeAllowed", false,
                                "consentRequired", false,
                                "attributes", attributes));
        Json.objects(realm.admin()
                        .get("/" + realm.name() + "/client-scopes")
                        .expect(200)
                        .body())
                .stream()
                .filter(scope -> scope.get("attributes") instanceof Map<?, ?> texts
                        && String.valueOf(texts.get("consent.screen.text")).startsWith("${scope."))
                .forEach(scope -> realm.admin().addOptionalScope(realm.name(), clientId, (String) scope.get("id")));
        return client.toBuilder().responseMode(null).build();
    }

    private String jwks(FapiClient client) {
        List<Map<String, Object>> all = new ArrayList<>(
                Json.objects((List<?>) Json.object(client.publicJwks()).get("keys")));
        all.add(Json.object(keys.get(client.clientId()).toPublicJWK().toJSONString()));
        return Json.write(Map.of("keys", all));
    }

    static RSAKey encryptionKey(String keyId) {
        try {
            return new RSAKeyGenerator(2048)
                    .keyUse(KeyUse.ENCRYPTION)
                    .algorithm(new Algorithm("RSA-OAEP")) // what the ecosystem demands; Nimbus advises against it
                    .keyID(keyId)
                    .generate();
        } catch (JOSEException e) {
            throw new AssertionError(e);
        }
    }

    /** Claims of an ID token, which is encrypted to the client where the ecosystem wants that. */
    Map<String, Object> idTokenClaims(FapiClient client, String token) {
        if (!ecosystem.isEncrypted()) {
            return CompactJwt.parse(token).claims();
        }
        try {
            JWEObject jwe = JWEObject.parse(token);
            assertThat(jwe.getHeader().getAlgorithm().getName()).isEqualTo("RSA-OAEP");
            assertThat(jwe.getHeader().getEncryptionMethod().getName()).isEqualTo("A256GCM");
            jwe.decrypt(new RSADecrypter(keys.get(client.clientId())));
            return CompactJwt.parse(jwe.getPayload().toString()).claims();
        } catch (ParseException | JOSEException e) {
            throw new AssertionError(e);
        }
    }

    URI uri(String path) {
        return URI.create(realm.issuer() + "/fapi-consents/" + path);
    }

    /** With a new access token and the client's certificate; signed where the ecosystem wants that. */
    Exchange call(FapiClient client, Ecosystem.Kind kind, String method, String path, Headers more, String body) {
        String token = client.clientCredentials(kind.scope()).accessToken();
        Optional<BodySigning> signing = BodySigning.of(this, client, kind);
        if (signing.isEmpty()) {
            return callWith(client, token, method, path, more, body);
        }
        return body.isEmpty()
                ? signing.get().opened(send(client, token, 0, method, path, more, body))
                : sendSigned(
                        signing.get(),
                        token,
                        0,
                        path,
                        more,
                        signing.get().draft(body).compact(),
                        body);
    }

    /** With an access token that the client has, and the client's certificate; for bodies that nobody signs. */
    Exchange callWith(FapiClient client, String token, String method, String path, Headers more, String body) {
        Headers headers = body.isEmpty()
                ? more
                : Headers.of("Content-Type", "application/json").addAll(more);
        return send(client, token, 0, method, path, headers, body);
    }

    /** Lodges with a signature as it is given, on a node. */
    Exchange sendSigned(
            BodySigning signing, String token, int node, String path, Headers more, String compact, String body) {
        return signing.opened(send(
                signing.client(),
                token,
                node,
                "POST",
                path,
                signing.headers(compact).addAll(more),
                signing.body(compact, body)));
    }

    /** With the client's certificate. */
    Exchange send(FapiClient client, String token, int node, String method, String path, Headers more, String body) {
        return HttpCaller.over(realm.pki().sslContext(client.certificate().orElseThrow()))
                .by(KeycloakUnderTest.running().nodes().get(node))
                .send(
                        method,
                        uri(path),
                        Headers.of("Authorization", "Bearer " + token).addAll(more),
                        body);
    }

    Exchange read(FapiClient client, Ecosystem.Kind kind, String id) {
        return call(client, kind, "GET", kind.path() + '/' + id, Headers.none(), "");
    }

    Exchange lodge(FapiClient client, Ecosystem.Kind kind, String body) {
        return call(
                client, kind, "POST", kind.path(), key(kind, UUID.randomUUID().toString()), body);
    }

    static Headers key(Ecosystem.Kind kind, String key) {
        return kind.part("idempotency")
                .map(rule -> Headers.of((String) rule.get("header"), key))
                .orElse(Headers.none());
    }

    /** Lodges a good consent and gives its id. */
    String lodged(FapiClient client, Ecosystem.Kind kind) {
        return lodged(client, kind, kind.body());
    }

    String lodged(FapiClient client, Ecosystem.Kind kind, String body) {
        Exchange answer = lodge(client, kind, body);
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        return kind.id(answer.json());
    }

    /** A request for a code and an ID token that names the consent the ecosystem's way. */
    JwtDraft request(FapiClient client, PendingAuthorization pending, String scopes, String consentId) {
        JwtDraft draft = client.requestObject(pending)
                .claim("response_type", "code id_token")
                .claim(
                        "scope",
                        scopes
                                + ecosystem
                                        .scopePrefix()
                                        .map(prefix -> ' ' + prefix + consentId)
                                        .orElse(""));
        return ecosystem.scopePrefix().isPresent()
                ? draft
                : draft.claim(
                        "claims",
                        Map.of("id_token", Map.of(ecosystem.claim(), Map.of("value", consentId, "essential", true))));
    }

    /** Lets a client ask for decisions on the customer's own device. */
    void allowBackchannel(FapiClient client) {
        setAttributes(
                client,
                Map.of(
                        "oidc.ciba.grant.enabled", "true",
                        "ciba.backchannel.token.delivery.mode", "poll",
                        "ciba.backchannel.auth.request.signing.alg", "PS256"));
    }

    /** The same, and the client is told there of decisions. */
    void allowBackchannel(FapiClient client, URI notified) {
        allowBackchannel(client);
        setAttributes(
                client,
                Map.of(
                        "ciba.backchannel.token.delivery.mode",
                        "ping",
                        "ciba.backchannel.client.notification.endpoint",
                        notified.toString()));
    }

    private void setAttributes(FapiClient client, Map<String, String> attributes) {
        realm.admin().updateClient(realm.name(), client.clientId(), Map.of("attributes", attributes));
    }

    /** A signed request for such a decision, on the consent that it names the ecosystem's way. */
    JwtDraft backchannelRequest(FapiClient client, String scopes, String consentId) {
        JwtDraft draft = client.requestObject(client.begin());
        for (String browsers : List.of(
                "response_type",
                "redirect_uri",
                "state",
                "nonce",
                "code_challenge",
                "code_challenge_method",
                "response_mode")) {
            draft = draft.withoutClaim(browsers);
        }
        return draft.claim("scope", scopes)
                .claim("login_hint", FapiRealm.USER)
                .claim("binding_message", "1234")
                .claim(ecosystem.backchannelParameter().orElseThrow(), consentId);
    }

    Exchange sendBackchannel(FapiClient client, JwtDraft request) {
        return client.call("backchannel_authentication_endpoint", Form.of("request", request.compact()))
                .send();
    }

    /** Where the browser goes with a request, pushed or by value. */
    URI address(FapiClient client, JwtDraft request) {
        return ecosystem.isPushed()
                ? client.authorizationUrl(client.push(request).requestUri())
                : client.authorizationUrl(Form.of(
                        "client_id",
                        client.clientId(),
                        "response_type",
                        "code id_token",
                        "scope",
                        (String) request.claims().get("scope"),
                        "request",
                        request.compact()));
    }
}
