package org.fapipack.httpsignatures;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.Signature;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.fapipack.httpsignatures.Vectors.Case;
import org.fapipack.httpsignatures.jose.JoseMessageSigner;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** All cases of {@code rfc9421-signatures.json}: what RFC 9421 prints. */
class Rfc9421SignaturesTest {

    private static final Case FILE = Vectors.file("rfc9421-signatures.json");

    static Stream<Case> signatures() {
        return FILE.objects("cases").stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("signatures")
    void buildsTheBaseAndVerifies(Case vector) throws Exception {
        ReceivedSignature received = received(vector);

        SignatureBase base = SignatureBase.of(message(vector), received.input());

        assertThat(base).hasToString(vector.text("signature_base"));
        assertThat(verifies(vector, base, received.octets()))
                .isEqualTo(vector.text("expected").equals("valid"));
    }

    @Test
    void signsDeterministicallyWhatTheRfcPrints() throws Exception {
        List<Case> ed25519 = signatures()
                .filter(vector -> vector.text("algorithm").equals("ed25519"))
                .filter(vector -> vector.text("expected").equals("valid"))
                .toList();

        assertThat(ed25519).hasSize(5);
        for (Case vector : ed25519) {
            Map<String, Object> jwk = jwk(vector, "EdDSA");
            byte[] signature = JoseMessageSigner.of(JWK.parse(jwk))
                    .sign(vector.text("signature_base").getBytes(US_ASCII));
            assertThat(signature).isEqualTo(received(vector).octets());
        }
    }

    @Test
    void thereAreAsManyCasesAsTheFileIsSaidToHave() {
        assertThat(signatures()).hasSize(20);
    }

    private static HttpMessage message(Case vector) {
        Case messages = FILE.object("messages");
        HttpMessage message = messages.object(vector.text("message")).message();
        if (!vector.has("related_request")) {
            return message;
        }
        HttpMessage request = messages.object(vector.text("related_request")).message();
        HttpMessage.Builder response = HttpMessage.response(message.status(), request);
        message.fields().forEach(line -> response.field(line.name(), line.value()));
        return response.build();
    }

    private static ReceivedSignature received(Case vector) throws HttpSignatureException {
        HttpMessage signature = HttpMessage.response(200)
                .field("Signature-Input", vector.text("signature_input"))
                .field("Signature", vector.text("signature"))
                .build();
        return ReceivedSignature.of(signature, Limits.DEFAULT).get(0);
    }

    /** The two algorithms that the library refuses are verified by the JDK, so that their bases are known to be right. */
    private static boolean verifies(Case vector, SignatureBase base, byte[] signature) throws GeneralSecurityException {
        return switch (vector.text("algorithm")) {
            case "hmac-sha256" -> {
                byte[] secret = Base64.getUrlDecoder()
                        .decode((String) jwk(vector, "HS256").get("k"));
                Mac mac = Mac.getInstance("HmacSHA256");
                mac.init(new SecretKeySpec(secret, "HmacSHA256"));
                yield MessageDigest.isEqual(mac.doFinal(base.octets()), signature);
            }
            case "rsa-v1_5-sha256" -> {
                Signature rsa = Signature.getInstance("SHA256withRSA");
                rsa.initVerify(VerificationKey.ofJwk(jwk(vector, "PS256"))
                        .orElseThrow()
                        .publicKey());
                rsa.update(base.octets());
                yield rsa.verify(signature);
            }
            case "rsa-pss-sha512" -> verifies(vector, JoseAlgorithm.PS512, base, signature);
            case "ecdsa-p256-sha256" -> verifies(vector, JoseAlgorithm.ES256, base, signature);
            case "ed25519" -> verifies(vector, JoseAlgorithm.EDDSA, base, signature);
            default -> throw new IllegalArgumentException(vector.text("algorithm"));
        };
    }

    private static boolean verifies(Case vector, JoseAlgorithm algorithm, SignatureBase base, byte[] signature)
            throws GeneralSecurityException {
        VerificationKey key =
                VerificationKey.ofJwk(jwk(vector, algorithm.joseName())).orElseThrow();
        return new JoseMessageVerifier().verifies(key, algorithm, base.octets(), signature);
    }

    private static Map<String, Object> jwk(Case vector, String algorithm) {
        Case key = Vectors.cases("rfc9421-keys.json", "keys")
                .filter(candidate -> candidate.text("kid").equals(vector.text("key")))
                .findFirst()
                .orElseThrow();
        Map<String, Object> jwk = new HashMap<>(key.object("jwk").json());
        jwk.put("alg", algorithm);
        return jwk;
    }
}
