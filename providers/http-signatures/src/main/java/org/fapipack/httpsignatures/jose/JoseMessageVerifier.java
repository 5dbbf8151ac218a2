package org.fapipack.httpsignatures.jose;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.security.GeneralSecurityException;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import org.fapipack.httpsignatures.JoseAlgorithm;
import org.fapipack.httpsignatures.MessageVerifier;
import org.fapipack.httpsignatures.VerificationKey;

/** Verifies with Nimbus, and Ed25519 with the JDK, for which Nimbus would need one more library. Immutable and safe for concurrent use. */
public final class JoseMessageVerifier implements MessageVerifier {

    @Override
    public boolean verifies(VerificationKey key, JoseAlgorithm algorithm, byte[] signatureBase, byte[] signature)
            throws GeneralSecurityException {
        try {
            return switch (algorithm) {
                case PS256, PS512 ->
                    new RSASSAVerifier((RSAPublicKey) key.publicKey())
                            .verify(header(algorithm), signatureBase, Base64URL.encode(signature));
                case ES256, ES384 ->
                    new ECDSAVerifier((ECPublicKey) key.publicKey())
                            .verify(header(algorithm), signatureBase, Base64URL.encode(signature));
                case EDDSA -> Ed25519.verify(key.publicKey(), signatureBase, signature);
            };
        } catch (JOSEException failed) {
            throw new GeneralSecurityException("verifying failed", failed);
        }
    }

    private static JWSHeader header(JoseAlgorithm algorithm) {
        return new JWSHeader(JWSAlgorithm.parse(algorithm.joseName()));
    }
}
