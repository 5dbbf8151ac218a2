package org.fapipack.consent;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a delivery is tried again: soon at first, then after twice as long each time, at most an hour, and for a week. */
final class DeliveryWait {

    private static final Duration LONGEST = Duration.ofHours(1);
    private static final Duration GIVEN_UP_AFTER = Duration.ofDays(7);

    /** More doublings than lead from a second to {@link #LONGEST}. */
    private static final int MAX_DOUBLINGS = 12;

    private DeliveryWait() {}

    /**
     * The next time.
     *
     * @param first wait after the first failure
     * @param attempts that failed up to now
     * @return empty when it is not tried any more
     */
    static Optional<Instant> next(Duration first, int attempts, Instant created, Instant now) {
        if (!now.isBefore(created.plus(GIVEN_UP_AFTER))) {
            return Optional.empty();
        }
        Duration wait = first.multipliedBy(1L << Math.min(Math.max(attempts - 1, 0), MAX_DOUBLINGS));
        return Optional.of(now.plus(wait.compareTo(LONGEST) < 0 ? wait : LONGEST));
    }
}
