package org.fapipack.consent;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fapipack.core.consent.ConsentExtension;
import org.fapipack.core.consent.ConsentRefusal;
import org.fapipack.core.consent.ConsentType;
import org.fapipack.core.consent.ConsentView;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * Consents that are kept here and come to last longer. A new end is one statement that compares the version, as every change in
 * {@link ConsentStore} is; it is written down in the same transaction. The state stays as it is, and so do tokens.
 */
final class ConsentExtensions {

    private final RealmModel realm;
    private final ConsentStore store;
    private final EntityManager database;

    ConsentExtensions(KeycloakSession session, ConsentStore store) {
        this.realm = session.getContext().getRealm();
        this.store = store;
        this.database = session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }

    /**
     * Gives a consent a new end.
     *
     * @param known of the client, as it is now
     * @param customer whose access token the client has
     * @return empty if the consent changed meanwhile
     * @throws ConsentRefusal if the type does not let it
     */
    Optional<ConsentView> extend(
            ConsentType type, ConsentView known, ConsentExtension wanted, UserModel customer, String clientId)
            throws ConsentRefusal {
        Instant now = ConsentStore.now();
        Optional<Instant> end = type.extend(
                known,
                number(known.id()),
                wanted,
                attribute -> customer.getAttributeStream(attribute).toList(),
                now);
        ConsentEntity row = store.row(realm, known.id()).orElseThrow();
        long at = now.getEpochSecond();
        int extended = database.createQuery(
                        "update FapiConsent c set c.endsAt = :end, c.updatedAt = :at, c.version = c.version + 1"
                                + " where c.id = :id and c.version = :version")
                .setParameter("end", end.map(Instant::getEpochSecond).orElse(null))
                .setParameter("at", at)
                .setParameter("id", row.id)
                .setParameter("version", row.version)
                .executeUpdate();
        database.refresh(row);
        if (extended == 0) {
            return Optional.empty();
        }
        store.noteExtension(
                row, clientId, type.entry(wanted, Instant.ofEpochSecond(at), row.end(), known.end()), known.end());
        return Optional.of(row.view());
    }

    private long number(String id) {
        return database.createQuery(
                        "select count(*) from FapiConsentEvent e where e.consentId = :id and e.extension is not null",
                        Long.class)
                .setParameter("id", id)
                .getSingleResult();
    }

    /** What the list of the consent shows, latest first. */
    List<String> entries(String id) {
        return database.createQuery(
                        "select e.extension from FapiConsentEvent e where e.consentId = :id and e.extension is not null"
                                + " order by e.version desc",
                        String.class)
                .setParameter("id", id)
                .getResultList();
    }

    /** Whether the consent would have ended then, and came to last longer. */
    boolean isFormerEnd(String id, long seconds) {
        return !database.createQuery(
                        "select e.id from FapiConsentEvent e where e.consentId = :id and e.previousEnd = :end",
                        String.class)
                .setParameter("id", id)
                .setParameter("end", seconds)
                .setMaxResults(1)
                .getResultList()
                .isEmpty();
    }
}
