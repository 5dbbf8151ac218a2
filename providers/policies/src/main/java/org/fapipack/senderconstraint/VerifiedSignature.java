package org.fapipack.senderconstraint;

import java.security.Key;
import java.util.Arrays;
import org.fapipack.session.SessionView;
import org.keycloak.common.VerificationException;
import org.keycloak.crypto.KeyWrapper;
import org.keycloak.crypto.SignatureException;
import org.keycloak.crypto.SignatureProvider;
import org.keycloak.crypto.SignatureSignerContext;
import org.keycloak.crypto.SignatureVerifierContext;
import org.keycloak.models.KeycloakSession;

/**
 * The signature of a DPoP proof that was found right in this request. Keycloak checks the proof once more after us; what takes most of the
 * time of that, it need not do again. Counts for exactly the same octets, signature, algorithm and key, and is gone with the request.
 */
final class VerifiedSignature {

    private static final String ATTRIBUTE = VerifiedSignature.class.getName();

    private final String algorithm;
    private final Key key;
    private final byte[] signed;
    private final byte[] signature;

    private VerifiedSignature(String algorithm, Key key, byte[] signed, byte[] signature) {
        this.algorithm = algorithm;
        this.key = key;
        this.signed = signed.clone();
        this.signature = signature.clone();
    }

    /**
     * Verifies a signature and, if it is right, remembers it until the request ends.
     *
     * @throws VerificationException if it is malformed
     */
    static boolean verify(KeycloakSession session, KeyWrapper key, String algorithm, byte[] signed, byte[] signature)
            throws VerificationException {
        boolean right = session.getProvider(SignatureProvider.class, algorithm)
                .verifier(key)
                .verify(signed, signature);
        if (right) {
            session.setAttribute(ATTRIBUTE, new VerifiedSignature(algorithm, key.getPublicKey(), signed, signature));
        }
        return right;
    }

    /** A view of the session whose verifiers know what {@link #verify} has found right in this request, and verify everything else. */
    static KeycloakSession knownTo(KeycloakSession session) {
        return SessionView.withEach(
                session, SignatureProvider.class, provider -> new KnowingProvider(session, provider));
    }

    private boolean is(String otherAlgorithm, Key otherKey, byte[] otherSigned, byte[] otherSignature) {
        return algorithm.equals(otherAlgorithm)
                && key.equals(otherKey)
                && Arrays.equals(signed, otherSigned)
                && Arrays.equals(signature, otherSignature);
    }

    private record KnowingProvider(KeycloakSession session, SignatureProvider provider) implements SignatureProvider {

        @Override
        public SignatureSignerContext signer() throws SignatureException {
            return provider.signer();
        }

        @Override
        public SignatureSignerContext signer(KeyWrapper key) throws SignatureException {
            return provider.signer(key);
        }

        @Override
        public SignatureVerifierContext verifier(String kid) throws VerificationException {
            return provider.verifier(kid);
        }

        @Override
        public SignatureVerifierContext verifier(KeyWrapper key) throws VerificationException {
            return new KnowingVerifier(session, key.getPublicKey(), provider.verifier(key));
        }

        @Override
        public boolean isAsymmetricAlgorithm() {
            return provider.isAsymmetricAlgorithm();
        }
    }

    private record KnowingVerifier(KeycloakSession session, Key key, SignatureVerifierContext verifier)
            implements SignatureVerifierContext {

        @Override
        public String getKid() {
            return verifier.getKid();
        }

        @Override
        public String getAlgorithm() {
            return verifier.getAlgorithm();
        }

        @Override
        public boolean verify(byte[] signed, byte[] signature) throws VerificationException {
            VerifiedSignature known = session.getAttribute(ATTRIBUTE, VerifiedSignature.class);
            return (known != null && known.is(verifier.getAlgorithm(), key, signed, signature))
                    || verifier.verify(signed, signature);
        }
    }
}
