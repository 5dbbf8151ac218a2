package org.fapipack.testkit.overlay;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.util.Map;
import org.fapipack.testkit.admin.AdminApi;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.resource.ResourceServer;
import org.fapipack.testkit.server.KeycloakServer;
import org.fapipack.testkit.tls.TestPki;
import org.fapipack.testkit.tls.TlsIdentity;

/**
 * Everybody a realm needs for a first flow: two clients, a resource server with its scope, and a customer. All keys are
 * new with every sandbox and never leave this process, except for their public halves; a resource server in a process of
 * its own needs {@link #resourceServerKey} there.
 */
public final class Sandbox {

    public static final String DPOP_CLIENT = "demo-dpop";
    public static final String MTLS_CLIENT = "demo-mtls";
    public static final String RESOURCE_SERVER = "accounts-api";
    public static final String SCOPE = "accounts";

    /** What the consent page says about the scope. */
    public static final String SCOPE_CONSENT_TEXT = "See your accounts and their balances";

    /** Nobody listens there: the scripted browser stops in front of it. */
    public static final URI REDIRECT_URI = URI.create("https://client.example.test/callback");

    private final TestPki pki;
    private final URI issuer;
    private final SigningKey dpopClientKey = SigningKey.generate(JWSAlgorithm.PS256);
    private final SigningKey mtlsClientKey = SigningKey.generate(JWSAlgorithm.ES256);
    private final SigningKey resourceServerKey = SigningKey.generate(JWSAlgorithm.PS256);
    private final SigningKey dpopKey = SigningKey.generate(JWSAlgorithm.ES256);
    private final TlsIdentity certificate;

    private Sandbox(TestPki pki, URI issuer) {
        this.pki = pki;
        this.issuer = issuer;
        this.certificate = pki.issue("CN=" + MTLS_CLIENT + ",O=FAPI Pack Demo");
    }

    /** Adds everybody to a realm that has none of them yet. */
    public static Sandbox createIn(
            String realm, KeycloakServer server, AdminApi admin, TestPki pki, String customer, String password) {
        Sandbox sandbox = new Sandbox(pki, server.issuer(realm));
        sandbox.create(realm, admin);
        admin.createUser(realm, customer, password);
        return sandbox;
    }

    private void create(String realm, AdminApi admin) {
        admin.createClient(
                realm,
                Parties.withAttributes(
                        Parties.resourceServer(
                                RESOURCE_SERVER,
                                SigningKey.publicJwks(resourceServerKey),
                                resourceServerKey.algorithm()),
                        Map.of("fapi.introspection.claims", Parties.CLIENT_KEYS)));
        String scope =
                admin.createClientScope(realm, Parties.scopeForAudience(SCOPE, SCOPE_CONSENT_TEXT, RESOURCE_SERVER));
        admin.createClient(
                realm,
                Parties.tellingItsKeys(Parties.dpopClient(
                        DPOP_CLIENT, REDIRECT_URI, SigningKey.publicJwks(dpopClientKey), dpopClientKey.algorithm())));
        admin.createClient(
                realm,
                Parties.tellingItsKeys(Parties.mtlsClient(
                        MTLS_CLIENT, REDIRECT_URI, SigningKey.publicJwks(mtlsClientKey), mtlsClientKey.algorithm())));
        admin.addOptionalScope(realm, DPOP_CLIENT, scope);
        admin.addOptionalScope(realm, MTLS_CLIENT, scope);
        // Introspection narrows a token's scope to what its resource server has.
        admin.addOptionalScope(realm, RESOURCE_SERVER, scope);
    }

    /** private_key_jwt and JARM with PS256, tokens bound by DPoP with ES256. */
    public FapiClient.Builder dpopClient() {
        return FapiClient.of(pki, issuer, DPOP_CLIENT)
                .authenticatesWith(dpopClientKey)
                .jarmAlgorithm(dpopClientKey.algorithm())
                .bindsTokensTo(dpopKey)
                .redirectUri(REDIRECT_URI)
                .scope("openid " + SCOPE);
    }

    /** private_key_jwt and JARM with ES256, tokens bound to a client certificate. */
    public FapiClient.Builder mtlsClient() {
        return FapiClient.of(pki, issuer, MTLS_CLIENT)
                .authenticatesWith(mtlsClientKey)
                .jarmAlgorithm(mtlsClientKey.algorithm())
                .bindsTokensTo(certificate)
                .redirectUri(REDIRECT_URI)
                .scope("openid " + SCOPE);
    }

    /** The protected API, with signed introspection responses (PS256). */
    public ResourceServer.Builder resourceServer() {
        return ResourceServer.of(pki, issuer, RESOURCE_SERVER, resourceServerKey)
                .responseAlgorithm(resourceServerKey.algorithm())
                .requiredScope(SCOPE);
    }

    /** The resource server's private key, for private_key_jwt; its algorithm is also that of the responses. */
    public SigningKey resourceServerKey() {
        return resourceServerKey;
    }

    /** The customer's browser, without any session. */
    public Browser browser() {
        return Browser.forClientAt(REDIRECT_URI, pki);
    }
}
