package org.fapipack.httpsignatures.kit;

import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.fapipack.testkit.signature.IndependentSigner;

/** A key pair that signs with the JDK's own providers. Immutable. */
public final class PlainKey {

    private final String keyId;
    private final String algorithm;
    private final PrivateKey privateKey;
    private final PublicKey publicKey;

    /**
     * @param algorithm PS256, ES256 or EdDSA
     * @throws IllegalArgumentException for any other algorithm
     */
    public PlainKey(String keyId, String algorithm, PrivateKey privateKey, PublicKey publicKey) {
        this.keyId = requireNonNull(keyId, "keyId");
        this.algorithm = requireNonNull(algorithm, "algorithm");
        this.privateKey = requireNonNull(privateKey, "privateKey");
        this.publicKey = requireNonNull(publicKey, "publicKey");
        if (!algorithm.matches("PS256|ES256|EdDSA")) {
            throw new IllegalArgumentException("the algorithm must be PS256, ES256 or EdDSA, not " + algorithm);
        }
    }

    /** A new key. */
    public static PlainKey generate(String keyId, String algorithm) {
        try {
            KeyPairGenerator generator;
            switch (algorithm) {
                case "PS256" -> {
                    generator = KeyPairGenerator.getInstance("RSA");
                    generator.initialize(2048);
                }
                case "ES256" -> {
                    generator = KeyPairGenerator.getInstance("EC");
                    generator.initialize(new ECGenParameterSpec("secp256r1"));
                }
                default -> generator = KeyPairGenerator.getInstance("Ed25519");
            }
            KeyPair pair = generator.generateKeyPair();
            return new PlainKey(keyId, algorithm, pair.getPrivate(), pair.getPublic());
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    public String keyId() {
        return keyId;
    }

    public String algorithm() {
        return algorithm;
    }

    /** The public key. */
    public PublicKey publicKey() {
        return publicKey;
    }

    /** The same key under another name. */
    public PlainKey named(String otherKeyId) {
        return new PlainKey(otherKeyId, algorithm, privateKey, publicKey);
    }

    /** The public key as the members of a JWK, with {@code kid} and {@code alg}. */
    public Map<String, String> jwk() {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        if (publicKey instanceof RSAPublicKey rsa) {
            return Map.of(
                    "kty",
                    "RSA",
                    "kid",
                    keyId,
                    "alg",
                    algorithm,
                    "n",
                    base64.encodeToString(unsigned(rsa.getModulus().toByteArray())),
                    "e",
                    base64.encodeToString(unsigned(rsa.getPublicExponent().toByteArray())));
        }
        if (publicKey instanceof ECPublicKey ec) {
            return Map.of(
                    "kty",
                    "EC",
                    "kid",
                    keyId,
                    "alg",
                    algorithm,
                    "crv",
                    "P-256",
                    "x",
                    base64.encodeToString(fixed(ec.getW().getAffineX().toByteArray())),
                    "y",
                    base64.encodeToString(fixed(ec.getW().getAffineY().toByteArray())));
        }
        byte[] der = ((EdECPublicKey) publicKey).getEncoded();
        return Map.of(
                "kty",
                "OKP",
                "kid",
                keyId,
                "alg",
                algorithm,
                "crv",
                "Ed25519",
                "x",
                base64.encodeToString(Arrays.copyOfRange(der, der.length - 32, der.length)));
    }

    /** The signature's octets as they stand in the field. */
    public byte[] sign(byte[] octets) {
        try {
            return IndependentSigner.signature(algorithm, privateKey, octets);
        } catch (GeneralSecurityException unfit) {
            throw unfit(unfit);
        }
    }

    /** An ECDSA signature in DER, as it must not be sent. */
    byte[] signInDer(byte[] octets) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(privateKey);
            signature.update(octets);
            return signature.sign();
        } catch (GeneralSecurityException unfit) {
            throw unfit(unfit);
        }
    }

    private static IllegalStateException unfit(GeneralSecurityException cause) {
        return new IllegalStateException("the key cannot sign", cause);
    }

    private static byte[] unsigned(byte[] number) {
        return number[0] == 0 ? Arrays.copyOfRange(number, 1, number.length) : number;
    }

    private static byte[] fixed(byte[] number) {
        byte[] octets = new byte[32];
        byte[] minimal = unsigned(number);
        System.arraycopy(minimal, 0, octets, octets.length - minimal.length, minimal.length);
        return octets;
    }
}
