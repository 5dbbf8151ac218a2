package org.fapipack.consent;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentMove;
import org.fapipack.core.consent.ConsentRequest;
import org.fapipack.core.consent.ConsentState;
import org.fapipack.core.consent.ConsentType;
import org.fapipack.core.consent.ConsentView;
import org.keycloak.common.util.SecretGenerator;
import org.keycloak.common.util.Time;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * The consents of a realm. A change of state is one statement that compares the version, so of several at a time, on whatever node, one
 * succeeds; it is written down in the same transaction. What time has changed is changed when a consent is looked at.
 */
final class ConsentStore {

    /** Of 62 characters each: 160 bits. */
    private static final int RANDOM_CHARACTERS = 27;

    private final EntityManager database;

    ConsentStore(KeycloakSession session) {
        this.database = session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }

    /** Keeps a new consent. */
    ConsentView lodge(RealmModel realm, ClientModel client, ConsentType type, ConsentRequest request) {
        ConsentEntity consent = new ConsentEntity();
        consent.id = type.idPrefix() + SecretGenerator.getInstance().randomString(RANDOM_CHARACTERS);
        consent.realmId = realm.getId();
        consent.clientId = client.getId();
        consent.type = type.name();
        consent.state = ConsentState.AWAITING.key();
        consent.updatedBy = ConsentActor.CLIENT.key();
        consent.createdAt = now().getEpochSecond();
        consent.updatedAt = consent.createdAt;
        consent.endsAt = request.end().map(Instant::getEpochSecond).orElse(null);
        consent.body = request.body();
        database.persist(consent);
        database.flush();
        note(consent, null, ConsentActor.CLIENT, client.getId(), null);
        return consent.view();
    }

    /** The consent of that client and type as it is now. */
    Optional<ConsentView> find(RealmModel realm, ClientModel client, ConsentType type, String id) {
        return own(realm, id)
                .filter(consent -> consent.clientId.equals(client.getId()) && consent.type.equals(type.name()))
                .map(consent -> upToDate(type, consent))
                .filter(consent -> !isForgotten(type, consent))
                .map(ConsentEntity::view);
    }

    /**
     * Moves the consent of a client, if the type lets the actor do so from where the consent is now. Of several at a time, one succeeds.
     *
     * @return the moved consent, or empty when it cannot be moved
     */
    Optional<ConsentView> move(
            RealmModel realm, ConsentType type, ConsentView known, ConsentState to, ConsentActor by, String actorId) {
        return move(realm, type, known, to, by, actorId, null);
    }

    /** The same, with a comment in the history; null is none. */
    Optional<ConsentView> move(
            RealmModel realm,
            ConsentType type,
            ConsentView known,
            ConsentState to,
            ConsentActor by,
            String actorId,
            String comment) {
        return own(realm, known.id())
                .map(consent -> upToDate(type, consent))
                .filter(consent -> !isForgotten(type, consent))
                .flatMap(consent -> type.move(consent.state(), to, by)
                        .filter(move -> isMoved(consent, move, actorId, comment))
                        .map(move -> consent.view()));
    }

    /**
     * Notes that a customer agrees, and to which accounts. Of several at a time, one succeeds; none does when the consent changed since it was
     * seen.
     *
     * @return the consent in force, or empty when the customer cannot agree to it, or not any more
     */
    Optional<ConsentEntity> authorise(RealmModel realm, StoredConsent seen, UserModel customer, Set<String> accounts) {
        return own(realm, seen.id())
                .map(consent -> upToDate(seen.type(), consent))
                .filter(consent -> !isForgotten(seen.type(), consent))
                .filter(consent -> consent.version == seen.version())
                .filter(consent -> consent.customerId == null || consent.customerId.equals(customer.getId()))
                .filter(consent -> seen.type()
                        .move(consent.state(), ConsentState.AUTHORISED, ConsentActor.CUSTOMER)
                        .filter(move -> isMoved(consent, move, customer.getId()))
                        .isPresent())
                .map(consent -> {
                    choose(consent, customer, accounts);
                    return consent;
                });
    }

    private void choose(ConsentEntity consent, UserModel customer, Set<String> accounts) {
        database.createQuery("update FapiConsent c set c.customerId = :customer where c.id = :id")
                .setParameter("customer", customer.getId())
                .setParameter("id", consent.id)
                .executeUpdate();
        database.createQuery("delete from FapiConsentAccount a where a.consentId = :id")
                .setParameter("id", consent.id)
                .executeUpdate();
        accounts.forEach(account -> database.persist(new ConsentAccountEntity(consent.id, account)));
        database.flush();
        database.refresh(consent);
    }

    /** The accounts that a customer chose. */
    Set<String> accounts(String id) {
        return Set.copyOf(database.createQuery(
                        "select a.accountId from FapiConsentAccount a where a.consentId = :id", String.class)
                .setParameter("id", id)
                .getResultList());
    }

    /** Which accounts a customer chose for each of the consents that have any; what it costs does not depend on how many they are. */
    Map<String, ChosenAccounts> accounts(Collection<String> ids) {
        return database.createQuery(
                        "select a.consentId, min(a.accountId), max(a.accountId), count(*) from FapiConsentAccount a"
                                + " where a.consentId in (:ids) group by a.consentId",
                        Object[].class)
                .setParameter("ids", ids)
                .getResultStream()
                .collect(Collectors.toMap(
                        row -> (String) row[0],
                        row -> ChosenAccounts.between((String) row[1], (String) row[2], (Long) row[3])));
    }

    /** The consents a customer decided on, latest first, as they are in the database. */
    List<ConsentEntity> ofCustomer(RealmModel realm, UserModel customer, int first, int max) {
        return database.createQuery(
                        "select c from FapiConsent c where c.realmId = :realm and c.customerId = :customer"
                                + " order by c.createdAt desc, c.id",
                        ConsentEntity.class)
                .setParameter("realm", realm.getId())
                .setParameter("customer", customer.getId())
                .setFirstResult(first)
                .setMaxResults(max)
                .getResultList();
    }

    /** The changes of a consent, first to last. */
    List<ConsentEventEntity> history(String id) {
        return database.createQuery(
                        "select e from FapiConsentEvent e where e.consentId = :id order by e.version",
                        ConsentEventEntity.class)
                .setParameter("id", id)
                .getResultList();
    }

    /** Whether all changes after a version of the consent are the actor's. */
    boolean isChangedByNobodyBut(ConsentActor actor, String id, int version) {
        return database.createQuery(
                        "select e.id from FapiConsentEvent e"
                                + " where e.consentId = :id and e.version > :version and e.actor <> :actor",
                        String.class)
                .setParameter("id", id)
                .setParameter("version", version)
                .setParameter("actor", actor.key())
                .setMaxResults(1)
                .getResultList()
                .isEmpty();
    }

    /** A consent that is kept here and nowhere else, so that it is changed here. */
    private Optional<ConsentEntity> own(RealmModel realm, String id) {
        return row(realm, id).filter(consent -> consent.sourceVersion == null);
    }

    /** A consent of the realm, whoever lodged it, as it is in the database. */
    Optional<ConsentEntity> row(RealmModel realm, String id) {
        return Optional.ofNullable(database.find(ConsentEntity.class, id))
                .filter(consent -> consent.realmId.equals(realm.getId()));
    }

    void forget(RealmModel realm) {
        database.createQuery("delete from FapiConsent c where c.realmId = :realm")
                .setParameter("realm", realm.getId())
                .executeUpdate();
    }

    void forget(RealmModel realm, ClientModel client) {
        database.createQuery("delete from FapiConsent c where c.realmId = :realm and c.clientId = :client")
                .setParameter("realm", realm.getId())
                .setParameter("client", client.getId())
                .executeUpdate();
    }

    void forget(RealmModel realm, UserModel customer) {
        database.createQuery("delete from FapiConsent c where c.realmId = :realm and c.customerId = :customer")
                .setParameter("realm", realm.getId())
                .setParameter("customer", customer.getId())
                .executeUpdate();
    }

    /** Whoever comes second finds what the first did. */
    ConsentEntity upToDate(ConsentType type, ConsentEntity consent) {
        return upToDate(type, consent, now());
    }

    ConsentEntity upToDate(ConsentType type, ConsentEntity consent, Instant now) {
        if (!isForgotten(type, consent)) {
            type.due(consent.state(), consent.created(), consent.agreed(), consent.end(), now)
                    .ifPresent(move -> isMoved(consent, move, null));
        }
        return consent;
    }

    private static boolean isForgotten(ConsentType type, ConsentEntity consent) {
        return type.isForgotten(
                consent.state(), ConsentActor.of(consent.updatedBy).orElseThrow());
    }

    private boolean isMoved(ConsentEntity consent, ConsentMove move, String actorId) {
        return isMoved(consent, move, actorId, null);
    }

    private boolean isMoved(ConsentEntity consent, ConsentMove move, String actorId, String comment) {
        long at = now().getEpochSecond();
        boolean grant = ConsentEntity.isGrant(move.from(), move.to());
        boolean agreed = grant
                || (move.by() == ConsentActor.CUSTOMER
                        && (move.to() == ConsentState.AUTHORISED || move.to() == ConsentState.PARTIALLY_AUTHORISED));
        int moved = database.createQuery("""
            update FapiConsent c set c.state = :state, c.reason = :reason, c.updatedBy = :by, c.updatedAt = :at,
            c.agreedAt = :agreed, c.grantNumber = :grant, c.version = c.version + 1
            where c.id = :id and c.version = :version\
            """)
                .setParameter("state", move.to().key())
                .setParameter("reason", move.reason().orElse(null))
                .setParameter("by", move.by().key())
                .setParameter("at", at)
                .setParameter("agreed", agreed ? (Long) at : consent.agreedAt)
                .setParameter("grant", consent.grantNumber + (grant ? 1 : 0))
                .setParameter("id", consent.id)
                .setParameter("version", consent.version)
                .executeUpdate();
        database.refresh(consent);
        if (moved == 1) {
            note(consent, move.from(), move.by(), actorId, comment);
        }
        return moved == 1;
    }

    void note(ConsentEntity consent, ConsentState from, ConsentActor by, String actorId, String comment) {
        database.persist(event(consent, from, by, actorId, comment));
        ConsentMeters.changed(consent.type, Optional.ofNullable(from), consent.state(), by);
    }

    /**
     * Writes down that a client had a consent last longer.
     *
     * @param entry what it will read of it
     * @param oldEnd when the consent would have ended
     */
    void noteExtension(ConsentEntity consent, String clientId, String entry, Optional<Instant> oldEnd) {
        ConsentEventEntity event = event(consent, consent.state(), ConsentActor.CLIENT, clientId, null);
        event.extension = entry;
        event.previousEnd = oldEnd.map(Instant::getEpochSecond).orElse(null);
        database.persist(event);
    }

    private static ConsentEventEntity event(
            ConsentEntity consent, ConsentState from, ConsentActor by, String actorId, String comment) {
        ConsentEventEntity event = new ConsentEventEntity();
        event.id = SecretGenerator.getInstance().generateSecureID();
        event.consentId = consent.id;
        event.version = consent.version;
        event.happenedAt = consent.updatedAt;
        event.actor = by.key();
        event.actorId = actorId;
        event.fromState = from == null ? null : from.key();
        event.toState = consent.state;
        event.reason = consent.reason;
        event.comment = comment;
        return event;
    }

    /** Reads a row again that another transaction may have written. */
    void refresh(String id) {
        ConsentEntity known = database.find(ConsentEntity.class, id);
        if (known != null) {
            database.refresh(known);
        }
    }

    static Instant now() {
        return Instant.ofEpochMilli(Time.currentTimeMillis());
    }
}
