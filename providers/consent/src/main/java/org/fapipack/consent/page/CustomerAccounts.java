package org.fapipack.consent.page;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;
import org.keycloak.models.UserModel;

/** The accounts of a customer, in the order they are shown; no id twice. */
final class CustomerAccounts {

    private static final Logger LOG = Logger.getLogger(CustomerAccounts.class);

    private final List<Account> all;

    private CustomerAccounts(List<Account> all) {
        this.all = all;
    }

    /** Reads them from an attribute of the user, an account in each value. */
    static CustomerAccounts of(UserModel customer, String attribute) {
        List<Optional<Account>> read =
                customer.getAttributeStream(attribute).map(Account::read).toList();
        long unreadable = read.stream().filter(Optional::isEmpty).count();
        if (unreadable > 0) {
            LOG.warnf(
                    "User %s has %d values of the attribute %s that describe no account; they are not offered",
                    customer.getId(), unreadable, attribute);
        }
        Set<String> seen = new HashSet<>();
        return new CustomerAccounts(read.stream()
                .flatMap(Optional::stream)
                .filter(account -> seen.add(account.id()))
                .sorted(Comparator.comparing(Account::name).thenComparing(Account::id))
                .toList());
    }

    /** Those that a client named. */
    CustomerAccounts named(String account) {
        return new CustomerAccounts(
                all.stream().filter(own -> own.isNamed(account)).toList());
    }

    List<Account> all() {
        return all;
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    Set<String> ids() {
        return all.stream().map(Account::id).collect(Collectors.toSet());
    }
}
