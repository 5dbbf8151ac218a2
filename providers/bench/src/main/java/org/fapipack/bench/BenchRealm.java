package org.fapipack.bench;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.fapipack.testkit.admin.AdminApi;
import org.fapipack.testkit.client.RandomText;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.jose.JwkSets;
import org.fapipack.testkit.overlay.Parties;
import org.fapipack.testkit.resource.IntrospectionResponseVerifier;
import org.fapipack.testkit.tls.TestPki;

/**
 * A realm with a customer, an app, a resource server and one access token, signed PS256, of that customer for that resource
 * server. All realms are alike but for the name and, where asked for, the policy and the algorithm of the responses.
 */
final class BenchRealm {

    private static final String APP = "app";
    private static final String RESOURCE_SERVER = "accounts-api";
    private static final String SCOPE = "accounts";
    private static final String CUSTOMER = "alice";
    private static final String PROFILE = "bench-resource-server";
    private static final String ACCESS_TOKEN_ALGORITHM = "PS256";
    private static final String JSON = PlainAnswer.MEDIA_TYPE;
    private static final int PASSWORD_OCTETS = 24;

    /** The token must outlive the run. */
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(1);

    private final MeasuredKeycloak keycloak;
    private final AdminApi admin;
    private final HttpCaller http;
    private final String name;
    private final Credentials resourceServerCredentials;
    private final Secret appSecret = Secret.random(APP);
    private final String password = RandomText.ofOctets(PASSWORD_OCTETS);

    private BenchRealm(MeasuredKeycloak keycloak, TestPki pki, String name, boolean privateKeyJwt) {
        this.keycloak = keycloak;
        this.admin = new AdminApi(keycloak.server(), pki);
        this.http = HttpCaller.over(pki.sslContext());
        this.name = name;
        this.resourceServerCredentials =
                privateKeyJwt ? PrivateKeyJwt.random(RESOURCE_SERVER, issuer()) : Secret.random(RESOURCE_SERVER);
    }

    /** A realm without client policies, asked for plain JSON. */
    static Variant withoutPolicy(String label, MeasuredKeycloak keycloak, TestPki pki, boolean privateKeyJwt) {
        BenchRealm realm = new BenchRealm(keycloak, pki, "without-policy", privateKeyJwt);
        realm.create(Optional.empty());
        return realm.variant(label, JSON, new PlainAnswer(APP, false));
    }

    /** A realm with our policy, asked for plain JSON all the same. */
    static Variant plain(String label, MeasuredKeycloak keycloak, TestPki pki, boolean privateKeyJwt) {
        BenchRealm realm = new BenchRealm(keycloak, pki, "plain", privateKeyJwt);
        realm.create(Optional.of(JWSAlgorithm.PS256));
        return realm.variant(label, JSON, new PlainAnswer(APP, true));
    }

    /** A realm with our policy, asked for responses signed with the algorithm. */
    static Variant signed(
            String label, MeasuredKeycloak keycloak, TestPki pki, boolean privateKeyJwt, JWSAlgorithm algorithm) {
        BenchRealm realm =
                new BenchRealm(keycloak, pki, "signed-" + algorithm.getName().toLowerCase(Locale.ROOT), privateKeyJwt);
        realm.create(Optional.of(algorithm));
        JWKSet keys = realm.publishedKeys();
        IntrospectionResponseVerifier verifier = IntrospectionResponseVerifier.signed(
                realm.issuer().toString(), RESOURCE_SERVER, algorithm, () -> keys, Clock.systemUTC());
        return realm.variant(label, IntrospectionResponseVerifier.MEDIA_TYPE, new SignedAnswer(APP, verifier));
    }

    private Variant variant(String label, String accept, AnswerCheck check) {
        String token = token();
        if (resourceServerCredentials.reusable()) {
            HttpRequest always = request(token, accept);
            return new Variant(label, keycloak, () -> new OneRequest(always, check));
        }
        return new Variant(label, keycloak, () -> new OneRequest(request(token, accept), check));
    }

    private URI issuer() {
        return keycloak.server().issuer(name);
    }

    private URI endpoint(String path) {
        return URI.create(issuer() + "/protocol/openid-connect/" + path);
    }

    /** @param responseAlgorithm empty: no policy at all */
    private void create(Optional<JWSAlgorithm> responseAlgorithm) {
        admin.createRealm(Map.of("realm", name, "enabled", true, "accessTokenLifespan", TOKEN_LIFETIME.toSeconds()));
        // Every realm has all keys, so that they differ in nothing but what is asked of them.
        admin.addKeyProvider(name, "ps256", "rsa-generated", Map.of("algorithm", "PS256", "keySize", "2048"));
        admin.addKeyProvider(name, "es256", "ecdsa-generated", Map.of("ecdsaEllipticCurveKey", "P-256"));
        admin.addKeyProvider(name, "eddsa", "eddsa-generated", Map.of("eddsaEllipticCurveKey", "Ed25519"));
        responseAlgorithm.ifPresent(algorithm -> addPolicy());
        admin.createClient(name, app());
        admin.createClient(name, resourceServer(responseAlgorithm.orElse(JWSAlgorithm.PS256)));
        String scope =
                admin.createClientScope(name, Parties.scopeForAudience(SCOPE, "See your accounts", RESOURCE_SERVER));
        admin.addDefaultScope(name, APP, scope);
        admin.addDefaultScope(name, RESOURCE_SERVER, scope);
        admin.createUser(name, CUSTOMER, password);
    }

    private void addPolicy() {
        admin.addPolicy(
                name,
                PROFILE,
                "fapi.resource.server",
                "true",
                List.of(Map.of(
                        "executor",
                        "fapi-signed-introspection",
                        "configuration",
                        Map.of("signed-response-required", false))));
    }

    /** Gets its token with the customer's password: how a token was obtained does not matter to introspection. */
    private Map<String, Object> app() {
        Map<String, Object> client = appSecret.registeredIn(confidential(APP));
        client.put("directAccessGrantsEnabled", true);
        return Parties.withAttributes(client, Map.of("access.token.signed.response.alg", ACCESS_TOKEN_ALGORITHM));
    }

    private Map<String, Object> resourceServer(JWSAlgorithm responseAlgorithm) {
        return Parties.withAttributes(
                resourceServerCredentials.registeredIn(confidential(RESOURCE_SERVER)),
                Map.of(
                        "fapi.resource.server",
                        "true",
                        "introspection.signed.response.alg",
                        responseAlgorithm.getName()));
    }

    private static Map<String, Object> confidential(String clientId) {
        return Map.of(
                "clientId",
                clientId,
                "protocol",
                "openid-connect",
                "publicClient",
                false,
                "standardFlowEnabled",
                false,
                "fullScopeAllowed",
                false);
    }

    private String token() {
        Map<String, Object> answer = http.post(
                        endpoint("token"),
                        Form.of(
                                "grant_type",
                                "password",
                                "client_id",
                                APP,
                                "client_secret",
                                appSecret.secret(),
                                "username",
                                CUSTOMER,
                                "password",
                                password,
                                "scope",
                                "openid"))
                .expect(200)
                .json();
        return (String) answer.get("access_token");
    }

    private JWKSet publishedKeys() {
        return JwkSets.parse(http.get(endpoint("certs")).expect(200).body());
    }

    private HttpRequest request(String token, String accept) {
        return resourceServerCredentials.authenticate(
                ClosedLoop.request()
                        .uri(endpoint("token/introspect"))
                        .header("Accept", accept)
                        .header("Content-Type", "application/x-www-form-urlencoded"),
                Form.of("token", token));
    }
}
