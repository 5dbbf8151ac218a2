package org.fapipack.senderconstraint;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.CompactJwt;
import org.fapipack.testkit.jose.SigningKey;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Tokens bound to a certificate, at the token endpoint and the userinfo endpoint. */
class CertificateBoundTokensIT {

    private static FapiRealm realm;
    private static FapiClient client;
    private static URI userinfo;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addMtlsClient("mtls");
        userinfo = client.metadata().endpoint(ServerMetadata.USERINFO);
    }

    @Test
    @Requirement({"SP-6.1", "MT-11"})
    void aRenewedCertificateGoesOnWithTheGrant() {
        Tokens tokens = realm.tokensFor(client);
        FapiClient renewed =
                client.toBuilder().bindsTokensTo(realm.pki().issue("CN=mtls")).build();

        Tokens fresh = renewed.refresh(tokens.refreshToken().orElseThrow());

        assertThat(thumbprint(fresh)).isNotEqualTo(thumbprint(tokens));
        assertThat(renewed.callApi(userinfo, fresh.accessToken()).status()).isEqualTo(200);
        assertThat(renewed.refresh(fresh.refreshToken().orElseThrow()).accessToken())
                .isNotEmpty();
        assertThat(client.callApi(userinfo, fresh.accessToken()).status())
                .as("the old certificate")
                .isEqualTo(401);
    }

    @Test
    @Requirement({"SP-6.1", "MT-11"})
    void aRenewedCertificateEndsTheSession() {
        Tokens tokens = realm.tokensFor(client);
        FapiClient renewed =
                client.toBuilder().bindsTokensTo(realm.pki().issue("CN=mtls")).build();
        Exchange ended = renewed.call(
                        "end_session_endpoint",
                        Form.of("refresh_token", tokens.refreshToken().orElseThrow()))
                .send();
        assertThat(ended.status()).as(ended.body()).isEqualTo(204);
        assertThat(client.refreshRequest(tokens.refreshToken().orElseThrow())
                        .send()
                        .error())
                .contains("invalid_grant");
    }

    @Test
    @Requirement("MT-11")
    void somebodyElsesRefreshTokenIsStillOfNoUse() {
        Tokens tokens = realm.tokensFor(client);
        FapiClient thief = realm.addMtlsClient("thief");
        assertThat(thief.refreshRequest(tokens.refreshToken().orElseThrow())
                        .send()
                        .error())
                .contains("invalid_grant");
        assertThat(client.refresh(tokens.refreshToken().orElseThrow()).accessToken())
                .isNotEmpty();
    }

    @Test
    @Requirement({"SP-5.3.2.1-4/5", "MT-9"})
    void aMissingCertificateDoesNotBurnTheCode() {
        PendingAuthorization pending = client.begin();
        String code = realm.codeFor(client, pending);
        Exchange bare = client.toBuilder()
                .bindsTokensToNothing()
                .build()
                .codeRequest(code, pending)
                .send();
        assertThat(bare.status()).as(bare.body()).isEqualTo(400);
        assertThat(bare.error()).contains("invalid_request");
        assertThat(client.redeem(code, pending).accessToken()).isNotEmpty();
    }

    @Test
    @Requirement("SP-5.3.2.1-4/5")
    void aDpopProofOfAClientThatRegisteredItsCertificateIsRefused() {
        Tokens tokens = realm.tokensFor(client);
        SigningKey key = SigningKey.generate(JWSAlgorithm.ES256);
        Exchange answer = client.refreshRequest(tokens.refreshToken().orElseThrow())
                .dpop(client.dpopProof(key, "POST", client.metadata().endpoint(ServerMetadata.TOKEN)))
                .send();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains("invalid_dpop_proof");
        assertThat(client.refresh(tokens.refreshToken().orElseThrow()).accessToken())
                .isNotEmpty();
    }

    @Test
    @Requirement({"MT-10", "SP-5.3.4-5"})
    void userinfoWantsTheCertificateOfTheToken() {
        Tokens tokens = realm.tokensFor(client);
        assertThat(client.callApi(userinfo, tokens.accessToken()).status()).isEqualTo(200);

        FapiClient other =
                client.toBuilder().bindsTokensTo(realm.pki().issue("CN=other")).build();
        assertChallenged(other.callApi(userinfo, tokens.accessToken()));
        FapiClient bare = client.toBuilder().bindsTokensToNothing().build();
        assertChallenged(bare.callApi(userinfo, Headers.of("Authorization", "Bearer " + tokens.accessToken())));
        assertThat(client.callApi(userinfo, tokens.accessToken()).status()).isEqualTo(200);
    }

    @Test
    @Requirement({"MT-10", "SP-5.3.4-5"})
    void alsoWhenTheClientsFlagIsOffByNow() {
        FapiRealm late = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient changed = late.addMtlsClient("changed");
        Tokens tokens = late.tokensFor(changed);
        late.setAttributeBehindThePolicysBack("changed", "dpop.bound.access.tokens", "true");
        FapiClient other =
                changed.toBuilder().bindsTokensTo(late.pki().issue("CN=other")).build();
        assertChallenged(other.callApi(
                other.metadata().endpoint(ServerMetadata.USERINFO),
                Headers.of("Authorization", "Bearer " + tokens.accessToken())));
    }

    @Test
    @Requirement({"SP-5.3.4-1/2"})
    void userinfoTakesNoTokenFromAForm() {
        Tokens tokens = realm.tokensFor(client);
        Exchange answer = client.call(ServerMetadata.USERINFO, Form.of("access_token", tokens.accessToken()))
                .send();
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error()).contains("invalid_request");
    }

    @Test
    @Requirement("MT-16")
    void revocationNeedsNoCertificate() {
        Tokens tokens = realm.tokensFor(client);
        FapiClient bare = client.toBuilder().bindsTokensToNothing().build();
        assertThat(bare.revocationRequest(tokens.refreshToken().orElseThrow())
                        .send()
                        .status())
                .isEqualTo(200);
        assertThat(client.refreshRequest(tokens.refreshToken().orElseThrow())
                        .send()
                        .error())
                .contains("invalid_grant");
    }

    @Test
    @Requirement({"MT-10", "SP-5.3.4-5"})
    void soDoTheOtherResourcesOfTheRealm() {
        FapiClient app = realm.addMtlsClient("account-app").toBuilder()
                .scope("openid profile email roles")
                .build();
        String clients = "/" + realm.name() + "/clients/";
        Object account = realm.admin().client(realm.name(), "account").get("id");
        Object role = realm.admin()
                .get(clients + account + "/roles/view-profile")
                .expect(200)
                .json();
        realm.admin()
                .post(
                        clients
                                + realm.admin()
                                        .client(realm.name(), "account-app")
                                        .get("id") + "/scope-mappings/clients/" + account,
                        Json.write(List.of(role)))
                .expect(204);
        String token = realm.tokensFor(app).accessToken();
        URI profile = URI.create(realm.issuer() + "/account/");
        assertThat(app.callApi(profile, token).status()).isEqualTo(200);

        FapiClient bare = app.toBuilder().bindsTokensToNothing().build();
        assertChallenged(bare.callApi(profile, Headers.of("Authorization", "Bearer " + token)));
        assertChallenged(app.toBuilder()
                .bindsTokensTo(realm.pki().issue("CN=other"))
                .build()
                .callApi(profile, token));
        assertThat(app.callApi(profile, token).status()).isEqualTo(200);
    }

    private static Object thumbprint(Tokens tokens) {
        return ((Map<?, ?>) CompactJwt.parse(tokens.accessToken()).claims().get("cnf")).get("x5t#S256");
    }

    private static void assertChallenged(Exchange answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        assertThat(answer.header("WWW-Authenticate")).get().asString().startsWith("Bearer error=\"invalid_token\"");
    }
}
