package org.fapipack.bench;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.fapipack.testkit.admin.AdminApi;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.RandomText;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.overlay.Parties;
import org.fapipack.testkit.tls.TestPki;

/**
 * A realm with a customer and two clients with {@code private_key_jwt} and DPoP, one for the code flow and one for client credentials.
 * Everything is signed with ES256. All realms are alike but for their names and their policies.
 */
final class FlowRealm {

    private static final String APP = "app";
    private static final String SERVICE = "service";
    private static final String CUSTOMER = "alice";
    private static final URI REDIRECT_URI = URI.create("https://client.example.test/callback");
    private static final JWSAlgorithm ALGORITHM = JWSAlgorithm.ES256;
    private static final String JARM = "fapi-jarm";
    private static final int PASSWORD_OCTETS = 24;

    private final MeasuredKeycloak keycloak;
    private final TestPki pki;
    private final AdminApi admin;
    private final String name;
    private final PolicySet policies;
    private final String password = RandomText.ofOctets(PASSWORD_OCTETS);

    private FlowRealm(MeasuredKeycloak keycloak, TestPki pki, String name, PolicySet policies) {
        this.keycloak = keycloak;
        this.pki = pki;
        this.admin = new AdminApi(keycloak.server(), pki);
        this.name = name;
        this.policies = policies;
    }

    static FlowRealm create(MeasuredKeycloak keycloak, TestPki pki, String name, PolicySet policies) {
        FlowRealm realm = new FlowRealm(keycloak, pki, name, policies);
        realm.admin.createRealm(Map.of("realm", name, "enabled", true));
        realm.admin.addKeyProvider(name, "es256", "ecdsa-generated", Map.of("ecdsaEllipticCurveKey", "P-256"));
        realm.admin.createUser(name, CUSTOMER, realm.password);
        policies.saveIn(realm.admin, name);
        return realm;
    }

    /**
     * Code flows of one client.
     *
     * @param browsers how many there are, each with a session of the customer
     */
    Variant codeFlow(String label, int browsers) {
        FlowClient client = register(APP, false);
        BlockingQueue<Cookies> sessions = new ArrayBlockingQueue<>(browsers);
        for (int i = 0; i < browsers; i++) {
            sessions.add(logIn(client));
        }
        return new Variant(label, keycloak, () -> new CodeFlow(client, sessions, isJarmSound()));
    }

    /** Whether responses are what JARM says; not so for our profile without our JARM: stock then names the issuer twice. */
    private boolean isJarmSound() {
        List<String> executors = policies.packExecutors();
        return executors.isEmpty() || executors.contains(JARM);
    }

    /** Token requests of one client. */
    Variant clientCredentials(String label) {
        FlowClient client = register(SERVICE, true);
        return new Variant(label, keycloak, () -> {
            HttpRequest request = client.clientCredentials();
            return new OneRequest(request, new TokenAnswer());
        });
    }

    private FlowClient register(String clientId, boolean service) {
        SigningKey key = SigningKey.generate(ALGORITHM);
        Map<String, Object> client = Parties.dpopClient(clientId, REDIRECT_URI, SigningKey.publicJwks(key), ALGORITHM);
        client.put("serviceAccountsEnabled", service);
        if (policies.packExecutors().isEmpty()) {
            // Stock JARM responses name the issuer twice without it, which no careful client takes; the pack wants it
            // off.
            client = Parties.withAttributes(client, Map.of("exclude.issuer.from.auth.response", "true"));
        }
        admin.createClient(name, client);
        return new FlowClient(FapiClient.of(pki, keycloak.server().issuer(name), clientId)
                .authenticatesWith(key)
                .bindsTokensTo(SigningKey.generate(ALGORITHM))
                .jarmAlgorithm(ALGORITHM)
                .redirectUri(REDIRECT_URI)
                .build());
    }

    /** An authorization with login and consent; what is left of it is the session. */
    private Cookies logIn(FlowClient client) {
        Browser browser = Browser.forClientAt(REDIRECT_URI, pki);
        PendingAuthorization pending = client.fapi().begin();
        String requestUri = client.fapi().push(pending).requestUri();
        browser.logInAndConsent(client.fapi().authorizationUrl(requestUri), CUSTOMER, password);
        return Cookies.ofSession(browser);
    }
}
