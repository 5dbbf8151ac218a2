package org.fapipack.messagesignature;

import org.fapipack.httpsignatures.JoseAlgorithm;
import org.fapipack.httpsignatures.MessageSigner;
import org.keycloak.crypto.SignatureProvider;
import org.keycloak.crypto.SignatureSignerContext;
import org.keycloak.models.KeycloakSession;

/** The realm's active key for an algorithm, as published in the realm's JWK set. */
record RealmSigner(SignatureSignerContext key, JoseAlgorithm algorithm) implements MessageSigner {

    /** @throws IllegalStateException if the realm has no such key */
    static RealmSigner of(KeycloakSession session, String algorithm) {
        try {
            return new RealmSigner(
                    session.getProvider(SignatureProvider.class, algorithm).signer(),
                    JoseAlgorithm.ofJoseName(algorithm).orElseThrow());
        } catch (RuntimeException noKey) {
            throw new IllegalStateException("the realm has no active " + algorithm + " key", noKey);
        }
    }

    @Override
    public String keyId() {
        return key.getKid();
    }

    @Override
    public byte[] sign(byte[] signatureBase) {
        return key.sign(signatureBase);
    }
}
