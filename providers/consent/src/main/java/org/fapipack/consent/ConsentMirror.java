package org.fapipack.consent;

import jakarta.persistence.EntityManager;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentMove;
import org.fapipack.core.consent.ConsentReport;
import org.fapipack.core.consent.ConsentState;
import org.jboss.logging.Logger;
import org.keycloak.common.util.Time;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;

/**
 * Copies of consents that a {@link ConsentSource} keeps. Each is written in a transaction of its own: what the source said stays true, also
 * when the request that asked is refused. Of several writers at a time, on whatever node, one changes the row, and the others what is left to
 * change.
 */
final class ConsentMirror {

    /** The writers of one consent are few; each round one of them is done. */
    private static final int ATTEMPTS = 5;

    private static final Logger LOG = Logger.getLogger(ConsentMirror.class);

    private final KeycloakSessionFactory sessions;
    private final String realmId;

    ConsentMirror(KeycloakSession session) {
        this.sessions = session.getKeycloakSessionFactory();
        this.realmId = session.getContext().getRealm().getId();
    }

    /**
     * Makes the copy say what the source says.
     *
     * @param before version of the copy when the source was asked; empty where there was none
     * @param customerId internal id of the user whose consent it is, where that is known
     * @param comment for the history; null is none
     * @return false when somebody changed the copy since, so that the report may be the older one: the source has to be asked again
     * @throws ConsentsUnavailable if there is a consent with that id already that the source does not keep
     */
    boolean write(
            ClientModel client,
            ConsentReport report,
            Optional<Integer> before,
            Optional<String> customerId,
            String actorId,
            String comment) {
        AtomicBoolean isDoubtful = new AtomicBoolean();
        attempt((store, database) -> {
            ConsentEntity row = database.find(ConsentEntity.class, report.id());
            if (row == null) {
                insert(store, database, client, report, customerId);
                return true;
            }
            if (!row.realmId.equals(realmId) || !row.clientId.equals(client.getId()) || row.sourceVersion == null) {
                LOG.warnf(
                        "consent id %s is taken: it cannot be another one of client %s",
                        report.id(), client.getClientId());
                throw new ConsentsUnavailable("id_taken");
            }
            // What has ended here stays so, although the source has not been told.
            boolean isOlder = !hasEnded(report.state()) && ConsentDeliveries.isPending(database, row.id);
            if (isOlder || isSame(database, row, report, customerId)) {
                return true;
            }
            if (!before.equals(Optional.of(row.version))) {
                isDoubtful.set(true);
                return true;
            }
            return isChanged(store, database, row, report, customerId, actorId, comment);
        });
        return !isDoubtful.get();
    }

    /** The consent is good for nothing: the source knows it no more, or says that it has ended, or time has passed. */
    void end(String id, ConsentState state, Optional<String> reason) {
        attempt((store, database) -> {
            ConsentEntity row = database.find(ConsentEntity.class, id);
            if (row == null || row.sourceVersion == null || !row.realmId.equals(realmId)) {
                return true;
            }
            // What was revoked can expire; else what has ended stays as it ended.
            if (row.state() == state || (hasEnded(row.state()) && state != ConsentState.EXPIRED)) {
                return true;
            }
            String from = row.state;
            row.state = state.key();
            row.updatedBy = ConsentActor.SERVER.key();
            row.reason = reason.orElse(null);
            return isWritten(store, database, row, from, null, null);
        });
    }

    /**
     * Somebody ends the consent, and the source cannot be told: here it has ended, and the source will be told.
     *
     * @param caller by what name the source knows this server
     * @param why the source cannot be told, a code
     */
    void endFirst(String id, ConsentMove move, String actorId, String comment, String caller, String why) {
        attempt((store, database) -> {
            ConsentEntity row = database.find(ConsentEntity.class, id);
            if (row == null
                    || row.sourceVersion == null
                    || !row.realmId.equals(realmId)
                    || row.state() != move.from()) {
                return true;
            }
            String from = row.state;
            row.state = move.to().key();
            row.updatedBy = move.by().key();
            row.reason = move.reason().orElse(null);
            if (!isWritten(store, database, row, from, actorId, comment)) {
                return false;
            }
            database.persist(new ConsentDeliveryEntity(row, caller, actorId, why, now().getEpochSecond()));
            return true;
        });
    }

    static boolean hasEnded(ConsentState state) {
        return switch (state) {
            case REJECTED, REVOKED, EXPIRED, CONSUMED -> true;
            case AWAITING, PARTIALLY_AUTHORISED, AUTHORISED, SUSPENDED -> false;
        };
    }

    @FunctionalInterface
    private interface Write {
        /** Whether it is done; otherwise somebody else wrote at the same time. */
        boolean on(ConsentStore store, EntityManager database);
    }

    private void attempt(Write write) {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            if (isDone(write, attempt == ATTEMPTS)) {
                return;
            }
        }
        throw new ConsentsUnavailable("copy_contended");
    }

    /** Two that insert one row at a time: the database refuses the second, who then finds the row. */
    private boolean isDone(Write write, boolean last) {
        try {
            return KeycloakModelUtils.runJobInTransactionWithResult(sessions, session -> {
                RealmModel realm = session.realms().getRealm(realmId);
                session.getContext().setRealm(realm);
                return write.on(
                        new ConsentStore(session),
                        session.getProvider(JpaConnectionProvider.class).getEntityManager());
            });
        } catch (ConsentsUnavailable refused) {
            throw refused;
        } catch (RuntimeException refusedByTheDatabase) {
            if (last) {
                throw refusedByTheDatabase;
            }
            return false;
        }
    }

    private void insert(
            ConsentStore store,
            EntityManager database,
            ClientModel client,
            ConsentReport report,
            Optional<String> customerId) {
        ConsentEntity row = new ConsentEntity();
        row.id = report.id();
        row.realmId = realmId;
        row.clientId = client.getId();
        row.type = report.type().name();
        row.createdAt = report.created().getEpochSecond();
        row.grantNumber = report.state() == ConsentState.AUTHORISED ? 1 : 0;
        copy(report, customerId, row);
        row.updatedAt = now().getEpochSecond();
        database.persist(row);
        database.flush();
        store.note(row, null, ConsentActor.of(row.updatedBy).orElseThrow(), null, null);
        setAccounts(database, row.id, report.accounts());
        database.flush();
    }

    private static void copy(ConsentReport report, Optional<String> customerId, ConsentEntity row) {
        Optional<ConsentMove> due = due(report);
        row.state = due.map(ConsentMove::to).orElse(report.state()).key();
        row.updatedBy = due.map(ConsentMove::by).orElse(report.updatedBy()).key();
        row.reason = due.isPresent()
                ? due.get().reason().orElse(null)
                : report.reason().orElse(null);
        row.endsAt = report.end().map(Instant::getEpochSecond).orElse(null);
        row.body = report.body();
        row.sourceVersion = report.version();
        customerId.ifPresent(id -> row.customerId = id);
    }

    /** The end has passed here, whether or not the source has noticed. */
    private static Optional<ConsentMove> due(ConsentReport report) {
        return report.type().due(report.state(), now(), now(), report.end(), now());
    }

    private static boolean isSame(
            EntityManager database, ConsentEntity row, ConsentReport report, Optional<String> customerId) {
        return row.sourceVersion.equals(report.version())
                && row.state.equals(
                        due(report).map(ConsentMove::to).orElse(report.state()).key())
                && row.type.equals(report.type().name())
                && row.body.equals(report.body())
                && Objects.equals(
                        row.endsAt, report.end().map(Instant::getEpochSecond).orElse(null))
                && (customerId.isEmpty() || customerId.get().equals(row.customerId))
                && accounts(database, row.id).equals(report.accounts());
    }

    private static boolean isChanged(
            ConsentStore store,
            EntityManager database,
            ConsentEntity row,
            ConsentReport report,
            Optional<String> customerId,
            String actorId,
            String comment) {
        String from = row.state;
        copy(report, customerId, row);
        row.type = report.type().name();
        if (!isWritten(store, database, row, from, actorId, comment)) {
            return false;
        }
        setAccounts(database, row.id, report.accounts());
        return true;
    }

    /** One statement that compares the version; the row is not kept in memory, so nothing else writes it. */
    private static boolean isWritten(
            ConsentStore store,
            EntityManager database,
            ConsentEntity row,
            String from,
            String actorId,
            String comment) {
        int version = row.version;
        database.detach(row);
        row.version = version + 1;
        if (ConsentEntity.isGrant(ConsentState.of(from).orElseThrow(), row.state())) {
            row.grantNumber++;
        }
        row.updatedAt = now().getEpochSecond();
        int written = database.createQuery("""
                        update FapiConsent c set c.state = :state, c.reason = :reason, c.updatedBy = :by, c.updatedAt = :at, c.endsAt = :end,
                        c.body = :body, c.type = :type, c.customerId = :customer, c.sourceVersion = :source,
                        c.grantNumber = :grant, c.version = :next
                        where c.id = :id and c.version = :version""")
                .setParameter("state", row.state)
                .setParameter("reason", row.reason)
                .setParameter("by", row.updatedBy)
                .setParameter("at", row.updatedAt)
                .setParameter("end", row.endsAt)
                .setParameter("body", row.body)
                .setParameter("type", row.type)
                .setParameter("customer", row.customerId)
                .setParameter("source", row.sourceVersion)
                .setParameter("grant", row.grantNumber)
                .setParameter("next", row.version)
                .setParameter("id", row.id)
                .setParameter("version", version)
                .executeUpdate();
        if (written == 1) {
            store.note(
                    row,
                    ConsentState.of(from).orElseThrow(),
                    ConsentActor.of(row.updatedBy).orElseThrow(),
                    actorId,
                    comment);
        }
        return written == 1;
    }

    private static Set<String> accounts(EntityManager database, String id) {
        return Set.copyOf(database.createQuery(
                        "select a.accountId from FapiConsentAccount a where a.consentId = :id", String.class)
                .setParameter("id", id)
                .getResultList());
    }

    private static void setAccounts(EntityManager database, String id, Set<String> accounts) {
        database.createQuery("delete from FapiConsentAccount a where a.consentId = :id")
                .setParameter("id", id)
                .executeUpdate();
        accounts.forEach(account -> database.persist(new ConsentAccountEntity(id, account)));
    }

    private static Instant now() {
        return Instant.ofEpochMilli(Time.currentTimeMillis());
    }
}
