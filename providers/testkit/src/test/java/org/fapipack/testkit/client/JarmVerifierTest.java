package org.fapipack.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.fapipack.testkit.client.JarmRejection.Reason;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JarmVerifierTest {

    private static final String ISSUER = "https://as.example.test/realms/fapi";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final SigningKey KEY = SigningKey.generate(JWSAlgorithm.PS256);

    private final JarmVerifier verifier = verifier(Optional.empty());

    private static JarmVerifier verifier(Optional<JWK> decryptionKey) {
        return new JarmVerifier(
                ISSUER,
                "client",
                JWSAlgorithm.PS256,
                decryptionKey,
                () -> new JWKSet(KEY.publicJwk()),
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private static JwtDraft response() {
        return JwtDraft.empty()
                .signedBy(KEY)
                .claim("iss", ISSUER)
                .claim("aud", "client")
                .claim("exp", NOW.plusSeconds(60))
                .claim("state", "state")
                .claim("code", "code");
    }

    @Test
    void acceptsACorrectResponse() {
        assertThat(verify(response()).code()).isEqualTo("code");
        assertThat(verify(response().claim("aud", List.of("client"))).code()).isEqualTo("code");
    }

    @Test
    void givesTheErrorOfAnErrorResponse() {
        JarmResponse response = verify(response().withoutClaim("code").claim("error", "access_denied"));

        assertThat(response.error()).hasValue("access_denied");
        assertThatThrownBy(response::code).hasMessageContaining("access_denied");
    }

    @Test
    void refusesADuplicateMember() {
        String payload =
                "{\"iss\":\"%s\",\"iss\":\"%s\",\"aud\":\"client\",\"exp\":%d,\"state\":\"state\",\"code\":\"code\"}"
                        .formatted(ISSUER, ISSUER, NOW.plusSeconds(60).getEpochSecond());

        assertRefused(response().payload(payload), Reason.FORMAT);
    }

    @Test
    void refusesAnotherAlgorithm() {
        assertRefused(response().signedBy(KEY.with(JWSAlgorithm.RS256)), Reason.ALGORITHM);
        assertRefused(response().unsigned(), Reason.ALGORITHM);
        assertRefused(response().signedWithSecret(new byte[32]), Reason.ALGORITHM);
    }

    @Test
    void refusesAnUnknownKeyAndAWrongSignature() {
        assertRefused(response().header("kid", "other"), Reason.KEY);
        assertRefused(response().withBrokenSignature(), Reason.SIGNATURE);
        assertRefused(response().secretlySignedBy(SigningKey.generate(JWSAlgorithm.PS256)), Reason.SIGNATURE);
    }

    @Test
    void refusesAnotherIssuerAudienceOrState() {
        assertRefused(response().claim("iss", ISSUER + "/"), Reason.ISSUER);
        assertRefused(response().withoutClaim("iss"), Reason.ISSUER);
        assertRefused(response().claim("aud", List.of("client", "other")), Reason.AUDIENCE);
        assertRefused(response().withoutClaim("aud"), Reason.AUDIENCE);
        assertRefused(response().claim("state", "other"), Reason.STATE);
        assertRefused(response().withoutClaim("state"), Reason.STATE);
    }

    @ParameterizedTest
    @ValueSource(longs = {-9, 1, 610})
    void acceptsAnExpiryInsideTheWindow(long offsetSeconds) {
        assertThat(verify(response().claim("exp", NOW.plusSeconds(offsetSeconds)))
                        .code())
                .isEqualTo("code");
    }

    @ParameterizedTest
    @ValueSource(longs = {-10, 611})
    void refusesAnExpiryOutsideTheWindow(long offsetSeconds) {
        assertRefused(response().claim("exp", NOW.plusSeconds(offsetSeconds)), Reason.EXPIRY);
    }

    @Test
    void refusesAMissingExpiry() {
        assertRefused(response().withoutClaim("exp"), Reason.EXPIRY);
    }

    @Test
    void refusesPlainParameters() {
        assertRefused(Form.of("code", "code", "state", "state"), Reason.PARAMETERS);
        assertRefused(Form.of("response", response().compact(), "code", "code"), Reason.PARAMETERS);
        assertRefused(
                Form.of("response", response().compact(), "response", response().compact()), Reason.PARAMETERS);
        assertRefused(Form.of("response", "a.b"), Reason.FORMAT);
    }

    @Test
    void wantsTheAgreedEncryption() throws Exception {
        ECKey key = new ECKeyGenerator(Curve.P_256).keyID("enc").generate();
        JarmVerifier encrypted = verifier(Optional.of(key));
        String nested = response().encryptedTo(key, JWEAlgorithm.ECDH_ES, EncryptionMethod.A256GCM);
        Form signedOnly = Form.of("response", response().compact());

        assertThat(encrypted.verify(Form.of("response", nested), "state").code())
                .isEqualTo("code");
        assertThatThrownBy(() -> encrypted.verify(signedOnly, "state"))
                .asInstanceOf(type(JarmRejection.class))
                .extracting(JarmRejection::reason)
                .isEqualTo(Reason.NOT_ENCRYPTED);
    }

    private JarmResponse verify(JwtDraft response) {
        return verifier.verify(Form.of("response", response.compact()), "state");
    }

    private void assertRefused(JwtDraft response, Reason reason) {
        assertRefused(Form.of("response", response.compact()), reason);
    }

    private void assertRefused(Form parameters, Reason reason) {
        assertThatThrownBy(() -> verifier.verify(parameters, "state"))
                .asInstanceOf(type(JarmRejection.class))
                .extracting(JarmRejection::reason)
                .isEqualTo(reason);
    }
}
