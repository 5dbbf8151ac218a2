package org.fapipack.consent;

import jakarta.persistence.EntityManager;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.fapipack.core.consent.ConsentDefect;
import org.fapipack.core.consent.ConsentRefusal;
import org.fapipack.core.consent.ConsentType;
import org.keycloak.common.util.Time;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;

/**
 * A client that lodges the same thing under the same key again gets what it lodged the first time, for a day. Kept in the transaction that
 * keeps the consent; the database lets one of several at a time through.
 */
final class IdempotencyKeys {

    private static final Duration LIFETIME = Duration.ofDays(1);

    private final EntityManager database;

    IdempotencyKeys(KeycloakSession session) {
        this.database = session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }

    /**
     * The consent that was lodged under the key.
     *
     * @throws ConsentRefusal if it was another body
     */
    Optional<String> find(ClientModel client, ConsentType type, String key, byte[] body) throws ConsentRefusal {
        ConsentKeyEntity known = database.find(ConsentKeyEntity.class, id(client, type, key));
        if (known == null) {
            return Optional.empty();
        }
        if (known.createdAt + LIFETIME.toSeconds() <= Time.currentTimeSeconds()) {
            forget(known);
            return Optional.empty();
        }
        if (!known.bodyHash.equals(hash(body))) {
            throw new ConsentRefusal(ConsentDefect.OTHER_BODY, "the idempotency key was used for another body");
        }
        return Optional.of(known.consentId);
    }

    /** Of two at a time that find it too old, the second finds nothing to forget, and which of them is first is seen by {@link #note}. */
    private void forget(ConsentKeyEntity old) {
        database.detach(old);
        database.createQuery("delete from FapiConsentKey k where k.id = :id and k.createdAt = :at")
                .setParameter("id", old.id)
                .setParameter("at", old.createdAt)
                .executeUpdate();
    }

    void note(ClientModel client, ConsentType type, String key, byte[] body, String consentId) {
        database.persist(new ConsentKeyEntity(id(client, type, key), consentId, hash(body), Time.currentTimeSeconds()));
        database.flush();
    }

    private static String id(ClientModel client, ConsentType type, String key) {
        return hash((client.getId() + ' ' + type.name() + ' ' + key).getBytes(StandardCharsets.UTF_8));
    }

    private static String hash(byte[] octets) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(MessageDigest.getInstance("SHA-256").digest(octets));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
