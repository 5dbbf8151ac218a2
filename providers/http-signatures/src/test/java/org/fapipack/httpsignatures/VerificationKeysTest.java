package org.fapipack.httpsignatures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.httpsignatures.Exchange.CLIENT_KEY;
import static org.fapipack.httpsignatures.Exchange.NOW;
import static org.fapipack.httpsignatures.Exchange.input;
import static org.fapipack.httpsignatures.Exchange.jwk;
import static org.fapipack.httpsignatures.Exchange.reason;
import static org.fapipack.httpsignatures.Exchange.signed;
import static org.fapipack.httpsignatures.Exchange.verifier;
import static org.fapipack.httpsignatures.Exchange.withDigest;

import com.nimbusds.jose.jwk.JWK;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fapipack.httpsignatures.jose.JoseMessageSigner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which keys of a JWK set are used, with which algorithm. */
class VerificationKeysTest {

    @ParameterizedTest(name = "{0}={1}")
    @CsvSource({
        "use, enc",
        "use, ''",
        "kty, oct",
        "kty, ''",
        "crv, Ed448",
        "crv, X25519",
        "x, AAAA",
        "x, '!'",
    })
    void leavesOutWhatCannotVerify(String member, String value) {
        Map<String, Object> jwk = jwk(CLIENT_KEY);
        jwk.put(member, value);

        assertThat(VerificationKey.ofJwk(jwk)).isEmpty();
    }

    @Test
    void keyOperationsMustNameVerify() {
        Map<String, Object> jwk = jwk(CLIENT_KEY);
        jwk.put("key_ops", List.of("sign"));
        assertThat(VerificationKey.ofJwk(jwk)).isEmpty();
        jwk.put("key_ops", "verify");
        assertThat(VerificationKey.ofJwk(jwk)).isEmpty();
        jwk.put("key_ops", List.of("sign", "verify"));
        assertThat(VerificationKey.ofJwk(jwk)).isPresent();
    }

    @Test
    void aMemberOfTheWrongTypeIsNoKey() {
        for (String member : List.of("kid", "alg", "use", "kty", "crv", "x")) {
            Map<String, Object> jwk = jwk(CLIENT_KEY);
            jwk.put(member, 7);

            assertThat(VerificationKey.ofJwk(jwk)).as(member).isEmpty();
        }
        assertThat(VerificationKey.ofJwk(Map.of())).isEmpty();
    }

    @Test
    void aPointBesideTheCurveIsNoKey() {
        Map<String, Object> jwk = jwk("test-key-ecc-p256");
        assertThat(VerificationKey.ofJwk(jwk)).isPresent();
        jwk.put("y", jwk.get("x"));

        assertThat(VerificationKey.ofJwk(jwk)).isEmpty();
    }

    @ParameterizedTest(name = "{0} bits")
    @CsvSource({"2040, false", "2048, true"})
    void rsaBeginsAt2048Bits(int bits, boolean usable) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        RSAPublicKey key = (RSAPublicKey) generator.generateKeyPair().getPublic();
        Map<String, Object> jwk = new HashMap<>(Map.of(
                "kty",
                "RSA",
                "n",
                Base64.getUrlEncoder().encodeToString(key.getModulus().toByteArray()),
                "e",
                "AQAB"));

        assertThat(VerificationKey.ofJwk(jwk).isPresent()).isEqualTo(usable);
    }

    @Test
    void rsaEndsAt8192Bits() {
        byte[] modulus = new byte[1025];
        modulus[0] = 1;
        Map<String, Object> jwk =
                Map.of("kty", "RSA", "n", Base64.getUrlEncoder().encodeToString(modulus), "e", "AQAB");

        assertThat(VerificationKey.ofJwk(jwk)).isEmpty();
    }

    @Test
    void theThumbprintIsThatOfTheRfc() {
        // RFC 8037 appendix A.3
        Map<String, Object> jwk =
                Map.of("kty", "OKP", "crv", "Ed25519", "x", "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");

        assertThat(VerificationKey.ofJwk(jwk).orElseThrow().thumbprint())
                .isEqualTo("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    @Test
    void theKeyDecidesOnTheAlgorithm() {
        Map<String, Object> ed25519 = jwk(CLIENT_KEY);
        assertThat(algorithm(ed25519)).isEqualTo("EdDSA");
        ed25519.put("alg", "Ed25519");
        assertThat(algorithm(ed25519)).isEqualTo("EdDSA");
        ed25519.remove("alg");
        assertThat(algorithm(ed25519)).isEqualTo("EdDSA");
        ed25519.put("alg", "ES256");
        assertThat(algorithm(ed25519)).isEqualTo("none");
        Map<String, Object> rsa = jwk("test-key-rsa-pss");
        rsa.remove("alg");
        assertThat(algorithm(rsa)).isEqualTo("PS256");
        rsa.put("alg", "RS256");
        assertThat(algorithm(rsa)).isEqualTo("none");
    }

    @Test
    void withoutKeyIdTheOnlyKeyIsMeant() throws Exception {
        HttpMessage request = withoutKeyId();

        assertThat(reason(verify(request, List.of(jwk(CLIENT_KEY))))).isNull();
        assertThat(reason(verify(request, List.of(jwk(CLIENT_KEY), withAlgorithm("test-key-rsa-pss", "RS256")))))
                .as("the other key cannot be meant")
                .isNull();
        assertThat(reason(verify(request, List.of(jwk(CLIENT_KEY), jwk("test-key-ecc-p256")))))
                .isEqualTo(RefusalReason.KEY_UNKNOWN);
        assertThat(reason(verify(request, List.of()))).isEqualTo(RefusalReason.KEY_UNKNOWN);
    }

    @Test
    void ofTwoKeysWithOneIdTheAllowedOneIsMeant() {
        Map<String, Object> sameId = withAlgorithm("test-key-rsa-pss", "RS256");
        sameId.put("kid", CLIENT_KEY);
        assertThat(reason(verify(signed(), List.of(sameId, jwk(CLIENT_KEY))))).isNull();

        Map<String, Object> alsoAllowed = jwk("test-key-ecc-p256");
        alsoAllowed.put("kid", CLIENT_KEY);
        assertThat(reason(verify(signed(), List.of(alsoAllowed, jwk(CLIENT_KEY)))))
                .isEqualTo(RefusalReason.KEY_UNKNOWN);
    }

    @Test
    void ofTwoAllowedKeysWithOneIdTheAlgorithmOfTheSignatureDecides() throws Exception {
        Map<String, Object> sameId = jwk("test-key-ecc-p256");
        sameId.put("kid", CLIENT_KEY);
        HttpMessage request =
                signed(withDigest(), input("sig1").algorithm("ed25519").build(), CLIENT_KEY);

        assertThat(reason(verify(request, List.of(sameId, jwk(CLIENT_KEY))))).isNull();
    }

    @Test
    void anAlgorithmThatIsOffIsRefusedAndCanBeSwitchedOn() throws Exception {
        Map<String, Object> ps512 = withAlgorithm("test-key-rsa-pss", "PS512");
        SignatureInput input = input("sig1")
                .keyId("test-key-rsa-pss")
                .algorithm("rsa-pss-sha512")
                .build();
        HttpMessage unsigned = withDigest();
        SignatureBase base = SignatureBase.of(unsigned, input);
        byte[] octets = JoseMessageSigner.of(JWK.parse(ps512)).sign(base.octets());
        HttpMessage request = unsigned.with(new MessageSignature(input, octets, base, Optional.empty()).fields());

        assertThat(reason(verify(request, List.of(ps512)))).isEqualTo(RefusalReason.ALGORITHM_MISMATCH);
        VerificationPolicy wider =
                VerificationPolicy.STRICT.withAlgorithms(Set.of(JoseAlgorithm.PS512), JoseAlgorithm.PS512);
        assertThat(reason(verifier(wider, NOW).verify(request, VerificationKeys.ofJwks(List.of(ps512)))))
                .isNull();
    }

    private static HttpMessage withoutKeyId() throws Exception {
        SignatureInput input = SignatureInput.builder("sig1")
                .cover(input("sig1").build().components())
                .created(NOW)
                .tag("fapi-2-request")
                .build();
        return signed(withDigest(), input, CLIENT_KEY);
    }

    private static Map<String, Object> withAlgorithm(String keyId, String algorithm) {
        Map<String, Object> jwk = jwk(keyId);
        jwk.put("alg", algorithm);
        return jwk;
    }

    private static String algorithm(Map<String, Object> jwk) {
        return VerificationKey.ofJwk(jwk)
                .orElseThrow()
                .algorithm(JoseAlgorithm.PS256)
                .map(JoseAlgorithm::joseName)
                .orElse("none");
    }

    private static Verification verify(HttpMessage request, List<Map<String, Object>> jwks) {
        return verifier(VerificationPolicy.STRICT, NOW).verify(request, VerificationKeys.ofJwks(jwks));
    }
}
