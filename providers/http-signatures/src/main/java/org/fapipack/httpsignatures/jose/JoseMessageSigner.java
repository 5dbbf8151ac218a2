package org.fapipack.httpsignatures.jose;

import static java.util.Objects.requireNonNull;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.OctetKeyPair;
import com.nimbusds.jose.jwk.RSAKey;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import org.fapipack.httpsignatures.JoseAlgorithm;
import org.fapipack.httpsignatures.MessageSigner;

/** Signs with the private key of a JWK, or with one of a key store or HSM. Immutable and safe for concurrent use. */
public final class JoseMessageSigner implements MessageSigner {

    /** Octets in, signature octets out. */
    private interface Signing {
        byte[] sign(byte[] input) throws GeneralSecurityException, JOSEException;
    }

    private final String keyId;
    private final JoseAlgorithm algorithm;
    private final Signing signing;

    private JoseMessageSigner(String keyId, JoseAlgorithm algorithm, Signing signing) {
        this.keyId = requireNonNull(keyId, "keyId");
        this.algorithm = algorithm;
        this.signing = signing;
    }

    /**
     * Signs with a private key that stays where it is.
     *
     * @param keyId the {@code kid} of its public key, printable ASCII
     * @param algorithm which must be one for this kind of key
     * @param key the private key
     * @throws GeneralSecurityException when algorithm and key do not go together
     */
    public static JoseMessageSigner of(String keyId, JoseAlgorithm algorithm, PrivateKey key)
            throws GeneralSecurityException {
        try {
            return new JoseMessageSigner(
                    keyId,
                    algorithm,
                    switch (algorithm) {
                        case PS256, PS512 -> jws(new RSASSASigner(key), algorithm);
                        case ES256 -> jws(new ECDSASigner(key, Curve.P_256), algorithm);
                        case ES384 -> jws(new ECDSASigner(key, Curve.P_384), algorithm);
                        case EDDSA -> input -> Ed25519.sign(key, input);
                    });
        } catch (JOSEException | IllegalArgumentException unfit) {
            throw new GeneralSecurityException("the key is not one for " + algorithm.joseName(), unfit);
        }
    }

    /**
     * Signs with a JWK that has {@code kid}, {@code alg} and its private members.
     *
     * @throws GeneralSecurityException when one of them is missing, or they do not go together
     */
    public static JoseMessageSigner of(JWK jwk) throws GeneralSecurityException {
        if (jwk.getKeyID() == null || jwk.getAlgorithm() == null || !jwk.isPrivate()) {
            throw new GeneralSecurityException("the JWK needs kid, alg and its private members");
        }
        JoseAlgorithm algorithm = JoseAlgorithm.ofJoseName(jwk.getAlgorithm().getName())
                .orElseThrow(() -> new GeneralSecurityException("alg is none that can be used here"));
        try {
            PrivateKey key;
            if (jwk instanceof RSAKey rsa) {
                key = rsa.toPrivateKey();
            } else if (jwk instanceof ECKey ec) {
                key = ec.toPrivateKey();
            } else if (jwk instanceof OctetKeyPair okp && Curve.Ed25519.equals(okp.getCurve())) {
                key = Ed25519.privateKey(okp.getDecodedD());
            } else {
                throw new GeneralSecurityException("kty is none that can be used here");
            }
            return of(jwk.getKeyID(), algorithm, key);
        } catch (JOSEException unfit) {
            throw new GeneralSecurityException("the JWK cannot be used", unfit);
        }
    }

    @Override
    public String keyId() {
        return keyId;
    }

    @Override
    public JoseAlgorithm algorithm() {
        return algorithm;
    }

    @Override
    public byte[] sign(byte[] signatureBase) throws GeneralSecurityException {
        try {
            return signing.sign(signatureBase);
        } catch (JOSEException failed) {
            throw new GeneralSecurityException("signing failed", failed);
        }
    }

    private static Signing jws(JWSSigner signer, JoseAlgorithm algorithm) throws JOSEException {
        JWSHeader header = new JWSHeader(JWSAlgorithm.parse(algorithm.joseName()));
        if (!signer.supportedJWSAlgorithms().contains(header.getAlgorithm())) {
            throw new JOSEException("another curve or kind of key");
        }
        return input -> signer.sign(header, input).decode();
    }
}
