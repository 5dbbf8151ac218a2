package org.fapipack.senderconstraint;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.keycloak.common.VerificationException;
import org.keycloak.crypto.KeyWrapper;
import org.keycloak.crypto.SignatureProvider;
import org.keycloak.crypto.SignatureVerifierContext;
import org.keycloak.models.KeycloakSession;

/** What of a signature is remembered, and that nothing else passes for it. */
class VerifiedSignatureTest {

    private static final String ES256 = "ES256";
    private static final byte[] SIGNED = {1, 2, 3};
    private static final byte[] SIGNATURE = {4, 5, 6};
    private static final byte[] OTHER = {1, 2, 4};

    private final KeyWrapper key = key(ES256);
    private final Map<String, Object> requestAttributes = new HashMap<>();
    private boolean right = true;
    private int verifications;

    @Test
    void isNotVerifiedTwiceInARequest() throws VerificationException {
        assertThat(VerifiedSignature.verify(session(), key, ES256, SIGNED, SIGNATURE))
                .isTrue();
        assertThat(verifications).isEqualTo(1);

        right = false; // whoever asks the verifier now is told so
        assertThat(verify(key, ES256, SIGNED.clone(), SIGNATURE.clone())).isTrue();
        assertThat(verifications).isEqualTo(1);
    }

    @Test
    void standsForNoOtherOctetsSignatureKeyOrAlgorithm() throws VerificationException {
        VerifiedSignature.verify(session(), key, ES256, SIGNED, SIGNATURE);

        right = false;
        assertThat(verify(key, ES256, OTHER, SIGNATURE)).isFalse();
        assertThat(verify(key, ES256, SIGNED, OTHER)).isFalse();
        assertThat(verify(key(ES256), ES256, SIGNED, SIGNATURE)).isFalse();
        KeyWrapper sameKey = key.cloneKey();
        sameKey.setAlgorithm("PS256");
        assertThat(verify(sameKey, "PS256", SIGNED, SIGNATURE)).isFalse();
        assertThat(verifications).isEqualTo(5);
    }

    @Test
    void isNotRememberedWhenWrong() throws VerificationException {
        right = false;
        assertThat(VerifiedSignature.verify(session(), key, ES256, SIGNED, SIGNATURE))
                .isFalse();
        assertThat(verify(key, ES256, SIGNED, SIGNATURE)).isFalse();
        assertThat(verifications).isEqualTo(2);
    }

    @Test
    void isForgottenWithTheRequest() throws VerificationException {
        VerifiedSignature.verify(session(), key, ES256, SIGNED, SIGNATURE);

        requestAttributes.clear();
        right = false;
        assertThat(verify(key, ES256, SIGNED, SIGNATURE)).isFalse();
    }

    @Test
    void doesNotChangeWithTheArraysItWasFoundIn() throws VerificationException {
        byte[] signed = SIGNED.clone();
        VerifiedSignature.verify(session(), key, ES256, signed, SIGNATURE);

        signed[2] = OTHER[2];
        right = false;
        assertThat(verify(key, ES256, OTHER, SIGNATURE)).isFalse();
    }

    /** As Keycloak's own check does it after ours. */
    private boolean verify(KeyWrapper by, String algorithm, byte[] signed, byte[] signature)
            throws VerificationException {
        return VerifiedSignature.knownTo(session())
                .getProvider(SignatureProvider.class, algorithm)
                .verifier(by)
                .verify(signed, signature);
    }

    private static KeyWrapper key(String algorithm) {
        try {
            KeyWrapper key = new KeyWrapper();
            key.setAlgorithm(algorithm);
            key.setPublicKey(
                    KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic());
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private KeycloakSession session() {
        return proxy(KeycloakSession.class, (self, method, arguments) -> switch (method.getName()) {
            case "getAttribute" -> requestAttributes.get((String) arguments[0]);
            case "setAttribute" -> requestAttributes.put((String) arguments[0], arguments[1]);
            case "getProvider" -> provider();
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private SignatureProvider provider() {
        return proxy(SignatureProvider.class, (self, method, arguments) -> verifier((KeyWrapper) arguments[0]));
    }

    private SignatureVerifierContext verifier(KeyWrapper by) {
        return proxy(SignatureVerifierContext.class, (self, method, arguments) -> switch (method.getName()) {
            case "getAlgorithm" -> by.getAlgorithm();
            case "verify" -> {
                verifications++;
                yield right;
            }
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
