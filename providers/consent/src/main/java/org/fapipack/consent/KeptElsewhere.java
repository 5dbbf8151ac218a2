package org.fapipack.consent;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentMove;
import org.fapipack.core.consent.ConsentRefusal;
import org.fapipack.core.consent.ConsentReport;
import org.fapipack.core.consent.ConsentRequest;
import org.fapipack.core.consent.ConsentState;
import org.fapipack.core.consent.ConsentType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** The consents of a realm that a {@link ConsentSource} keeps, and the copies of them that are here. */
final class KeptElsewhere {

    /** Stands for a customer of the source who is no user here, or not one only: then nobody here is. */
    private static final String NOBODY = "-";

    /** As many writers of one consent at a time. */
    private static final int ATTEMPTS = 5;

    /** No id begins like a relative path, so that none leads to another resource. */
    private static final Pattern ID = Pattern.compile("(?!\\.{1,2}$)[\\x21-\\x7E]{1,128}");

    private final KeycloakSession session;
    private final RealmModel realm;
    private final ConsentStore store;
    private final ConsentMirror mirror;

    KeptElsewhere(KeycloakSession session, ConsentStore store) {
        this.session = session;
        this.realm = session.getContext().getRealm();
        this.store = store;
        this.mirror = new ConsentMirror(session);
    }

    /** Whether new consents of the client are kept elsewhere; those lodged here before stay here. */
    boolean keeps(ClientModel client) {
        return source().filter(source -> source.keeps(client)).isPresent();
    }

    /** Does nothing for clients whose new consents nobody judges, or are kept elsewhere. */
    void judge(ClientModel client, ConsentType type, ConsentRequest request, Optional<String> interactionId)
            throws ConsentRefusal {
        Optional<ConsentRefusal> refusal = source().filter(source -> source.judges(client))
                .flatMap(source -> source.validate(client, type, request.body(), interactionId)
                        .refusal());
        if (refusal.isPresent()) {
            throw refusal.get();
        }
    }

    boolean isAskedForTokens(ClientModel client, ConsentSource.TokenCheck use) {
        return source().filter(source -> source.keeps(client))
                .filter(source -> source.tokenCheck(client).compareTo(use) >= 0)
                .isPresent();
    }

    boolean isWhereKept(String id) {
        return store.row(realm, id).filter(row -> row.sourceVersion != null).isPresent();
    }

    /** Whether a consent of the client that is kept elsewhere can be brought to a state from here: it can be ended, no more. */
    boolean canBecome(ConsentState to, ClientModel client) {
        return isEnd(to) && keeps(client);
    }

    private static boolean isEnd(ConsentState to) {
        return to == ConsentState.REJECTED || to == ConsentState.REVOKED;
    }

    /** Makes the copy of a consent say what the source says; does nothing for consents that are kept here. */
    void look(ClientModel client, List<ConsentType> types, String id) {
        boolean keptHere =
                store.row(realm, id).filter(row -> row.sourceVersion == null).isPresent();
        String asked = KeptElsewhere.class.getName() + '/' + client.getId() + '/' + id;
        if (keptHere
                || types.isEmpty()
                || !ID.matcher(id).matches()
                || session.getAttribute(asked) != null
                || !keeps(client)
                || ConsentDeliveries.of(session, id).isPresent()) {
            return;
        }
        ConsentSource source = source().orElseThrow();
        Optional<Integer> before = version(id);
        Optional<ConsentReport> report = source.fetch(client, types, id);
        if (report.isPresent()) {
            write(source, client, report.get(), before, Optional.empty(), null, null);
        } else if (isOf(client, id)) {
            mirror.end(id, ConsentState.REVOKED, Optional.empty());
            store.refresh(id);
        }
        session.setAttribute(asked, true);
    }

    private boolean isOf(ClientModel client, String id) {
        return store.row(realm, id)
                .filter(row -> row.clientId.equals(client.getId()))
                .isPresent();
    }

    void noticedEnd(ClientModel client, String id, ConsentState state) {
        if (isOf(client, id) && keeps(client)) {
            mirror.end(id, state, Optional.empty());
            store.refresh(id);
        }
    }

    /** What time has changed. How long a customer has time to decide is the business of whoever keeps the consent. */
    ConsentEntity upToDate(ConsentType type, ConsentEntity copy, Instant now) {
        type.due(copy.state(), now, now, copy.end(), now).ifPresent(move -> {
            mirror.end(copy.id, move.to(), move.reason());
            store.refresh(copy.id);
        });
        return copy;
    }

    /** The source is told first: where it does not say yes, nobody agreed. */
    Optional<ConsentEntity> authorise(StoredConsent seen, UserModel customer, Set<String> accounts) {
        return seen(seen)
                .filter(row -> row.customerId == null || row.customerId.equals(customer.getId()))
                .filter(row -> seen.type()
                        .move(row.state(), ConsentState.AUTHORISED, ConsentActor.CUSTOMER)
                        .isPresent())
                .flatMap(row -> {
                    ClientModel client = realm.getClientById(row.clientId);
                    ConsentSource source = source().orElseThrow();
                    return source.authorise(client, seen.type(), row.id, row.sourceVersion, customer, accounts)
                            .flatMap(report -> write(
                                    source,
                                    client,
                                    report,
                                    Optional.of(seen.version()),
                                    Optional.of(customer.getId()),
                                    customer.getId(),
                                    null))
                            .filter(authorised -> !ConsentMirror.hasEnded(authorised.state()));
                });
    }

    /**
     * The source is told first: it may know a reason why not. Where it cannot be told that a consent is revoked, that holds here at once, and it is
     * told later.
     *
     * @param comment for the history; null is none
     */
    Optional<ConsentEntity> end(StoredConsent seen, ConsentState to, ConsentActor by, String actorId, String comment) {
        return store.row(realm, seen.id())
                .filter(row -> isEnd(to))
                .flatMap(row -> seen.type()
                        .move(row.state(), to, by)
                        .flatMap(move -> end(seen.type(), row, move, actorId, comment)));
    }

    private Optional<ConsentEntity> end(
            ConsentType type, ConsentEntity row, ConsentMove move, String actorId, String comment) {
        ClientModel client = realm.getClientById(row.clientId);
        ConsentSource source = source().orElseThrow();
        Optional<Integer> before = Optional.of(row.version);
        try {
            return source.end(client, type, row.id, row.sourceVersion, move.to(), move.by())
                    .flatMap(report -> write(source, client, report, before, Optional.empty(), actorId, comment));
        } catch (ConsentsUnavailable unavailable) {
            if (move.to() != ConsentState.REVOKED) {
                throw unavailable;
            }
            mirror.endFirst(row.id, move, actorId, comment, source.caller(), unavailable.reason());
            store.refresh(row.id);
            return store.row(realm, row.id).filter(ended -> ended.state() == move.to());
        }
    }

    /**
     * Tells the source that a consent is revoked here already.
     *
     * @throws ConsentsUnavailable if it does not say that it has ended there, too, or knows it no more
     */
    void deliver(ClientModel client, ConsentType type, ConsentEntity row, ConsentDeliveryEntity delivery) {
        if (!keeps(client)) {
            throw new ConsentsUnavailable("store_not_set");
        }
        ConsentSource source = source().orElseThrow().as(delivery.caller);
        ConsentActor by = ConsentActor.of(delivery.actor).orElseThrow();
        Optional<Integer> before = Optional.of(row.version);
        Optional<ConsentReport> told = source.end(client, type, row.id, row.sourceVersion, ConsentState.REVOKED, by);
        if (told.isEmpty()) {
            told = source.fetch(client, List.of(type), row.id);
            if (told.isPresent() && !ConsentMirror.hasEnded(told.get().state())) {
                // It changed there meanwhile; who revoked it did not want it, however it is now.
                String version = told.get().version();
                told = source.end(client, type, row.id, version, ConsentState.REVOKED, by);
                if (told.isEmpty()) {
                    throw new ConsentsUnavailable("store_refused");
                }
            }
        }
        told.ifPresent(report ->
                write(source, client, report, before, Optional.empty(), delivery.actorId, "delivered to the store"));
    }

    private Optional<ConsentEntity> seen(StoredConsent seen) {
        return store.row(realm, seen.id()).filter(row -> row.version == seen.version());
    }

    private Optional<Integer> version(String id) {
        return store.row(realm, id).map(row -> row.version);
    }

    /**
     * A notice of the source, or another request, may have changed the copy while this report was on its way, and the report be the older of the two.
     *
     * @param before version of the copy when the source was asked
     */
    private Optional<ConsentEntity> write(
            ConsentSource source,
            ClientModel client,
            ConsentReport report,
            Optional<Integer> before,
            Optional<String> decidedBy,
            String actorId,
            String comment) {
        Optional<ConsentReport> latest = Optional.of(report);
        Optional<Integer> copied = before;
        for (int i = 0; i < ATTEMPTS && latest.isPresent(); i++) {
            ConsentReport written = latest.get();
            Optional<String> customerId = decidedBy.isPresent()
                    ? decidedBy
                    : written.customer()
                            .map(named -> source.customer(client, named)
                                    .map(UserModel::getId)
                                    .orElse(NOBODY));
            boolean isDone = mirror.write(client, written, copied, customerId, actorId, comment);
            store.refresh(written.id());
            if (isDone) {
                return store.row(realm, written.id());
            }
            copied = version(written.id());
            latest = source.fetch(client, List.of(written.type()), written.id());
        }
        throw new ConsentsUnavailable("copy_contended");
    }

    /** The server has one; a JAR cannot be installed by halves. */
    private Optional<ConsentSource> source() {
        return Optional.ofNullable(session.getProvider(ConsentSource.class));
    }
}
