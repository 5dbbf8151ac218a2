package org.fapipack.consent.dashboard;

import java.util.Map;
import java.util.Optional;
import org.fapipack.consent.page.KnownAccount;
import org.keycloak.models.RealmModel;

/** Accounts as their customer knows them, looked up when first asked for. */
final class ShownAccounts {

    private final RealmModel realm;
    private final Customer customer;
    private Map<String, KnownAccount> known;

    ShownAccounts(RealmModel realm, Customer customer) {
        this.realm = realm;
        this.customer = customer;
    }

    /**
     * One of them as the templates know it: {@code name} and {@code number}, which is masked; one of the two may be empty. Where the customer
     * has it no more, nothing is known but the id.
     */
    Map<String, String> of(String id) {
        if (known == null) {
            known = KnownAccount.of(realm, customer.user());
        }
        return Optional.ofNullable(known.get(id))
                .map(account ->
                        Map.of("name", ShownText.of(account.name()), "number", ShownText.of(account.maskedNumber())))
                .orElseGet(() -> Map.of("name", "", "number", ShownText.masked(id)));
    }
}
