package org.fapipack.httpsignatures;

import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.NamedParameterSpec;
import java.util.Optional;

/**
 * The signature algorithms that can be used, by their JOSE names. With a JOSE algorithm the signature base is what is signed, the signature
 * is its octets as they are before base64url, and the parameter {@code alg} is not sent.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9421.html#section-3.3.7">RFC 9421 section 3.3.7</a>
 */
public enum JoseAlgorithm {
    /** RSASSA-PSS with SHA-256, MGF1 with SHA-256 and 32 octets of salt. Has no name in the registry of HTTP signature algorithms. */
    PS256("PS256", null),
    /** ECDSA on P-256 with SHA-256; the signature is r and s, 64 octets. */
    ES256("ES256", "ecdsa-p256-sha256"),
    /** EdDSA on the curve Ed25519; the signature has 64 octets. */
    EDDSA("EdDSA", "ed25519"),
    /** RSASSA-PSS with SHA-512 and 64 octets of salt. Not one of FAPI's; off unless a policy lists it. */
    PS512("PS512", "rsa-pss-sha512"),
    /** ECDSA on P-384 with SHA-384; 96 octets. Not one of FAPI's; off unless a policy lists it. */
    ES384("ES384", "ecdsa-p384-sha384");

    /** "RSA algorithms shall have a minimum length of 2048 bits", FAPI 2.0 Security Profile 5.4.1. */
    static final int MIN_RSA_BITS = 2048;

    /** Longer moduli cost a verifier more than they give; the time of one verification grows with the square. */
    static final int MAX_RSA_BITS = 8192;

    private final String joseName;
    private final String httpName;

    JoseAlgorithm(String joseName, String httpName) {
        this.joseName = joseName;
        this.httpName = httpName;
    }

    /** The name in a JWK's {@code alg}. */
    public String joseName() {
        return joseName;
    }

    /** The name in the signature parameter {@code alg}; empty when there is none, so that any {@code alg} is a contradiction. */
    public Optional<String> httpName() {
        return Optional.ofNullable(httpName);
    }

    /** The algorithm of that JOSE name; {@code Ed25519}, the name of RFC 9864, is another one for {@code EdDSA}. Empty for any other. */
    public static Optional<JoseAlgorithm> ofJoseName(String name) {
        for (JoseAlgorithm algorithm : values()) {
            if (algorithm.joseName.equals(name)) {
                return Optional.of(algorithm);
            }
        }
        return "Ed25519".equals(name) ? Optional.of(EDDSA) : Optional.empty();
    }

    /** Whether a key is of the kind, curve and size that the algorithm needs: RSA 2048 to 8192 bits. */
    public boolean fits(PublicKey key) {
        return switch (this) {
            case PS256, PS512 ->
                key instanceof RSAPublicKey rsa
                        && rsa.getModulus().bitLength() >= MIN_RSA_BITS
                        && rsa.getModulus().bitLength() <= MAX_RSA_BITS;
            case ES256 -> key instanceof ECPublicKey ec && EllipticCurves.P_256.isCurveOf(ec);
            case ES384 -> key instanceof ECPublicKey ec && EllipticCurves.P_384.isCurveOf(ec);
            case EDDSA ->
                key instanceof EdECPublicKey ed
                        && NamedParameterSpec.ED25519
                                .getName()
                                .equals(ed.getParams().getName());
        };
    }
}
