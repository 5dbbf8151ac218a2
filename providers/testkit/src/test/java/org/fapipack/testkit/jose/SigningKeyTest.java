package org.fapipack.testkit.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeyTest {

    @ParameterizedTest
    @ValueSource(strings = {"PS256", "RS256", "ES256", "EdDSA"})
    void signsWhatItsPublicHalfVerifies(String name) {
        JWSAlgorithm algorithm = JWSAlgorithm.parse(name);
        SigningKey key = SigningKey.generate(algorithm);
        SigningKey other = SigningKey.generate(algorithm);

        CompactJwt jwt =
                CompactJwt.parse(JwtDraft.empty().claim("a", 1).signedBy(key).compact());

        assertThat(jwt.header()).containsEntry("alg", name).containsEntry("kid", key.keyId());
        assertThat(jwt.isSignedBy(key.publicJwk(), algorithm)).isTrue();
        assertThat(jwt.isSignedBy(other.publicJwk(), algorithm)).isFalse();
    }

    @Test
    void publishesTheSigningUseAndNothingPrivate() {
        SigningKey key = SigningKey.generate(JWSAlgorithm.EdDSA);

        assertThat(key.publicJwk().getKeyUse()).isEqualTo(KeyUse.SIGNATURE);
        assertThat(key.publicJwk().isPrivate()).isFalse();
        assertThat(SigningKey.publicJwks(key)).doesNotContain("\"d\"").contains("\"use\":\"sig\"");
        assertThat(key.barePublicJwk()).containsOnlyKeys("kty", "crv", "x");
    }

    @Test
    void signsEd25519AsRfc8037Does() throws Exception {
        // RFC 8037, appendix A.1 and A.4.
        JWK key =
                JWK.parse("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\","
                        + "\"x\":\"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo\"}");
        JwtDraft example = JwtDraft.empty()
                .header("alg", "EdDSA")
                .payload("Example of Ed25519 signing")
                .secretlySignedBy(SigningKey.of(key, JWSAlgorithm.EdDSA));

        assertThat(example.compact())
                .isEqualTo("eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc."
                        + "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg");
        assertThat(SigningKey.of(key, JWSAlgorithm.EdDSA).thumbprint())
                .isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    @Test
    void refusesAPublicKey() {
        JWK key = SigningKey.generate(JWSAlgorithm.ES256).publicJwk();

        assertThatThrownBy(() -> SigningKey.of(key, JWSAlgorithm.ES256)).isInstanceOf(IllegalArgumentException.class);
    }
}
