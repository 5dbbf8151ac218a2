package org.fapipack.clientauth;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.keycloak.crypto.KeyUse;
import org.keycloak.crypto.KeyWrapper;
import org.keycloak.crypto.PublicKeysWrapper;
import org.keycloak.jose.jwk.JSONWebKeySet;
import org.keycloak.jose.jwk.JWK;
import org.keycloak.keys.PublicKeyStorageProvider;
import org.keycloak.keys.PublicKeyStorageUtils;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.protocol.oidc.OIDCAdvancedConfigWrapper;
import org.keycloak.protocol.oidc.utils.JWKSHttpUtils;
import org.keycloak.services.util.ResolveRelative;
import org.keycloak.util.JWKSUtils;
import org.keycloak.util.JsonSerialization;

/**
 * The keys in a client's {@code jwks} or {@code jwks_uri}, with the certificates that come with them. Keycloak's own loader drops those.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8705.html#section-2.2.2">RFC 8705 section 2.2.2</a>
 */
final class RegisteredKeys {

    private static final Logger LOG = Logger.getLogger(RegisteredKeys.class);

    private final KeycloakSession session;
    private final RealmModel realm;
    private final ClientModel client;

    RegisteredKeys(KeycloakSession session, RealmModel realm, ClientModel client) {
        this.session = session;
        this.realm = realm;
        this.client = client;
    }

    /**
     * Whether the certificate has one of the keys; where that key came with a certificate ({@code x5c}), it must be this one.
     *
     * @return empty when the keys cannot be loaded
     */
    Optional<Boolean> vouchFor(X509Certificate certificate) {
        Predicate<KeyWrapper> isRegistered = key -> key.getPublicKey() instanceof PublicKey publicKey
                && areEqual(publicKey.getEncoded(), certificate.getPublicKey().getEncoded())
                && (key.getCertificate() == null || areEqual(encoded(key.getCertificate()), encoded(certificate)));
        OIDCAdvancedConfigWrapper registration = OIDCAdvancedConfigWrapper.fromClientModel(client);
        try {
            if (registration.isUseJwksUrl()) {
                return Optional.of(find(registration.getJwksUrl(), isRegistered) != null);
            }
            return Optional.of(registration.isUseJwksString()
                    && keys(JsonSerialization.readValue(registration.getJwksString(), JSONWebKeySet.class))
                                    .getKeyByPredicate(isRegistered)
                            != null);
        } catch (IOException | RuntimeException notLoaded) {
            LOG.warnf(notLoaded, "The keys of client %s cannot be loaded", client.getClientId());
            return Optional.empty();
        }
    }

    private KeyWrapper find(String address, Predicate<KeyWrapper> isRegistered) {
        // An entry of its own, since those of Keycloak's loader are without certificates. Keycloak forgets its entry
        // when
        // the client is saved; ours is another one when the address is.
        String entry = PublicKeyStorageUtils.getClientModelCacheKey(realm.getId(), client.getId())
                + "::certificates::"
                + address;
        return session.getProvider(PublicKeyStorageProvider.class)
                .getFirstPublicKey(
                        entry,
                        isRegistered,
                        () -> keys(JWKSHttpUtils.sendJwksRequest(
                                session, ResolveRelative.resolveRelativeUri(session, client.getRootUrl(), address))));
    }

    private static PublicKeysWrapper keys(JSONWebKeySet keySet) {
        List<KeyWrapper> keys = new ArrayList<>();
        for (JWK jwk : keySet.getKeys() == null ? new JWK[0] : keySet.getKeys()) {
            if (!KeyUse.ENC.getSpecName().equals(jwk.getPublicKeyUse())) {
                read(jwk).ifPresent(keys::add);
            }
        }
        return new PublicKeysWrapper(keys);
    }

    /** The other keys of a set are good even where one cannot be read. */
    private static Optional<KeyWrapper> read(JWK jwk) {
        try {
            KeyWrapper key = JWKSUtils.getKeyWrapper(jwk);
            String[] chain = jwk.getX509CertificateChain();
            if (key != null && chain != null && chain.length > 0) {
                key.setCertificate(KeycloakModelUtils.getCertificate(chain[0]));
            }
            return Optional.ofNullable(key);
        } catch (RuntimeException malformed) {
            LOG.debugf(malformed, "A registered key cannot be read");
            return Optional.empty();
        }
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException itWasReadFromOne) {
            throw new IllegalStateException(itWasReadFromOne);
        }
    }

    private static boolean areEqual(byte[] one, byte[] other) {
        return MessageDigest.isEqual(one, other);
    }
}
