package org.fapipack.consent;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentRefusal;
import org.fapipack.core.consent.ConsentRequest;
import org.fapipack.core.consent.ConsentState;
import org.fapipack.core.consent.ConsentType;
import org.fapipack.executor.RealmPolicies;
import org.fapipack.executor.RulesInForce;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/** The consents of the realm of a request, and the types that its policies describe. Whoever asks finds them as they are now. */
public final class Consents {

    /** The client attribute of applications of the bank itself, which get guarded scopes without a consent where it is {@code true}. */
    private static final String EXEMPT = "fapi.consent.exempt";

    private final KeycloakSession session;
    private final RealmModel realm;
    private final ConsentStore store;
    private final KeptElsewhere elsewhere;

    private Consents(KeycloakSession session) {
        this.session = session;
        this.realm = session.getContext().getRealm();
        this.store = new ConsentStore(session);
        this.elsewhere = new KeptElsewhere(session, store);
    }

    public static Consents of(KeycloakSession session) {
        return new Consents(session);
    }

    /** Whether some client of the realm may lodge consents. */
    public static boolean areUsedIn(KeycloakSession session) {
        return RealmPolicies.mention(session, session.getContext().getRealm(), ConsentExecutorFactory.ID);
    }

    /** The types of consent that a client may lodge; none when it has not opted in. */
    public List<ConsentType> typesOf(ClientModel client) {
        return areUsedIn(session)
                ? RulesInForce.find(session, client, ConsentRules.class)
                        .map(ConsentRules::types)
                        .orElse(List.of())
                : List.of();
    }

    /**
     * The scopes that a client gets for a customer only by a consent: those that the types of any policy of the realm guard, also where that policy
     * does not hold for the client. A client that no policy of consents holds for, and that an administrator marked with {@link #EXEMPT}, needs none.
     */
    public Set<String> guardedScopes(ClientModel client) {
        if (!areUsedIn(session)) {
            return Set.of();
        }
        Set<String> own = RulesInForce.find(session, client, ConsentRules.class)
                .map(ConsentRules::guardedScopes)
                .orElse(Set.of());
        return own.isEmpty() && Boolean.parseBoolean(client.getAttribute(EXEMPT))
                ? Set.of()
                : RealmPolicies.of(session, realm)
                        .made(
                                ConsentExecutorFactory.ID,
                                ConsentRules.class,
                                ConsentExecutor.Configuration.class,
                                ConsentExecutor.Configuration::rules)
                        .stream()
                        .flatMap(rules -> rules.guardedScopes().stream())
                        .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * A consent of a client; empty where it is another's, of a type that no policy describes for the client any more, or one that the client
     * has had forgotten. Where it is kept elsewhere, that place is asked, once in a request.
     *
     * @throws ConsentsUnavailable if it does not answer
     */
    public Optional<StoredConsent> find(ClientModel client, String id) {
        elsewhere.look(client, typesOf(client), id);
        return kept(client, id);
    }

    /**
     * The consent that tokens are for. Where it is kept elsewhere, that place is asked only if the policy of the client says so: what is known
     * here may be older than it, but no older than its last notice.
     *
     * @param use whether tokens are made, or somebody asks whether one is good
     * @return empty also where that place is asked whether a token is good, and does not answer
     * @throws ConsentsUnavailable if it is asked because tokens are to be made, and does not answer: the client may come again
     */
    public Optional<StoredConsent> findForTokens(ClientModel client, String id, ConsentSource.TokenCheck use) {
        if (!elsewhere.isAskedForTokens(client, use)) {
            return kept(client, id);
        }
        try {
            return find(client, id);
        } catch (ConsentsUnavailable unavailable) {
            if (use == ConsentSource.TokenCheck.USE) {
                return Optional.empty();
            }
            throw unavailable;
        }
    }

    /** The same for somebody who wants to see or to end it: where the place where it is kept does not answer, as it is known here. */
    Optional<StoredConsent> findOrRecall(ClientModel client, String id) {
        lookIfAnswered(client, id);
        return kept(client, id);
    }

    /** The same, and also one that the client has had forgotten: for a customer, who may see what became of it. */
    Optional<StoredConsent> findForCustomer(ClientModel client, String id) {
        lookIfAnswered(client, id);
        return remembered(client, id);
    }

    private void lookIfAnswered(ClientModel client, String id) {
        try {
            elsewhere.look(client, typesOf(client), id);
        } catch (ConsentsUnavailable asItIsKnownHere) {
            // it was seen here before, or it is found nowhere
        }
    }

    /** Tells the place where a consent is kept what it has not been told. */
    void deliver(ConsentDeliveryEntity delivery) {
        Optional<ConsentEntity> row = store.row(realm, delivery.consentId);
        ClientModel client = row.map(known -> realm.getClientById(known.clientId))
                .orElseThrow(() -> new ConsentsUnavailable("client_unknown"));
        ConsentType type = typesOf(client).stream()
                .filter(known -> known.name().equals(row.get().type))
                .findFirst()
                .orElseThrow(() -> new ConsentsUnavailable("type_unknown"));
        elsewhere.deliver(client, type, row.get(), delivery);
    }

    /** Whether new consents of the client are lodged and kept elsewhere. */
    public boolean areKeptElsewhere(ClientModel client) {
        return elsewhere.keeps(client);
    }

    /**
     * Asks whoever judges new consents of the client, if anybody does. Whoever is asked changes nothing.
     *
     * @param interactionId of the client's request, where it has one
     * @throws ConsentRefusal if the answer is no
     * @throws ConsentsUnavailable if there is none
     */
    void judge(ClientModel client, ConsentType type, ConsentRequest request, Optional<String> interactionId)
            throws ConsentRefusal {
        elsewhere.judge(client, type, request, interactionId);
    }

    /** Looks at a consent because the place where it is kept says that it changed; other consents do not change by that. */
    public Optional<StoredConsent> noticed(ClientModel client, String id) {
        return elsewhere.keeps(client) ? find(client, id) : Optional.empty();
    }

    /** The place where it is kept says that it has ended, and cannot be asked: here it has ended, too. */
    public void noticedEnd(ClientModel client, String id, ConsentState state) {
        elsewhere.noticedEnd(client, id, state);
    }

    private Optional<StoredConsent> kept(ClientModel client, String id) {
        return remembered(client, id).filter(consent -> !consent.isForgotten());
    }

    private Optional<StoredConsent> remembered(ClientModel client, String id) {
        return store.row(realm, id)
                .filter(consent -> consent.clientId.equals(client.getId()))
                .flatMap(this::known);
    }

    /** The consents that a customer decided on, latest first. */
    public List<StoredConsent> ofCustomer(UserModel customer, int first, int max) {
        return store.ofCustomer(realm, customer, first, max).stream()
                .flatMap(consent -> known(consent).stream())
                .toList();
    }

    /**
     * Notes that a customer agrees.
     *
     * @return the consent in force, or empty when it changed since it was seen, or the customer cannot agree to it
     */
    public Optional<StoredConsent> authorise(StoredConsent seen, UserModel customer, Set<String> accounts) {
        return elsewhere.isWhereKept(seen.id())
                ? elsewhere.authorise(seen, customer, accounts).flatMap(this::known)
                : store.authorise(realm, seen, customer, accounts).flatMap(this::known);
    }

    /**
     * Changes the state of a consent.
     *
     * @param actorId internal id of who does it
     * @return the changed consent, or empty when the actor may not do this from where the consent is now
     */
    public Optional<StoredConsent> move(StoredConsent seen, ConsentState to, ConsentActor by, String actorId) {
        return move(seen, to, by, actorId, Optional.empty());
    }

    /** The same, with a comment in the history. Where the consent is kept elsewhere, it can be ended, no more. */
    Optional<StoredConsent> move(
            StoredConsent seen, ConsentState to, ConsentActor by, String actorId, Optional<String> comment) {
        if (elsewhere.isWhereKept(seen.id())) {
            return elsewhere.end(seen, to, by, actorId, comment.orElse(null)).flatMap(this::known);
        }
        return store.move(realm, seen.type(), seen.view(), to, by, actorId, comment.orElse(null))
                .flatMap(moved -> store.row(realm, moved.id()))
                .flatMap(this::known);
    }

    /** Whether the place where a consent is kept leaves it to this server to bring it to a state; its type may still say no. */
    boolean canBecome(ConsentState to, ClientModel client, String id) {
        return !elsewhere.isWhereKept(id) || elsewhere.canBecome(to, client);
    }

    private Optional<StoredConsent> known(ConsentEntity consent) {
        ClientModel client = realm.getClientById(consent.clientId);
        return client == null || (consent.sourceVersion != null && !elsewhere.keeps(client))
                ? Optional.empty()
                : typesOf(client).stream()
                        .filter(type -> type.name().equals(consent.type))
                        .findFirst()
                        .map(type -> stored(type, upToDate(type, consent, ConsentStore.now())));
    }

    /** The row with what time has changed until then; nobody else is asked. */
    ConsentEntity upToDate(ConsentType type, ConsentEntity row, Instant now) {
        return row.sourceVersion == null ? store.upToDate(type, row, now) : elsewhere.upToDate(type, row, now);
    }

    private StoredConsent stored(ConsentType type, ConsentEntity consent) {
        return new StoredConsent(
                type,
                consent.view(),
                consent.clientId,
                Optional.ofNullable(consent.customerId),
                store.accounts(consent.id),
                consent.version,
                consent.grantNumber);
    }
}
