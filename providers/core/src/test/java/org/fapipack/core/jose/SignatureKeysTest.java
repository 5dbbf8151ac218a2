package org.fapipack.core.jose;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.AlgorithmParameterSpec;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAKeyGenParameterSpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SignatureKeysTest {

    @Test
    void anRsaKeyHas2048Bits() throws GeneralSecurityException {
        assertThat(SignatureKeys.fit("PS256", rsa(2048))).isTrue();
        assertThat(SignatureKeys.fit("PS256", rsa(2047))).isFalse();
        assertThat(SignatureKeys.fit("PS256", rsa(1024))).isFalse();
    }

    @Test
    void es256NeedsP256() throws GeneralSecurityException {
        assertThat(SignatureKeys.fit("ES256", ec("secp256r1"))).isTrue();
        assertThat(SignatureKeys.fit("ES256", ec("secp384r1"))).isFalse();
    }

    @Test
    void edDsaNeedsEd25519() throws GeneralSecurityException {
        assertThat(SignatureKeys.fit("EdDSA", key("Ed25519", NamedParameterSpec.ED25519)))
                .isTrue();
        assertThat(SignatureKeys.fit("EdDSA", key("Ed448", NamedParameterSpec.ED448)))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PS256", "EdDSA", "ES384", "RS256", "none", ""})
    void aKeyOfAnotherKindFitsNothing(String algorithm) throws GeneralSecurityException {
        assertThat(SignatureKeys.fit(algorithm, ec("secp256r1"))).isFalse();
    }

    @Test
    void aKeyOfFewBitsIsTooShortForAnything() throws GeneralSecurityException {
        assertThat(SignatureKeys.areTooShort(rsa(2047))).isTrue();
        assertThat(SignatureKeys.areTooShort(rsa(2048))).isFalse();
        assertThat(SignatureKeys.areTooShort(ec("secp384r1"))).isFalse();
    }

    private static PublicKey rsa(int bits) throws GeneralSecurityException {
        return key("RSA", new RSAKeyGenParameterSpec(bits, RSAKeyGenParameterSpec.F4));
    }

    private static PublicKey ec(String curve) throws GeneralSecurityException {
        return key("EC", new ECGenParameterSpec(curve));
    }

    private static PublicKey key(String kind, AlgorithmParameterSpec parameters) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(kind);
        generator.initialize(parameters);
        return generator.generateKeyPair().getPublic();
    }
}
