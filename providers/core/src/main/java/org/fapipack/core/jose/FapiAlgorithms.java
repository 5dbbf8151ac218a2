package org.fapipack.core.jose;

import java.util.List;

/**
 * The JOSE algorithms a FAPI 2.0 deployment may use.
 *
 * @see <a href="https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.4.1">FAPI 2.0 Security Profile 5.4.1</a>
 */
public final class FapiAlgorithms {

    /** Signature algorithms, the preferred one first. Nothing weaker can be switched on by a setting. */
    public static final List<String> SIGNATURE = List.of("PS256", "ES256", "EdDSA");

    /** The signature algorithm a client gets that registered none; RFC 9701 and JARM would say RS256, which FAPI forbids. */
    public static final String DEFAULT_SIGNATURE = "PS256";

    /** Key management algorithms for encrypting to a public key. RSA1_5 is out by RFC 8725 section 3.2, {@code dir} has no recipient key. */
    public static final List<String> KEY_MANAGEMENT =
            List.of("RSA-OAEP-256", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A256KW");

    /** Content encryption algorithms. */
    public static final List<String> CONTENT_ENCRYPTION =
            List.of("A128CBC-HS256", "A256CBC-HS512", "A128GCM", "A256GCM");

    private FapiAlgorithms() {}

    /**
     * The name used in {@link #SIGNATURE} for an algorithm as it stands in a JOSE header: RFC 9864 calls {@code EdDSA} with Ed25519
     * {@code Ed25519}, the rest stays.
     */
    public static String canonical(String alg) {
        return "Ed25519".equals(alg) ? "EdDSA" : alg;
    }

    /** The JWK key type ({@code kty}) that a key management algorithm of {@link #KEY_MANAGEMENT} needs: {@code RSA} or {@code EC}. */
    public static String keyTypeFor(String keyManagementAlgorithm) {
        return keyManagementAlgorithm.startsWith("RSA") ? "RSA" : "EC";
    }
}
