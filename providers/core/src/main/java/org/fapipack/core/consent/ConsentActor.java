package org.fapipack.core.consent;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Who changes a consent. */
public enum ConsentActor {
    /** The one that lodged it. */
    CLIENT,
    /** The one whose data or money it is about. */
    CUSTOMER,
    /** Somebody who works for the operator. */
    STAFF,
    /** Nobody: time has passed. */
    SERVER;

    /** The name in data and in the database. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The actor of that name. */
    public static Optional<ConsentActor> of(String key) {
        return Stream.of(values()).filter(actor -> actor.key().equals(key)).findFirst();
    }
}
