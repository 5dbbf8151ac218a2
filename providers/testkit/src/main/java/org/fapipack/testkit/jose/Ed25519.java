package org.fapipack.testkit.jose;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/** EdDSA over Ed25519 with the JDK's own provider; Nimbus would need one more library for it. */
final class Ed25519 {

    /** RFC 8410: the DER around the 32 octets of a key; the key itself is always at the end. */
    private static final byte[] PUBLIC_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final byte[] PRIVATE_PREFIX = HexFormat.of().parseHex("302e020100300506032b657004220420");
    private static final int KEY_OCTETS = 32;

    private Ed25519() {}

    static OctetKeyPair.Builder generate() {
        try {
            KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
            return new OctetKeyPair.Builder(Curve.Ed25519, tail(keys.getPublic().getEncoded()))
                    .d(tail(keys.getPrivate().getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] sign(OctetKeyPair key, byte[] input) throws GeneralSecurityException {
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(KeyFactory.getInstance("Ed25519")
                .generatePrivate(
                        new PKCS8EncodedKeySpec(join(PRIVATE_PREFIX, key.getD().decode()))));
        signature.update(input);
        return signature.sign();
    }

    static boolean verify(OctetKeyPair key, byte[] input, byte[] signatureValue) throws GeneralSecurityException {
        PublicKey publicKey = KeyFactory.getInstance("Ed25519")
                .generatePublic(
                        new X509EncodedKeySpec(join(PUBLIC_PREFIX, key.getX().decode())));
        Signature signature = Signature.getInstance("Ed25519");
        signature.initVerify(publicKey);
        signature.update(input);
        return signature.verify(signatureValue);
    }

    private static Base64URL tail(byte[] der) {
        return Base64URL.encode(Arrays.copyOfRange(der, der.length - KEY_OCTETS, der.length));
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }
}
