package org.fapipack.consent.page;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.keycloak.sessions.AuthenticationSessionModel;

/** What a customer ticked so far: over all pages of the list, kept with the login until it is decided. */
final class AccountSelection {

    /** Accounts on a page of the list. */
    static final int PAGE_SIZE = 20;

    /** Most accounts that one consent can have. */
    static final int MAX_CHOSEN = 1_000;

    private static final int MAX_SEARCH_CHARACTERS = 100;

    private static final String CHOSEN = "fapi.consent.accounts";

    private final AuthenticationSessionModel authSession;
    private final CustomerAccounts accounts;
    private final boolean isSettled;

    /** @param isBound whether the client named the accounts: the only one is chosen then */
    AccountSelection(AuthenticationSessionModel authSession, CustomerAccounts accounts, boolean isBound) {
        this.authSession = authSession;
        this.accounts = accounts;
        this.isSettled = isBound && accounts.all().size() == 1;
    }

    Set<String> chosen() {
        if (isSettled) {
            return accounts.ids();
        }
        Set<String> chosen = new LinkedHashSet<>(Arrays.asList(
                Optional.ofNullable(authSession.getAuthNote(CHOSEN)).orElse("").split("\n", -1)));
        chosen.retainAll(accounts.ids());
        return chosen;
    }

    /**
     * Takes over what is ticked on the page that was posted; what is ticked on other pages stays.
     *
     * @return false, and nothing is taken, where the form names an account that is not the customer's, or too many
     */
    boolean take(MultivaluedMap<String, String> form, boolean one) {
        List<String> ticked = form.getOrDefault("account", List.of());
        List<String> shown = form.getOrDefault("shown", List.of());
        Set<String> own = accounts.ids();
        if (!own.containsAll(ticked) || !own.containsAll(shown) || (one && ticked.size() > 1)) {
            return false;
        }
        Set<String> chosen = chosen();
        if (one && !ticked.isEmpty()) {
            chosen.clear();
        }
        chosen.removeAll(Set.copyOf(shown));
        chosen.addAll(ticked);
        if (chosen.size() > MAX_CHOSEN) {
            return false;
        }
        authSession.setAuthNote(CHOSEN, String.join("\n", chosen));
        return true;
    }

    /** What the customer searched for, as far as a page takes it. */
    static String search(MultivaluedMap<String, String> form) {
        String search = Optional.ofNullable(form.getFirst("search")).orElse("").strip();
        return search.length() > MAX_SEARCH_CHARACTERS ? search.substring(0, MAX_SEARCH_CHARACTERS) : search;
    }
}
