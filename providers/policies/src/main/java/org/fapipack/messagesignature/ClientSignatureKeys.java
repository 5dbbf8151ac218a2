package org.fapipack.messagesignature;

import com.fasterxml.jackson.core.type.TypeReference;
import java.security.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fapipack.httpsignatures.VerificationKey;
import org.fapipack.httpsignatures.VerificationKeys;
import org.jboss.logging.Logger;
import org.keycloak.crypto.KeyType;
import org.keycloak.crypto.KeyWrapper;
import org.keycloak.jose.jwk.JWK;
import org.keycloak.jose.jwk.JWKBuilder;
import org.keycloak.keys.PublicKeyStorageProvider;
import org.keycloak.keys.PublicKeyStorageUtils;
import org.keycloak.keys.loader.ClientPublicKeyLoader;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.OIDCAdvancedConfigWrapper;
import org.keycloak.util.JsonSerialization;

/**
 * The signature keys of a client: those in its {@code jwks} as it is now, or those of its {@code jwks_uri}, as Keycloak loads and caches them for
 * client authentication.
 */
final class ClientSignatureKeys {

    private static final Logger LOG = Logger.getLogger(ClientSignatureKeys.class);

    private final KeycloakSession session;
    private final ClientModel client;
    private final String entry;

    ClientSignatureKeys(KeycloakSession session, ClientModel client) {
        this.session = session;
        this.client = client;
        this.entry =
                PublicKeyStorageUtils.getClientModelCacheKey(client.getRealm().getId(), client.getId());
    }

    /** All of them; none when they cannot be loaded. */
    VerificationKeys all() {
        OIDCAdvancedConfigWrapper registration = OIDCAdvancedConfigWrapper.fromClientModel(client);
        if (!registration.isUseJwksUrl() && !registration.isUseJwksString()) {
            return VerificationKeys.of(List.of());
        }
        try {
            ClientPublicKeyLoader loader = new ClientPublicKeyLoader(session, client);
            // Keycloak's cache may lag behind on another node than the one where the client was changed.
            List<KeyWrapper> keys = registration.isUseJwksUrl()
                    ? storage().getKeys(entry, loader)
                    : loader.loadKeys().getKeys();
            return VerificationKeys.of(keys.stream()
                    .map(ClientSignatureKeys::verificationKey)
                    .flatMap(Optional::stream)
                    .toList());
        } catch (Exception notLoaded) {
            LOG.warnf(notLoaded, "The keys of client %s cannot be loaded", client.getClientId());
            return VerificationKeys.of(List.of());
        }
    }

    /** Loads a {@code jwks_uri} anew, unless Keycloak did so a moment ago. Whether it is worth looking again. */
    boolean reload() {
        try {
            return OIDCAdvancedConfigWrapper.fromClientModel(client).isUseJwksUrl()
                    && storage().reloadKeys(entry, new ClientPublicKeyLoader(session, client));
        } catch (RuntimeException notLoaded) {
            LOG.warnf(notLoaded, "The keys of client %s cannot be loaded", client.getClientId());
            return false;
        }
    }

    private PublicKeyStorageProvider storage() {
        return session.getProvider(PublicKeyStorageProvider.class);
    }

    private static Optional<VerificationKey> verificationKey(KeyWrapper key) {
        try {
            JWKBuilder builder = JWKBuilder.create().kid(key.getKid()).algorithm(key.getAlgorithm());
            JWK jwk = switch (key.getType()) {
                case KeyType.RSA -> builder.rsa(key.getPublicKey());
                case KeyType.EC -> builder.ec(key.getPublicKey());
                case KeyType.OKP -> builder.okp(key.getPublicKey());
                default -> throw new IllegalArgumentException(key.getType());
            };
            return key.getPublicKey() instanceof PublicKey
                    ? VerificationKey.ofJwk(
                            JsonSerialization.mapper.convertValue(jwk, new TypeReference<Map<String, Object>>() {}))
                    : Optional.empty();
        } catch (RuntimeException unusable) {
            LOG.debugf(unusable, "A registered key cannot be used for message signatures");
            return Optional.empty();
        }
    }
}
