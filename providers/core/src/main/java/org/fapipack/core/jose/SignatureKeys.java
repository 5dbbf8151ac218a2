package org.fapipack.core.jose;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.EllipticCurve;
import java.security.spec.NamedParameterSpec;

/**
 * Which public keys the FAPI profiles allow with which algorithm.
 *
 * @see <a href="https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.4.1">FAPI 2.0 Security Profile 5.4.1</a>
 */
public final class SignatureKeys {

    /** RSA keys "shall have a minimum length of 2048 bits". */
    public static final int MIN_RSA_BITS = 2048;

    /** Elliptic curve keys "shall have a minimum length of 224 bits". */
    public static final int MIN_EC_BITS = 224;

    private static final ECParameterSpec P_256 = p256();

    private SignatureKeys() {}

    /**
     * Whether a key is of the kind and size that a signature algorithm needs: RSA from {@value #MIN_RSA_BITS} bits for PS256, the curve
     * P-256 for ES256, Ed25519 for EdDSA.
     *
     * @param algorithm one of {@link FapiAlgorithms#SIGNATURE}; nothing fits any other
     */
    public static boolean fit(String algorithm, PublicKey key) {
        return switch (algorithm) {
            case "PS256" -> key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() >= MIN_RSA_BITS;
            case "ES256" -> key instanceof ECPublicKey ec && isP256(ec.getParams());
            case "EdDSA" ->
                key instanceof EdECPublicKey ed
                        && NamedParameterSpec.ED25519
                                .getName()
                                .equals(ed.getParams().getName());
            default -> false;
        };
    }

    /** Whether a key is too short for any use: RSA below {@value #MIN_RSA_BITS} bits, elliptic curves below {@value #MIN_EC_BITS}. */
    public static boolean areTooShort(PublicKey key) {
        return (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS)
                || (key instanceof ECPublicKey ec && ec.getParams().getOrder().bitLength() < MIN_EC_BITS);
    }

    /** Another curve may have the same size, so the equation, the generator and the order are compared. */
    private static boolean isP256(ECParameterSpec parameters) {
        EllipticCurve curve = parameters.getCurve();
        return curve.getField().equals(P_256.getCurve().getField())
                && curve.getA().equals(P_256.getCurve().getA())
                && curve.getB().equals(P_256.getCurve().getB())
                && parameters.getGenerator().equals(P_256.getGenerator())
                && parameters.getOrder().equals(P_256.getOrder());
    }

    private static ECParameterSpec p256() {
        try {
            AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
