package org.fapipack.testkit.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.resource.IntrospectionRejection.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntrospectionResponseVerifierTest {

    private static final String ISSUER = "https://as.example.test/realms/fapi";
    private static final String RESOURCE_SERVER = "accounts-api";
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final SigningKey KEY = SigningKey.generate(JWSAlgorithm.ES256);

    private final IntrospectionResponseVerifier verifier = IntrospectionResponseVerifier.signed(
            ISSUER,
            RESOURCE_SERVER,
            JWSAlgorithm.ES256,
            () -> new JWKSet(KEY.publicJwk()),
            Clock.fixed(NOW, ZoneOffset.UTC));

    private static JwtDraft response() {
        return JwtDraft.empty()
                .signedBy(KEY)
                .header("typ", "token-introspection+jwt")
                .claim("iss", ISSUER)
                .claim("aud", RESOURCE_SERVER)
                .claim("iat", NOW)
                .claim("token_introspection", Map.of("active", true, "scope", "accounts"));
    }

    @ParameterizedTest
    @ValueSource(longs = {-70, -69, -1, 0, 1, 10})
    void acceptsAResponseInsideItsTimeWindow(long offsetSeconds) {
        assertThat(verify(response().claim("iat", NOW.plusSeconds(offsetSeconds)))
                        .active())
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {-71, -3600, 11, 3600})
    void refusesAResponseOutsideItsTimeWindow(long offsetSeconds) {
        assertRefused(response().claim("iat", NOW.plusSeconds(offsetSeconds)), Reason.IAT);
    }

    @Test
    void refusesAnIssueTimeThatIsNoWholeNumber() {
        assertRefused(response().claim("iat", NOW.getEpochSecond() + 0.5), Reason.IAT);
    }

    @ParameterizedTest
    @CsvSource({
        "400, application/token-introspection+jwt, STATUS",
        "503, application/token-introspection+jwt, STATUS",
        "200, application/json;charset=UTF-8, DOWNGRADE",
        "200, '', CONTENT_TYPE",
        "200, text/plain, CONTENT_TYPE"
    })
    void refusesAnotherStatusOrMediaType(int status, String contentType, Reason reason) {
        String body = response().compact();

        assertThatThrownBy(() -> verifier.verify(status, contentType, body))
                .asInstanceOf(type(IntrospectionRejection.class))
                .extracting(IntrospectionRejection::reason)
                .isEqualTo(reason);
    }

    @Test
    void ignoresParametersAndCaseOfTheMediaType() {
        String contentType = "Application/Token-Introspection+JWT; charset=utf-8";

        assertThat(verifier.verify(200, contentType, response().compact()).active())
                .isTrue();
    }

    @Test
    void refusesAnyCriticalExtension() {
        assertRefused(response().header("crit", List.of("b64")).header("b64", false), Reason.CRIT);
    }

    @Test
    void refusesAMissingKeyId() {
        assertRefused(response().withoutHeader("kid"), Reason.KEY);
    }

    @Test
    void refusesAKeyPublishedForAnotherAlgorithm() {
        SigningKey rsa = SigningKey.generate(JWSAlgorithm.RS256);
        IntrospectionResponseVerifier ps256 = IntrospectionResponseVerifier.signed(
                ISSUER,
                RESOURCE_SERVER,
                JWSAlgorithm.PS256,
                () -> new JWKSet(rsa.publicJwk()),
                Clock.fixed(NOW, ZoneOffset.UTC));
        String body = response().signedBy(rsa.with(JWSAlgorithm.PS256)).compact();

        assertThatThrownBy(() -> ps256.verify(200, IntrospectionResponseVerifier.MEDIA_TYPE, body))
                .asInstanceOf(type(IntrospectionRejection.class))
                .extracting(IntrospectionRejection::reason)
                .isEqualTo(Reason.KEY);
    }

    @Test
    void refusesAJweWhereEncryptionIsNotRegistered() throws Exception {
        ECKey recipient = new ECKeyGenerator(Curve.P_256).generate();
        String nested = response().encryptedTo(recipient, JWEAlgorithm.ECDH_ES, EncryptionMethod.A256GCM);

        assertThatThrownBy(() -> verifier.verify(200, IntrospectionResponseVerifier.MEDIA_TYPE, nested))
                .asInstanceOf(type(IntrospectionRejection.class))
                .extracting(IntrospectionRejection::reason)
                .isEqualTo(Reason.NOT_SIGNED);
    }

    @Test
    void refusesAnotherKeyManagementAlgorithmThanRegistered() throws Exception {
        ECKey recipient = new ECKeyGenerator(Curve.P_256).generate();
        IntrospectionResponseVerifier encrypted =
                verifier.encrypted(JWEAlgorithm.ECDH_ES_A256KW, EncryptionMethod.A256GCM, recipient);
        String nested = response().encryptedTo(recipient, JWEAlgorithm.ECDH_ES, EncryptionMethod.A256GCM);

        assertThatThrownBy(() -> encrypted.verify(200, IntrospectionResponseVerifier.MEDIA_TYPE, nested))
                .asInstanceOf(type(IntrospectionRejection.class))
                .extracting(IntrospectionRejection::reason)
                .isEqualTo(Reason.ENCRYPTION_ALGORITHM);
    }

    @Test
    void readsScopeAudienceAndConfirmation() {
        TokenIntrospection token = verify(response()
                .claim(
                        "token_introspection",
                        Map.of(
                                "active",
                                true,
                                "scope",
                                "openid accounts",
                                "aud",
                                List.of("payments-api", "accounts-api"),
                                "cnf",
                                Map.of("jkt", "thumb"))));

        assertThat(token.hasScope("accounts")).isTrue();
        assertThat(token.hasScope("account")).isFalse();
        assertThat(token.hasAudience("accounts-api")).isTrue();
        assertThat(token.hasAudience("accounts")).isFalse();
        assertThat(token.confirmation("jkt")).hasValue("thumb");
        assertThat(token.confirmation("x5t#S256")).isEmpty();
    }

    private TokenIntrospection verify(JwtDraft response) {
        return verifier.verify(200, IntrospectionResponseVerifier.MEDIA_TYPE, response.compact());
    }

    private void assertRefused(JwtDraft response, Reason reason) {
        assertThatThrownBy(() -> verify(response))
                .asInstanceOf(type(IntrospectionRejection.class))
                .extracting(IntrospectionRejection::reason)
                .isEqualTo(reason);
    }
}
