package org.fapipack.clientkey;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.Base64;
import java.util.Optional;
import java.util.function.Predicate;
import org.fapipack.core.jose.FapiAlgorithms;
import org.fapipack.core.jose.SignatureKeys;
import org.jboss.logging.Logger;
import org.keycloak.common.VerificationException;
import org.keycloak.crypto.KeyWrapper;
import org.keycloak.crypto.SignatureProvider;
import org.keycloak.keys.PublicKeyStorageProvider;
import org.keycloak.keys.PublicKeyStorageUtils;
import org.keycloak.keys.loader.ClientPublicKeyLoader;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;

/** One of a client's registered keys, fit for one algorithm: of its kind, and long enough. */
public final class ClientSignatureKey {

    /** What there is to say where a client has none. */
    public static final String NONE = "the client has no key with this kid that is fit for the algorithm: RSA of "
            + SignatureKeys.MIN_RSA_BITS
            + " bits or more for PS256, P-256 for ES256, Ed25519 for EdDSA";

    private static final Logger LOG = Logger.getLogger(ClientSignatureKey.class);

    private final KeycloakSession session;
    private final KeyWrapper key;
    private final String algorithm;

    private ClientSignatureKey(KeycloakSession session, KeyWrapper key, String algorithm) {
        this.session = session;
        this.key = key;
        this.algorithm = algorithm;
    }

    /**
     * Finds a key. Where several have one {@code kid}, kind and curve decide.
     *
     * @param kid null where the JWS names none: any fit key then
     * @param algorithm one of {@link FapiAlgorithms#SIGNATURE}
     * @return empty where the client has none that is fit
     * @throws RuntimeException if the keys cannot be loaded
     * @see <a href="https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.4.3">FAPI 2.0 Security Profile 5.4.3</a>
     */
    public static Optional<ClientSignatureKey> find(
            KeycloakSession session, ClientModel client, String kid, String algorithm) {
        Predicate<KeyWrapper> fits = candidate -> (kid == null || kid.equals(candidate.getKid()))
                && (candidate.getAlgorithm() == null
                        || FapiAlgorithms.canonical(candidate.getAlgorithm()).equals(algorithm))
                && candidate.getPublicKey() instanceof PublicKey publicKey
                && SignatureKeys.fit(algorithm, publicKey);
        KeyWrapper found = session.getProvider(PublicKeyStorageProvider.class)
                .getFirstPublicKey(
                        PublicKeyStorageUtils.getClientModelCacheKey(
                                client.getRealm().getId(), client.getId()),
                        fits,
                        new ClientPublicKeyLoader(session, client));
        return Optional.ofNullable(found).map(key -> new ClientSignatureKey(session, key, algorithm));
    }

    /**
     * Whether a JWS is signed with the key; false for a malformed signature.
     *
     * @param signingInput header and payload with a dot between
     * @param signature base64url
     */
    public boolean verifies(String signingInput, String signature) {
        // The key belongs to a cache; a JWK that names no algorithm gets one here.
        KeyWrapper named = key.cloneKey();
        named.setAlgorithm(algorithm);
        try {
            return session.getProvider(SignatureProvider.class, algorithm)
                    .verifier(named)
                    .verify(
                            signingInput.getBytes(StandardCharsets.US_ASCII),
                            Base64.getUrlDecoder().decode(signature));
        } catch (VerificationException | RuntimeException malformed) {
            LOG.debugf(malformed, "A signature is malformed");
            return false;
        }
    }
}
