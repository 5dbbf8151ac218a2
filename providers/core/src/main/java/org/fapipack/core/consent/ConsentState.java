package org.fapipack.core.consent;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Where a consent stands. Ecosystems have their own words for it, several of which may mean the same. */
public enum ConsentState {
    /** Lodged by a client; no customer has decided. */
    AWAITING,
    /** Some of the customers who have to agree did. */
    PARTIALLY_AUTHORISED,
    AUTHORISED,
    REJECTED,
    /** In force, but not to be used for now. */
    SUSPENDED,
    REVOKED,
    EXPIRED,
    /** Used up: it was good for one action. */
    CONSUMED;

    /** The name in data and in the database, for example {@code partially-authorised}. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The state of that name. */
    public static Optional<ConsentState> of(String key) {
        return Stream.of(values()).filter(state -> state.key().equals(key)).findFirst();
    }
}
