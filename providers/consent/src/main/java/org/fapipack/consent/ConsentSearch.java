package org.fapipack.consent;

import jakarta.persistence.EntityManager;
import jakarta.persistence.Query;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fapipack.core.consent.ConsentState;
import org.keycloak.connections.jpa.JpaConnectionProvider;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** Some consents of a realm, as they are in the database, latest first. Every combination that is asked for has an index. */
final class ConsentSearch {

    /** Nobody turns pages further than this, and no more are counted: a list costs the same however many consents there are. */
    static final int MAX_COUNTED = 10_000;

    /** The customer gave it, or may have to decide on it. */
    private static final List<ConsentState> IN_FORCE = List.of(
            ConsentState.AWAITING, ConsentState.PARTIALLY_AUTHORISED, ConsentState.AUTHORISED, ConsentState.SUSPENDED);

    /** Whether a consent is in force as far as its state says so. */
    static boolean isInForce(ConsentState state) {
        return IN_FORCE.contains(state);
    }

    private final EntityManager database;
    private final StringBuilder where = new StringBuilder("c.realmId = :realm");
    private final Map<String, Object> values = new LinkedHashMap<>();

    ConsentSearch(KeycloakSession session, RealmModel realm) {
        this.database = session.getProvider(JpaConnectionProvider.class).getEntityManager();
        values.put("realm", realm.getId());
    }

    ConsentSearch ofCustomer(UserModel customer) {
        return and("c.customerId = :customer", "customer", customer.getId());
    }

    ConsentSearch ofClient(ClientModel client) {
        return and("c.clientId = :client", "client", client.getId());
    }

    ConsentSearch inState(ConsentState state) {
        return and("c.state = :state", "state", state.key());
    }

    /** Not ended, and with its end, if it has one, ahead. Who shows what this finds looks at it as of the same moment. */
    ConsentSearch inForce(Instant now) {
        values.put("now", now.getEpochSecond());
        return and("c.state in (:states) and (c.endsAt is null or c.endsAt > :now)", "states", keys(IN_FORCE));
    }

    /** All others. */
    ConsentSearch ended(Instant now) {
        values.put("now", now.getEpochSecond());
        return and("(c.state not in (:states) or c.endsAt <= :now)", "states", keys(IN_FORCE));
    }

    private ConsentSearch and(String condition, String name, Object value) {
        where.append(" and ").append(condition);
        values.put(name, value);
        return this;
    }

    List<ConsentEntity> page(int first, int max) {
        return with(database.createQuery(
                        "select c from FapiConsent c where " + where + " order by c.createdAt desc, c.id",
                        ConsentEntity.class))
                .setFirstResult(first)
                .setMaxResults(max)
                .getResultList();
    }

    /** How many there are, at most {@link #MAX_COUNTED}. */
    int count() {
        return with(database.createQuery(
                        "select count(*) from (select c.id as id from FapiConsent c where " + where
                                + " order by c.createdAt desc fetch first " + MAX_COUNTED + " rows only) counted",
                        Long.class))
                .getSingleResult()
                .intValue();
    }

    private <Q extends Query> Q with(Q query) {
        values.forEach(query::setParameter);
        return query;
    }

    private static Collection<String> keys(List<ConsentState> states) {
        return states.stream().map(ConsentState::key).toList();
    }
}
