package org.fapipack.consent;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentState;
import org.fapipack.core.consent.ConsentType;

/** What staff may do with a consent, where its type lets them. */
enum StaffAction {
    REVOKE(ConsentState.REVOKED),
    REJECT(ConsentState.REJECTED),
    SUSPEND(ConsentState.SUSPENDED),
    /** Only after it was suspended: nobody else agrees in the place of a customer. */
    RESUME(ConsentState.AUTHORISED),
    /** The one action that it was good for is done, for example the payment is ordered. */
    CONSUME(ConsentState.CONSUMED);

    private final ConsentState to;

    StaffAction(ConsentState to) {
        this.to = to;
    }

    /** The name in the path. */
    String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<StaffAction> of(String key) {
        return Stream.of(values()).filter(action -> action.key().equals(key)).findFirst();
    }

    ConsentState to() {
        return to;
    }

    boolean isPossible(ConsentType type, ConsentState from) {
        return (this != RESUME || from == ConsentState.SUSPENDED)
                && type.move(from, to, ConsentActor.STAFF).isPresent();
    }
}
