package org.fapipack.consent;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentState;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * The consents that one customer decided on, in lists as of the moment that this was made. There is no way from here to those of others.
 */
public final class CustomerConsents {

    /** The most consents that can be listed. */
    public static final int MAX_LISTED = ConsentSearch.MAX_COUNTED;

    /** Of a revocation, while the client changes the consent in the same moment. */
    private static final int TRIES = 5;

    /** The two lists a customer is shown. */
    public enum Section {
        IN_FORCE,
        ENDED
    }

    private final KeycloakSession session;
    private final RealmModel realm;
    private final UserModel customer;
    private final ConsentStore store;
    private final Instant now;

    public CustomerConsents(KeycloakSession session, UserModel customer) {
        this.session = session;
        this.realm = session.getContext().getRealm();
        this.customer = customer;
        this.store = new ConsentStore(session);
        this.now = ConsentStore.now();
    }

    /** Part of a list, latest first. What a look at it ends, because nobody made use of it in time, is in the other list then. */
    public List<ListedConsent> page(Section section, int first, int max) {
        return new ConsentLists(session, realm, now)
                .of(search(section).page(first, max)).stream()
                        .filter(consent -> section == Section.ENDED
                                || ConsentSearch.isInForce(consent.view().state()))
                        .toList();
    }

    /** Which accounts the customer chose, by the id of the consent; nothing for those without any. */
    public Map<String, ChosenAccounts> accounts(List<ListedConsent> listed) {
        return listed.isEmpty()
                ? Map.of()
                : store.accounts(
                        listed.stream().map(consent -> consent.view().id()).toList());
    }

    /** How long a list is, at most {@link #MAX_LISTED}. */
    public int count(Section section) {
        return search(section).count();
    }

    private ConsentSearch search(Section section) {
        ConsentSearch mine = new ConsentSearch(session, realm).ofCustomer(customer);
        return section == Section.IN_FORCE ? mine.inForce(now) : mine.ended(now);
    }

    /** A consent as it is now; empty where it is unknown, another customer's, or of a type that is not described any more. */
    public Optional<StoredConsent> find(String id) {
        return store.row(realm, id)
                .filter(row -> customer.getId().equals(row.customerId))
                .flatMap(row ->
                        client(row).flatMap(client -> Consents.of(session).findForCustomer(client, id)));
    }

    private Optional<ClientModel> client(ConsentEntity row) {
        return Optional.ofNullable(realm.getClientById(row.clientId));
    }

    /** The changes of one of the customer's consents, first to last. */
    public List<ConsentChange> history(StoredConsent consent) {
        return store.history(consent.id()).stream()
                .map(ConsentChange::of)
                .filter(change -> !change.isDelivery())
                .toList();
    }

    /** Whether the customer may revoke it from where it is now. */
    public static boolean isRevocable(StoredConsent consent) {
        return !consent.isForgotten()
                && consent.type()
                        .move(consent.state(), ConsentState.REVOKED, ConsentActor.CUSTOMER)
                        .isPresent();
    }

    /** Whether the customer may agree to it anew. */
    public static boolean isRenewable(StoredConsent consent) {
        return !consent.isForgotten() && consent.type().isReauthorisable(consent.state());
    }

    /**
     * Revokes a consent. What its client did to it since it was shown, which is to have it last longer, is no reason not to; else a client could keep
     * its customer from revoking.
     *
     * @param seen as it is now
     * @param shownVersion of the consent that the customer was shown
     * @return the revoked consent, or empty when somebody else changed it since it was shown, or the customer may not revoke it
     */
    public Optional<StoredConsent> revoke(StoredConsent seen, int shownVersion) {
        Optional<StoredConsent> asItIs = Optional.of(seen);
        for (int i = 0; i < TRIES && asItIs.isPresent() && isStillAsShown(seen.id(), shownVersion); i++) {
            StoredConsent tried = asItIs.get();
            Optional<StoredConsent> revoked =
                    Consents.of(session).move(tried, ConsentState.REVOKED, ConsentActor.CUSTOMER, customer.getId());
            if (revoked.isPresent()) {
                return revoked;
            }
            asItIs = find(tried.id()).filter(now -> now.version() != tried.version());
        }
        return Optional.empty();
    }

    private boolean isStillAsShown(String id, int shownVersion) {
        return store.isChangedByNobodyBut(ConsentActor.CLIENT, id, shownVersion);
    }
}
