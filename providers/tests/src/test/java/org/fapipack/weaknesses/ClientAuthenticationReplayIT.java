package org.fapipack.weaknesses;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.REDIRECT_URI;
import static org.fapipack.weaknesses.Replay.assertRefused;
import static org.fapipack.weaknesses.Replay.saveBeforeThePolicy;

import java.net.URLEncoder;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.fixture.Weakness;
import org.fapipack.testkit.client.EndpointCall;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.overlay.Parties;
import org.fapipack.testkit.tls.TlsIdentity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Published attacks on client authentication. */
class ClientAuthenticationReplayIT {

    private static final String SECRET = "a secret that the attacker knows";

    private static FapiRealm realm;
    private static FapiClient client;
    private static String refreshToken;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addDpopClient("owner");
        refreshToken = realm.tokensFor(client).refreshToken().orElseThrow();
    }

    @Test
    @Weakness("CVE-2026-16093")
    @Requirement({"CA-4", "SP-5.3.2.1-6"})
    void anUnsignedAssertionDoesNotMakeASecretGood() {
        FapiClient lax = realm.addDpopClient("by-secret");
        saveBeforeThePolicy(
                realm, lax.clientId(), Map.of("clientAuthenticatorType", "client-secret", "secret", SECRET));
        String unsigned = withoutSignature(lax.clientAssertion().compact());
        EndpointCall bySecret = lax.refreshRequest("x").withoutClientAssertion().set("client_id", lax.clientId());
        assertRefused(bySecret.set("client_secret", SECRET).send(), 401, "invalid_client");
        assertRefused(
                lax.refreshRequest("x")
                        .set("client_id", lax.clientId())
                        .set("client_secret", SECRET)
                        .set("client_assertion", unsigned)
                        .send(),
                401,
                "invalid_client");
        assertRefused(
                lax.refreshRequest("x")
                        .set("client_assertion", unsigned)
                        .header("Authorization", "Basic " + base64(lax.clientId() + ':' + SECRET.replace(' ', '+')))
                        .send(),
                401,
                "invalid_client");

        assertRefused(
                client.refreshRequest(refreshToken)
                        .set(
                                "client_assertion",
                                withoutSignature(client.clientAssertion().compact()))
                        .send(),
                401,
                "invalid_client");
        assertThat(client.refresh(refreshToken).accessToken()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssl-client-cert", "X-SSL-Client-Cert", "Client-Cert", "X-Forwarded-Client-Cert"})
    @Weakness({"CVE-2024-10039", "CVE-2023-2422"})
    @Requirement("MT-1")
    void aCertificateInAHeaderIsNone(String header) throws CertificateEncodingException {
        TlsIdentity certificate = realm.pki().issue("CN=" + header);
        String clientId = "tls-" + header;
        realm.admin()
                .createClient(
                        realm.name(),
                        Parties.tlsAuthenticatedClient(
                                clientId,
                                REDIRECT_URI,
                                "CN=" + header,
                                SigningKey.publicJwks(SigningKey.generate(ES256)),
                                ES256));
        FapiClient thief = FapiClient.of(realm.pki(), realm.issuer(), clientId).build();
        EndpointCall call = thief.refreshRequest("x");
        assertRefused(call.header(header, pem(certificate)).send(), 401, "invalid_client");
        assertRefused(call.header(header, ":" + der(certificate) + ":").send(), 401, "invalid_client");

        FapiClient owner = thief.toBuilder().authenticatesWith(certificate).build();
        assertThat(owner.tokenRequest(Form.of("grant_type", "refresh_token", "refresh_token", "x"))
                        .send()
                        .error())
                .as("let in, but it has no such token")
                .contains("invalid_grant");
    }

    private static String withoutSignature(String jws) {
        return jws.substring(0, jws.lastIndexOf('.') + 1);
    }

    private static String der(TlsIdentity identity) throws CertificateEncodingException {
        return Base64.getEncoder().encodeToString(identity.certificate().getEncoded());
    }

    private static String pem(TlsIdentity identity) throws CertificateEncodingException {
        return URLEncoder.encode(
                "-----BEGIN CERTIFICATE-----\n" + der(identity) + "\n-----END CERTIFICATE-----\n", UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }
}
