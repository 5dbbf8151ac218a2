package org.fapipack.bench.signatures;

import com.nimbusds.jose.jwk.JWK;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.MessageSignature;
import org.fapipack.httpsignatures.RequestSigner;
import org.fapipack.httpsignatures.RequestVerifier;
import org.fapipack.httpsignatures.Verification;
import org.fapipack.httpsignatures.VerificationKeys;
import org.fapipack.httpsignatures.VerificationPolicy;
import org.fapipack.httpsignatures.jose.JoseMessageSigner;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Signing and verifying a POST with 1 KiB of content, all of it (digest, signature base, fields, checks), beside {@link Signature} on the
 * octets of the same signature base.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class SignatureBenchmark {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);

    /** JOSE name. */
    @Param({"PS256", "ES256", "EdDSA"})
    public String algorithm;

    private KeyPair pair;
    private HttpMessage unsigned;
    private HttpMessage signed;
    private RequestSigner signer;
    private RequestVerifier verifier;
    private VerificationKeys keys;
    private byte[] base;
    private byte[] signature;

    /** Makes keys and one signed request. */
    @Setup
    public void prepare() throws Exception {
        pair = Keys.generate(algorithm);
        JWK jwk = Keys.jwk(pair, algorithm, "k1");
        unsigned = HttpMessage.request("POST", "https://api.bank.example/payments")
                .field("Host", "api.bank.example")
                .field("Authorization", "DPoP " + "t".repeat(900))
                .field("DPoP", "p".repeat(500))
                .field("Content-Type", "application/json")
                .field("x-fapi-interaction-id", "6ba7b811-9dad-11d1-80b4-00c04fd430c8")
                .content(new byte[1024])
                .build();
        signer = new RequestSigner(JoseMessageSigner.of(jwk), CLOCK);
        verifier = new RequestVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), CLOCK);
        keys = VerificationKeys.ofJwks(List.of(jwk.toPublicJWK().toJSONObject()));
        MessageSignature made = signer.sign(unsigned);
        signed = unsigned.with(made.fields());
        base = made.base().octets();
        signature = made.octets();
        if (!verifier.verify(signed, keys).isAccepted() || !bareVerify()) {
            throw new IllegalStateException("what was signed does not verify");
        }
    }

    /** The library. */
    @Benchmark
    public MessageSignature sign() throws Exception {
        return signer.sign(unsigned);
    }

    /** The JDK alone. */
    @Benchmark
    public byte[] bareSign() throws GeneralSecurityException {
        Signature bare = bare();
        bare.initSign(pair.getPrivate());
        bare.update(base);
        return bare.sign();
    }

    /** The library. */
    @Benchmark
    public Verification verify() {
        return verifier.verify(signed, keys);
    }

    /** The JDK alone. */
    @Benchmark
    public boolean bareVerify() throws GeneralSecurityException {
        Signature bare = bare();
        bare.initVerify(pair.getPublic());
        bare.update(base);
        return bare.verify(signature);
    }

    private Signature bare() throws GeneralSecurityException {
        switch (algorithm) {
            case "PS256":
                Signature pss = Signature.getInstance("RSASSA-PSS");
                pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
                return pss;
            case "ES256":
                return Signature.getInstance("SHA256withECDSAinP1363Format");
            default:
                return Signature.getInstance("Ed25519");
        }
    }
}
