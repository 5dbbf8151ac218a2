package org.fapipack.messagesignature;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import org.fapipack.httpsignatures.JoseAlgorithm;
import org.fapipack.httpsignatures.MessageVerifier;
import org.fapipack.httpsignatures.VerificationKey;
import org.keycloak.common.VerificationException;
import org.keycloak.crypto.Algorithm;
import org.keycloak.crypto.KeyType;
import org.keycloak.crypto.KeyUse;
import org.keycloak.crypto.KeyWrapper;
import org.keycloak.crypto.SignatureProvider;
import org.keycloak.models.KeycloakSession;

/** Verifies with the server's own signature providers. */
record RegisteredKeyVerifier(KeycloakSession session) implements MessageVerifier {

    @Override
    public boolean verifies(VerificationKey key, JoseAlgorithm algorithm, byte[] signatureBase, byte[] signature) {
        KeyWrapper wrapper = new KeyWrapper();
        key.keyId().ifPresent(wrapper::setKid);
        wrapper.setAlgorithm(algorithm.joseName());
        wrapper.setUse(KeyUse.SIG);
        wrapper.setPublicKey(key.publicKey());
        wrapper.setType(type(key.publicKey()));
        if (algorithm == JoseAlgorithm.EDDSA) {
            wrapper.setCurve(Algorithm.Ed25519);
        }
        try {
            return session.getProvider(SignatureProvider.class, algorithm.joseName())
                    .verifier(wrapper)
                    .verify(signatureBase, signature);
        } catch (VerificationException malformed) {
            return false;
        }
    }

    private static String type(PublicKey key) {
        if (key instanceof RSAPublicKey) {
            return KeyType.RSA;
        }
        return key instanceof ECPublicKey ? KeyType.EC : KeyType.OKP;
    }
}
