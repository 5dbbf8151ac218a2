package org.fapipack.consent;

import java.util.List;

/**
 * Enough of the accounts that a customer chose to tell one consent from another.
 *
 * @param ids two of them, or the only one
 * @param more how many there are besides
 */
public record ChosenAccounts(List<String> ids, long more) {

    /** Of as many accounts, the first and the last by id. */
    static ChosenAccounts between(String first, String last, long number) {
        List<String> ids = number == 1 ? List.of(first) : List.of(first, last);
        return new ChosenAccounts(ids, number - ids.size());
    }
}
