package org.fapipack.testkit.signature;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.List;
import org.fapipack.testkit.jose.SigningKey;

/** Keys of the testkit for {@link IndependentSigner}, and the way back: verifying. */
final class SignatureOctets {

    private static final int ED25519_OCTETS = 32;

    private SignatureOctets() {}

    static List<String[]> signed(IndependentSigner message, SigningKey key) {
        try {
            return message.sign(key.algorithm().getName(), privateKey(key.privateJwk()));
        } catch (GeneralSecurityException | JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean verify(JWK key, byte[] octets, byte[] signed) {
        try {
            Signature signature = IndependentSigner.unkeyed(key.getAlgorithm().getName());
            signature.initVerify(publicKey(key));
            signature.update(octets);
            return signature.verify(signed);
        } catch (GeneralSecurityException | JOSEException e) {
            return false;
        }
    }

    private static PrivateKey privateKey(JWK key) throws GeneralSecurityException, JOSEException {
        if (key instanceof OctetKeyPair okp) {
            return KeyFactory.getInstance("Ed25519")
                    .generatePrivate(new EdECPrivateKeySpec(
                            NamedParameterSpec.ED25519, okp.getD().decode()));
        }
        return key instanceof ECKey ec ? ec.toECPrivateKey() : key.toRSAKey().toRSAPrivateKey();
    }

    private static PublicKey publicKey(JWK key) throws GeneralSecurityException, JOSEException {
        if (key instanceof OctetKeyPair okp) {
            return ed25519(okp.getX().decode());
        }
        return key instanceof ECKey ec ? ec.toECPublicKey() : key.toRSAKey().toRSAPublicKey();
    }

    /** RFC 8032 section 5.1.2: little-endian y, the sign of x in the highest bit. */
    private static PublicKey ed25519(byte[] littleEndian) throws GeneralSecurityException {
        byte[] bigEndian = new byte[ED25519_OCTETS];
        for (int i = 0; i < ED25519_OCTETS; i++) {
            bigEndian[i] = littleEndian[ED25519_OCTETS - 1 - i];
        }
        boolean odd = (bigEndian[0] & 0x80) != 0;
        bigEndian[0] &= 0x7f;
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(
                        NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, bigEndian))));
    }
}
