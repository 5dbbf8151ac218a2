package org.fapipack.httpsignatures;

import static java.util.Objects.requireNonNull;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A public key of a signer, from its JWK. Immutable.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7517.html#section-4">RFC 7517 section 4</a>
 */
public final class VerificationKey {

    /** RFC 8410: the DER around the 32 octets of an Ed25519 key. */
    private static final byte[] ED25519_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int ED25519_OCTETS = 32;

    private final String keyId;
    private final String algorithm;
    private final PublicKey publicKey;
    private final Map<String, String> jwk;

    private VerificationKey(String keyId, String algorithm, PublicKey publicKey, Map<String, String> jwk) {
        this.keyId = keyId;
        this.algorithm = algorithm;
        this.publicKey = publicKey;
        this.jwk = jwk;
    }

    /**
     * Reads a JWK. Usable are RSA keys of 2048 to 8192 bits, EC keys on P-256 and P-384, and Ed25519 keys, unless {@code use} is there and not
     * {@code sig}, or {@code key_ops} is there without {@code verify}.
     *
     * @param jwk the members of the JSON object: Strings, and a collection of Strings for {@code key_ops}; private members are ignored. Not null
     * @return empty for a JWK that cannot be used here, or is no JWK
     */
    public static Optional<VerificationKey> ofJwk(Map<String, ?> jwk) {
        Object use = jwk.get("use");
        Object operations = jwk.get("key_ops");
        Object keyId = jwk.get("kid");
        Object algorithm = jwk.get("alg");
        if ((use != null && !use.equals("sig"))
                || (operations != null && !(operations instanceof Collection<?> named && named.contains("verify")))
                || !(keyId == null || keyId instanceof String)
                || !(algorithm == null || algorithm instanceof String)) {
            return Optional.empty();
        }
        try {
            Map<String, String> required = new TreeMap<>();
            PublicKey key = switch (member(jwk, "kty")) {
                case "RSA" -> rsa(jwk, required);
                case "EC" -> ellipticCurve(jwk, required);
                case "OKP" -> edwardsCurve(jwk, required);
                default -> throw new IllegalArgumentException("kty");
            };
            required.put("kty", member(jwk, "kty"));
            return Optional.of(new VerificationKey((String) keyId, (String) algorithm, key, required));
        } catch (IllegalArgumentException | GeneralSecurityException unusable) {
            return Optional.empty();
        }
    }

    /** The {@code kid}. */
    public Optional<String> keyId() {
        return Optional.ofNullable(keyId);
    }

    /** The key itself. */
    public PublicKey publicKey() {
        return publicKey;
    }

    /**
     * The one algorithm this key is used with: the JWK's {@code alg}; without one, ES256 or ES384 by the curve, EdDSA for Ed25519.
     *
     * @param ofRsa the algorithm of an RSA key without {@code alg}
     * @return empty when {@code alg} names none of {@link JoseAlgorithm}, or one that does not fit the key
     */
    public Optional<JoseAlgorithm> algorithm(JoseAlgorithm ofRsa) {
        if (algorithm != null) {
            return JoseAlgorithm.ofJoseName(algorithm).filter(named -> named.fits(publicKey));
        }
        for (JoseAlgorithm byKind :
                new JoseAlgorithm[] {JoseAlgorithm.ES256, JoseAlgorithm.ES384, JoseAlgorithm.EDDSA}) {
            if (byKind.fits(publicKey)) {
                return Optional.of(byKind);
            }
        }
        return Optional.of(ofRsa).filter(configured -> configured.fits(publicKey));
    }

    /** The public members that define the key ({@code kty}, {@code n}, {@code e}, ...), in alphabetical order. */
    public Map<String, String> jwk() {
        return new TreeMap<>(jwk);
    }

    /** The JWK thumbprint with SHA-256, base64url (RFC 7638). */
    public String thumbprint() {
        StringBuilder json = new StringBuilder("{");
        jwk.forEach((name, value) -> json.append(json.length() == 1 ? "" : ",")
                .append('"')
                .append(name)
                .append("\":\"")
                .append(value)
                .append('"'));
        MessageDigest sha256 = DigestAlgorithm.SHA_256.newDigest();
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(sha256.digest(json.append('}').toString().getBytes(StandardCharsets.US_ASCII)));
    }

    private static PublicKey rsa(Map<String, ?> jwk, Map<String, String> required) throws GeneralSecurityException {
        BigInteger modulus = number(jwk, "n");
        BigInteger exponent = number(jwk, "e");
        if (modulus.bitLength() < JoseAlgorithm.MIN_RSA_BITS
                || modulus.bitLength() > JoseAlgorithm.MAX_RSA_BITS
                || exponent.bitLength() > Long.SIZE
                || exponent.compareTo(BigInteger.valueOf(3)) < 0
                || !exponent.testBit(0)) {
            throw new IllegalArgumentException("modulus or exponent");
        }
        required.put("n", encoded(minimal(modulus)));
        required.put("e", encoded(minimal(exponent)));
        return KeyFactory.getInstance("RSA").generatePublic(new RSAPublicKeySpec(modulus, exponent));
    }

    private static PublicKey ellipticCurve(Map<String, ?> jwk, Map<String, String> required)
            throws GeneralSecurityException {
        String crv = member(jwk, "crv");
        for (EllipticCurves curve : EllipticCurves.ALL) {
            if (curve.crv().equals(crv)) {
                byte[] x = decoded(jwk, "x");
                byte[] y = decoded(jwk, "y");
                ECPoint point = new ECPoint(new BigInteger(1, x), new BigInteger(1, y));
                if (x.length != curve.coordinateOctets()
                        || y.length != curve.coordinateOctets()
                        || !curve.contains(point)) {
                    throw new IllegalArgumentException("point");
                }
                required.put("crv", crv);
                required.put("x", encoded(x));
                required.put("y", encoded(y));
                return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve.parameters()));
            }
        }
        throw new IllegalArgumentException("crv");
    }

    private static PublicKey edwardsCurve(Map<String, ?> jwk, Map<String, String> required)
            throws GeneralSecurityException {
        byte[] x = decoded(jwk, "x");
        if (!member(jwk, "crv").equals("Ed25519") || x.length != ED25519_OCTETS) {
            throw new IllegalArgumentException("crv or x");
        }
        required.put("crv", "Ed25519");
        required.put("x", encoded(x));
        byte[] der = new byte[ED25519_PREFIX.length + ED25519_OCTETS];
        System.arraycopy(ED25519_PREFIX, 0, der, 0, ED25519_PREFIX.length);
        System.arraycopy(x, 0, der, ED25519_PREFIX.length, ED25519_OCTETS);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(der));
    }

    private static String member(Map<String, ?> jwk, String name) {
        if (jwk.get(name) instanceof String value) {
            return requireNonNull(value);
        }
        throw new IllegalArgumentException(name);
    }

    private static byte[] decoded(Map<String, ?> jwk, String name) {
        return Base64.getUrlDecoder().decode(member(jwk, name));
    }

    private static BigInteger number(Map<String, ?> jwk, String name) {
        return new BigInteger(1, decoded(jwk, name));
    }

    private static byte[] minimal(BigInteger positive) {
        byte[] octets = positive.toByteArray();
        return octets[0] == 0 ? Arrays.copyOfRange(octets, 1, octets.length) : octets;
    }

    private static String encoded(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }
}
