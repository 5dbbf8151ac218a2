package org.fapipack.testkit.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.SignatureException;

/** Signs and verifies octets with a JWK and an algorithm of the same family. */
final class Signatures {

    private Signatures() {}

    static byte[] sign(JWK key, JWSAlgorithm algorithm, byte[] input) {
        try {
            if (key instanceof OctetKeyPair okp) {
                return Ed25519.sign(okp, input);
            }
            JWSSigner signer = JWSAlgorithm.Family.EC.contains(algorithm)
                    ? new ECDSASigner(key.toECKey())
                    : new RSASSASigner(key.toRSAKey());
            return signer.sign(new JWSHeader(algorithm), input).decode();
        } catch (JOSEException | GeneralSecurityException e) {
            throw new IllegalArgumentException(
                    "cannot sign with " + algorithm + " and a key of type " + key.getKeyType(), e);
        }
    }

    /** False when the signature is wrong, also when the key does not fit the algorithm. */
    static boolean verify(JWK key, JWSAlgorithm algorithm, byte[] input, byte[] signature) {
        try {
            if (JWSAlgorithm.Family.ED.contains(algorithm)) {
                return key instanceof OctetKeyPair okp && Ed25519.verify(okp, input, signature);
            }
            JWSVerifier verifier;
            if (JWSAlgorithm.Family.EC.contains(algorithm)) {
                verifier = new ECDSAVerifier(key.toECKey());
            } else if (JWSAlgorithm.Family.RSA.contains(algorithm)) {
                verifier = new RSASSAVerifier(key.toRSAKey());
            } else {
                return false;
            }
            return verifier.verify(new JWSHeader(algorithm), input, Base64URL.encode(signature));
        } catch (SignatureException malformed) {
            return false;
        } catch (JOSEException | GeneralSecurityException | ClassCastException keyDoesNotFit) {
            return false;
        }
    }
}
