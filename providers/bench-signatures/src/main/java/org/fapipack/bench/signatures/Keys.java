package org.fapipack.bench.signatures;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;

/** Key pairs for PS256 (2048 bits), ES256 and EdDSA. */
final class Keys {

    private Keys() {}

    static KeyPair generate(String algorithm) throws GeneralSecurityException {
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

    static JWK jwk(KeyPair pair, String algorithm, String keyId) {
        JWSAlgorithm alg = JWSAlgorithm.parse(algorithm);
        return switch (algorithm) {
            case "PS256" ->
                new RSAKey.Builder((RSAPublicKey) pair.getPublic())
                        .privateKey(pair.getPrivate())
                        .algorithm(alg)
                        .keyID(keyId)
                        .build();
            case "ES256" ->
                new ECKey.Builder(Curve.P_256, (ECPublicKey) pair.getPublic())
                        .privateKey(pair.getPrivate())
                        .algorithm(alg)
                        .keyID(keyId)
                        .build();
            default ->
                new OctetKeyPair.Builder(Curve.Ed25519, tail(pair.getPublic().getEncoded()))
                        .d(tail(pair.getPrivate().getEncoded()))
                        .algorithm(alg)
                        .keyID(keyId)
                        .build();
        };
    }

    /** RFC 8410: the 32 octets of the key stand at the end of its encoding. */
    private static Base64URL tail(byte[] der) {
        return Base64URL.encode(Arrays.copyOfRange(der, der.length - 32, der.length));
    }
}
