package org.fapipack.testkit.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.MessageSignature;
import org.fapipack.httpsignatures.RefusalReason;
import org.fapipack.httpsignatures.RequestSigner;
import org.fapipack.httpsignatures.RequestVerifier;
import org.fapipack.httpsignatures.ResponseSigner;
import org.fapipack.httpsignatures.ResponseVerifier;
import org.fapipack.httpsignatures.Verification;
import org.fapipack.httpsignatures.VerificationKeys;
import org.fapipack.httpsignatures.VerificationPolicy;
import org.fapipack.httpsignatures.jose.JoseMessageSigner;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two implementations that share no code: each must come to the other's signature base, and verify the other's signature. */
class IndependentSignerTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final String URI = "https://api.bank.example:8443/a%2Fb/%7Euser?q=%e2%82%ac&empty=&z";
    private static final byte[] BODY = "{\"amount\":\"12.50\"}".getBytes(UTF_8);

    @ParameterizedTest
    @ValueSource(strings = {"PS256", "ES256", "EdDSA"})
    void theLibraryVerifiesItsRequest(String algorithm) throws Exception {
        KeyPair pair = keyPair(algorithm);
        IndependentSigner signer = request()
                .cover("@method", "@target-uri", "authorization", "dpop", "content-digest")
                .parameters(NOW.getEpochSecond(), "k1", "fapi-2-request");

        List<String[]> fields = signer.sign(algorithm, pair.getPrivate());

        Verification verification = new RequestVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), CLOCK)
                .verify(message(fields), keys(algorithm, pair));
        assertThat(verification.isAccepted()).as(verification.toString()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PS256", "ES256", "EdDSA"})
    void theLibraryRefusesItsRequestWhenTheContentIsAnother(String algorithm) throws Exception {
        KeyPair pair = keyPair(algorithm);
        List<String[]> fields = request()
                .cover("@method", "@target-uri", "authorization", "dpop", "content-digest")
                .parameters(NOW.getEpochSecond(), "k1", "fapi-2-request")
                .sign(algorithm, pair.getPrivate());
        HttpMessage changed = message(fields).toBuilder()
                .content("{\"amount\":\"99.50\"}".getBytes(UTF_8))
                .build();

        Verification verification = new RequestVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), CLOCK)
                .verify(changed, keys(algorithm, pair));

        assertThat(verification)
                .isInstanceOfSatisfying(
                        Verification.Refused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(RefusalReason.DIGEST_MISMATCH));
    }

    @Test
    void bothComeToTheSameBaseForARequest() throws Exception {
        KeyPair pair = keyPair("EdDSA");
        HttpMessage unsigned = HttpMessage.request("POST", URI)
                .field("Authorization", "DPoP at-1")
                .field("DPoP", "proof")
                .field("Content-Type", "application/json")
                .content(BODY)
                .build();

        MessageSignature signature = new RequestSigner(JoseMessageSigner.of(jwk("EdDSA", pair)), CLOCK).sign(unsigned);

        IndependentSigner other = request()
                .field("Content-Type", "application/json")
                .cover("@method", "@target-uri", "authorization", "dpop", "content-digest", "content-type")
                .parameters(NOW.getEpochSecond(), "k1", "fapi-2-request");
        assertThat(signature.base()).hasToString(other.base());
    }

    @ParameterizedTest
    @ValueSource(strings = {"PS256", "ES256", "EdDSA"})
    void bothComeToTheSameBaseForAResponseAndTheLibraryVerifiesIt(String algorithm) throws Exception {
        KeyPair client = keyPair("ES256");
        KeyPair server = keyPair(algorithm);
        IndependentSigner request = request()
                .cover("@method", "@target-uri", "authorization", "dpop", "content-digest")
                .parameters(NOW.getEpochSecond(), "k1", "fapi-2-request");
        HttpMessage asSent = message(request.sign("ES256", client.getPrivate()));
        IndependentSigner response = IndependentSigner.response(201, request)
                .content(BODY)
                .cover("@status", "content-digest", "@method;req", "@target-uri;req", "content-digest;req")
                .cover("authorization;req", "dpop;req", "signature;req", "signature-input;req")
                .parameters(NOW.getEpochSecond(), "k1", "fapi-2-response");
        HttpMessage unsigned = HttpMessage.response(201, asSent).content(BODY).build();

        HttpMessage.Builder received = HttpMessage.response(201, asSent).content(BODY);
        response.sign(algorithm, server.getPrivate()).forEach(line -> received.field(line[0], line[1]));

        Verification verification = new ResponseVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), CLOCK)
                .verify(received.build(), keys(algorithm, server));
        assertThat(verification.isAccepted()).as(verification.toString()).isTrue();
        MessageSignature ours = new ResponseSigner(JoseMessageSigner.of(jwk(algorithm, server)), CLOCK).sign(unsigned);
        assertThat(ours.base()).hasToString(response.base());
    }

    private static IndependentSigner request() {
        return IndependentSigner.request("POST", URI)
                .field("Authorization", "DPoP at-1")
                .field("DPoP", "proof")
                .content(BODY);
    }

    private static HttpMessage message(List<String[]> fields) {
        HttpMessage.Builder builder = HttpMessage.request("POST", URI).content(BODY);
        fields.forEach(line -> builder.field(line[0], line[1]));
        return builder.build();
    }

    private static VerificationKeys keys(String algorithm, KeyPair pair) throws Exception {
        return VerificationKeys.ofJwks(
                List.of(jwk(algorithm, pair).toPublicJWK().toJSONObject()));
    }

    private static KeyPair keyPair(String algorithm) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(
                switch (algorithm) {
                    case "PS256" -> "RSA";
                    case "ES256" -> "EC";
                    default -> "Ed25519";
                });
        if (algorithm.equals("PS256")) {
            generator.initialize(2048);
        } else if (algorithm.equals("ES256")) {
            generator.initialize(new ECGenParameterSpec("secp256r1"));
        }
        return generator.generateKeyPair();
    }

    private static JWK jwk(String algorithm, KeyPair pair) {
        JWSAlgorithm alg = JWSAlgorithm.parse(algorithm);
        return switch (algorithm) {
            case "PS256" ->
                new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                        .privateKey(pair.getPrivate())
                        .algorithm(alg)
                        .keyID("k1")
                        .build();
            case "ES256" ->
                new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
                        .privateKey(pair.getPrivate())
                        .algorithm(alg)
                        .keyID("k1")
                        .build();
            default ->
                new OctetKeyPair.Builder(Curve.Ed25519, tail(pair.getPublic().getEncoded()))
                        .d(tail(pair.getPrivate().getEncoded()))
                        .algorithm(alg)
                        .keyID("k1")
                        .build();
        };
    }

    /** RFC 8410: the 32 octets of the key stand at the end of its encoding. */
    private static Base64URL tail(byte[] der) {
        return Base64URL.encode(Arrays.copyOfRange(der, der.length - 32, der.length));
    }
}
