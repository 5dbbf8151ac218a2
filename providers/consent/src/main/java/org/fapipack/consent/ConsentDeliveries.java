package org.fapipack.consent;

import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.keycloak.common.util.Time;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.services.scheduled.ClusterAwareScheduledTaskRunner;
import org.keycloak.services.scheduled.ScheduledTaskRunner;
import org.keycloak.timer.ScheduledTask;
import org.keycloak.timer.TimerProvider;

/**
 * Tells sources later what they could not be told when it was decided: that a consent is revoked. Each is told at least once; a source that was told
 * already finds the same call again. Until then, here is the truth: nothing that the source says makes such a consent good again.
 */
public final class ConsentDeliveries {

    /** Of one run of the task; the next one goes on. */
    private static final int MAX_AT_A_TIME = 100;

    private static final Logger LOG = Logger.getLogger(ConsentDeliveries.class);

    private final KeycloakSessionFactory sessions;
    private final Duration interval;

    /** As this node last saw it. */
    private final AtomicInteger pending = new AtomicInteger();

    private ConsentDeliveries(KeycloakSessionFactory sessions, Duration interval) {
        this.sessions = sessions;
        this.interval = interval;
    }

    /**
     * Starts to deliver, on one node of the cluster at a time.
     *
     * @param interval how often is looked; also the wait after the first failure
     */
    public static void schedule(KeycloakSessionFactory sessions, Duration interval) {
        ConsentDeliveries deliveries = new ConsentDeliveries(sessions, interval);
        KeycloakModelUtils.runJobInTransaction(sessions, session -> {
            TimerProvider timer = session.getProvider(TimerProvider.class);
            timer.schedule(
                    new ClusterAwareScheduledTaskRunner(
                            sessions, new Task("fapi-consent-deliveries", deliveries::deliver), interval.toMillis()),
                    interval.toMillis());
            // Each node shows the number.
            timer.schedule(
                    new ScheduledTaskRunner(sessions, new Task("fapi-consent-deliveries-count", deliveries::count)),
                    interval.toMillis());
        });
        ConsentMeters.pendingDeliveries(deliveries.pending);
    }

    /** What a source has not been told of a consent. */
    static Optional<PendingDelivery> of(KeycloakSession session, String consentId) {
        return Optional.ofNullable(database(session).find(ConsentDeliveryEntity.class, consentId))
                .map(PendingDelivery::of);
    }

    /** Those of several consents that have not been told, by id. */
    static Map<String, PendingDelivery> of(KeycloakSession session, Collection<String> consentIds) {
        return consentIds.isEmpty()
                ? Map.of()
                : database(session)
                        .createQuery(
                                "select d from FapiConsentDelivery d where d.consentId in (:ids)",
                                ConsentDeliveryEntity.class)
                        .setParameter("ids", consentIds)
                        .getResultStream()
                        .collect(Collectors.toMap(delivery -> delivery.consentId, PendingDelivery::of));
    }

    /** Whether a source has not been told yet that a consent has ended. */
    static boolean isPending(EntityManager database, String consentId) {
        return database.find(ConsentDeliveryEntity.class, consentId) != null;
    }

    private void count(KeycloakSession session) {
        pending.set(database(session)
                .createQuery("select count(d) from FapiConsentDelivery d", Long.class)
                .getSingleResult()
                .intValue());
    }

    private void deliver(KeycloakSession session) {
        database(session)
                .createQuery(
                        "select d.consentId from FapiConsentDelivery d where d.nextAt <= :now order by d.nextAt",
                        String.class)
                .setParameter("now", now().getEpochSecond())
                .setMaxResults(MAX_AT_A_TIME)
                .getResultList()
                .forEach(this::deliver);
    }

    /** Three transactions: none is open while the source is called, and what one delivery comes to is not lost with another. */
    private void deliver(String consentId) {
        inTransaction(session -> claimed(session, consentId)).ifPresent(delivery -> {
            Optional<String> failure = told(delivery);
            inTransaction(
                    session -> failure.isEmpty() ? done(session, delivery) : failed(session, delivery, failure.get()));
        });
    }

    /** The delivery, for whoever counts the attempt first; should this node stop now, it is tried again all the same. */
    private Optional<ConsentDeliveryEntity> claimed(KeycloakSession session, String consentId) {
        EntityManager database = database(session);
        ConsentDeliveryEntity delivery = database.find(ConsentDeliveryEntity.class, consentId);
        if (delivery == null || delivery.nextAt == null) {
            return Optional.empty();
        }
        database.detach(delivery);
        int attempts = delivery.attempts;
        delivery.attempts = attempts + 1;
        delivery.nextAt = DeliveryWait.next(
                        interval, delivery.attempts, Instant.ofEpochSecond(delivery.createdAt), now())
                .map(Instant::getEpochSecond)
                .orElse(null);
        int written = database.createQuery("""
                        update FapiConsentDelivery d set d.attempts = :attempts, d.nextAt = :next
                        where d.consentId = :id and d.attempts = :known""")
                .setParameter("attempts", delivery.attempts)
                .setParameter("next", delivery.nextAt)
                .setParameter("id", consentId)
                .setParameter("known", attempts)
                .executeUpdate();
        return written == 1 ? Optional.of(delivery) : Optional.empty();
    }

    /** Why the source could not be told; empty when it was. */
    private Optional<String> told(ConsentDeliveryEntity delivery) {
        try {
            return inTransaction(session -> {
                RealmModel realm = session.realms().getRealm(delivery.realmId);
                session.getContext().setRealm(realm);
                Consents.of(session).deliver(delivery);
                return Optional.<String>empty();
            });
        } catch (ConsentsUnavailable unavailable) {
            return Optional.of(unavailable.reason());
        } catch (RuntimeException failed) {
            LOG.errorf(failed, "the end of consent %s cannot be delivered", delivery.consentId);
            return Optional.of("server_error");
        }
    }

    private static boolean done(KeycloakSession session, ConsentDeliveryEntity delivery) {
        ConsentMeters.delivery("delivered");
        LOG.infof("the end of consent %s was delivered", delivery.consentId);
        return database(session)
                        .createQuery("delete from FapiConsentDelivery d where d.consentId = :id")
                        .setParameter("id", delivery.consentId)
                        .executeUpdate()
                == 1;
    }

    private static boolean failed(KeycloakSession session, ConsentDeliveryEntity delivery, String reason) {
        if (delivery.nextAt == null) {
            ConsentMeters.delivery("given_up");
            LOG.errorf("the end of consent %s is not delivered: given up, %s", delivery.consentId, reason);
        } else {
            ConsentMeters.delivery("failed");
        }
        return database(session)
                        .createQuery("update FapiConsentDelivery d set d.reason = :reason where d.consentId = :id")
                        .setParameter("reason", reason)
                        .setParameter("id", delivery.consentId)
                        .executeUpdate()
                == 1;
    }

    private <T> T inTransaction(Function<KeycloakSession, T> work) {
        return KeycloakModelUtils.runJobInTransactionWithResult(sessions, work::apply);
    }

    private static EntityManager database(KeycloakSession session) {
        return session.getProvider(JpaConnectionProvider.class).getEntityManager();
    }

    private static Instant now() {
        return Instant.ofEpochMilli(Time.currentTimeMillis());
    }

    @FunctionalInterface
    private interface Work {
        void in(KeycloakSession session);
    }

    /** Keycloak tells tasks apart by their names. */
    private record Task(String name, Work work) implements ScheduledTask {

        @Override
        public void run(KeycloakSession session) {
            work.in(session);
        }

        @Override
        public String getTaskName() {
            return name;
        }
    }
}
