package org.fapipack.consent;

import java.time.Instant;
import java.util.Optional;

/**
 * A consent that ended here, and whose source has not been told.
 *
 * @param since when it ended
 * @param attempts to tell it, besides the first
 * @param next when it is tried again; empty when it is not any more
 * @param reason why it could not be told, a code
 */
record PendingDelivery(Instant since, int attempts, Optional<Instant> next, String reason) {

    static PendingDelivery of(ConsentDeliveryEntity delivery) {
        return new PendingDelivery(
                Instant.ofEpochSecond(delivery.createdAt),
                delivery.attempts,
                Optional.ofNullable(delivery.nextAt).map(Instant::ofEpochSecond),
                delivery.reason);
    }
}
