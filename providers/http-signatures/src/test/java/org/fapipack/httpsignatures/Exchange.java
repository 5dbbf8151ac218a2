package org.fapipack.httpsignatures;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.JWK;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fapipack.httpsignatures.Vectors.Case;
import org.fapipack.httpsignatures.jose.JoseMessageSigner;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;

/** A payment request and its answer, with the keys of the vectors; what the tests vary. */
final class Exchange {

    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    static final byte[] BODY = "{\"amount\":\"12.50\"}".getBytes(UTF_8);
    static final String CLIENT_KEY = "test-key-ed25519";
    static final String SERVER_KEY = "rs-key-ed25519";

    private static final Map<String, Map<String, Object>> JWKS = read();

    private Exchange() {}

    static Clock clock(Instant time) {
        return Clock.fixed(time, ZoneOffset.UTC);
    }

    static HttpMessage.Builder unsigned() {
        return HttpMessage.request("POST", "https://api.bank.example/payments")
                .field("Authorization", "DPoP at-1")
                .field("DPoP", "proof")
                .field("Content-Type", "application/json")
                .content(BODY);
    }

    static HttpMessage signed() {
        return signed(unsigned().build());
    }

    static HttpMessage signed(HttpMessage request) {
        try {
            return request.with(new RequestSigner(signer(CLIENT_KEY), clock(NOW))
                    .sign(request)
                    .fields());
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** Signs whatever the member says, right or wrong. */
    static HttpMessage signed(HttpMessage message, SignatureInput input, String keyId) throws Exception {
        SignatureBase base = SignatureBase.of(message, input);
        return message.with(
                new MessageSignature(input, signer(keyId).sign(base.octets()), base, Optional.empty()).fields());
    }

    /** A member with what the profile demands of the request; the digest has to be in the message. */
    static SignatureInput.Builder input(String label) {
        return SignatureInput.builder(label)
                .cover(ComponentIdentifier.METHOD)
                .cover(ComponentIdentifier.TARGET_URI)
                .cover(ComponentIdentifier.AUTHORIZATION)
                .cover(ComponentIdentifier.DPOP)
                .cover(ComponentIdentifier.CONTENT_DIGEST)
                .created(NOW)
                .keyId(CLIENT_KEY)
                .tag("fapi-2-request");
    }

    static HttpMessage withDigest() {
        HttpMessage request = unsigned().build();
        return request.with(
                List.of(new FieldLine("Content-Digest", ContentDigest.of(request.content(), DigestAlgorithm.SHA_256))));
    }

    static JoseMessageSigner signer(String keyId) {
        try {
            return JoseMessageSigner.of(JWK.parse(jwk(keyId)));
        } catch (Exception failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** The JWK of the vectors with that key id, private members included. */
    static Map<String, Object> jwk(String keyId) {
        return new HashMap<>(JWKS.get(keyId));
    }

    private static Map<String, Map<String, Object>> read() {
        Case keys = Vectors.file("fapi-http-signatures.json").object("keys");
        Map<String, Map<String, Object>> byId = new HashMap<>();
        for (String owner : List.of("client", "resource_server", "other")) {
            keys.objects(owner).forEach(key -> byId.put(key.text("kid"), key.json()));
        }
        return byId;
    }

    static VerificationKeys clientKeys() {
        return VerificationKeys.ofJwks(List.of(jwk(CLIENT_KEY), jwk("test-key-ecc-p256"), jwk("test-key-rsa-pss")));
    }

    static RequestVerifier verifier(VerificationPolicy policy, Instant time) {
        return new RequestVerifier(policy, new JoseMessageVerifier(), clock(time));
    }

    static Verification verify(HttpMessage request) {
        return verifier(VerificationPolicy.STRICT, NOW).verify(request, clientKeys());
    }

    /** The reason of a refusal; null when the message is accepted. */
    static RefusalReason reason(Verification verification) {
        return verification instanceof Verification.Refused refused ? refused.reason() : null;
    }
}
