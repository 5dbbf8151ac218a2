package org.fapipack.testkit.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.fapipack.testkit.http.Json;

/** A private key together with the algorithm it signs with. The public half always says {@code "use":"sig"}: Keycloak skips a key that does not. */
public final class SigningKey {

    private static final int RSA_BITS = 2048;

    private final JWK jwk;
    private final JWSAlgorithm algorithm;

    private SigningKey(JWK jwk, JWSAlgorithm algorithm) {
        this.jwk = jwk;
        this.algorithm = algorithm;
    }

    /** A new key for PS256, PS384, PS512, RS256 (RSA), ES256 (P-256) or EdDSA (Ed25519), with a random key id. */
    public static SigningKey generate(JWSAlgorithm algorithm) {
        String keyId = UUID.randomUUID().toString();
        try {
            if (JWSAlgorithm.Family.RSA.contains(algorithm)) {
                return new SigningKey(
                        new RSAKeyGenerator(RSA_BITS)
                                .keyUse(KeyUse.SIGNATURE)
                                .algorithm(algorithm)
                                .keyID(keyId)
                                .generate(),
                        algorithm);
            }
            if (algorithm.equals(JWSAlgorithm.ES256)) {
                return new SigningKey(
                        new ECKeyGenerator(Curve.P_256)
                                .keyUse(KeyUse.SIGNATURE)
                                .algorithm(algorithm)
                                .keyID(keyId)
                                .generate(),
                        algorithm);
            }
            if (algorithm.equals(JWSAlgorithm.EdDSA)) {
                return new SigningKey(
                        Ed25519.generate()
                                .keyUse(KeyUse.SIGNATURE)
                                .algorithm(algorithm)
                                .keyID(keyId)
                                .build(),
                        algorithm);
            }
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        throw new IllegalArgumentException("no key generator for " + algorithm);
    }

    /** An existing private key. */
    public static SigningKey of(JWK jwk, JWSAlgorithm algorithm) {
        if (!jwk.isPrivate()) {
            throw new IllegalArgumentException("not a private key: " + jwk.getKeyID());
        }
        return new SigningKey(jwk, algorithm);
    }

    /** The same key material with another algorithm of its family, for example an RSA key with RS256. */
    public SigningKey with(JWSAlgorithm other) {
        return new SigningKey(jwk, other);
    }

    /** The same key material under another key id. */
    public SigningKey withKeyId(String keyId) {
        if (jwk instanceof RSAKey rsa) {
            return new SigningKey(new RSAKey.Builder(rsa).keyID(keyId).build(), algorithm);
        }
        if (jwk instanceof ECKey ec) {
            return new SigningKey(new ECKey.Builder(ec).keyID(keyId).build(), algorithm);
        }
        return new SigningKey(
                new OctetKeyPair.Builder((OctetKeyPair) jwk).keyID(keyId).build(), algorithm);
    }

    public String keyId() {
        return jwk.getKeyID();
    }

    public JWSAlgorithm algorithm() {
        return algorithm;
    }

    public JWK privateJwk() {
        return jwk;
    }

    public JWK publicJwk() {
        return jwk.toPublicJWK();
    }

    /** The bare public key, as a DPoP proof carries it: no key id, no use. */
    public Map<String, Object> barePublicJwk() {
        return new LinkedHashMap<>(jwk.toPublicJWK().getRequiredParams());
    }

    /** RFC 7638 thumbprint, as in {@code cnf.jkt}. */
    public String thumbprint() {
        try {
            return jwk.computeThumbprint().toString();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] sign(byte[] input) {
        return Signatures.sign(jwk, algorithm, input);
    }

    /** A JWK set of the public halves, as JSON text for a client's inline {@code jwks}. */
    public static String publicJwks(SigningKey... keys) {
        List<JWK> publicKeys = Arrays.stream(keys).map(SigningKey::publicJwk).toList();
        return Json.write(new JWKSet(publicKeys).toJSONObject());
    }

    @Override
    public String toString() {
        return "SigningKey[" + algorithm + ", " + keyId() + "]";
    }
}
