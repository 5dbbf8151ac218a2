package org.fapipack.consent;

import java.time.Instant;
import java.util.Optional;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentState;

/**
 * One change in the history of a consent.
 *
 * @param byId internal id of the client or user; empty when it was time
 * @param from empty when the consent was lodged
 * @param reason the ecosystem's code, where it has one
 * @param comment what staff wrote about it; for staff only
 * @param extension what the client reads of it, where nothing changed but the end
 */
public record ConsentChange(
        Instant at,
        ConsentActor by,
        Optional<String> byId,
        Optional<ConsentState> from,
        ConsentState to,
        Optional<String> reason,
        Optional<String> comment,
        Optional<String> extension) {

    /** Whether the consent came to last longer. */
    public boolean isExtension() {
        return extension.isPresent();
    }

    /** Whether nothing changed but that the place where the consent is kept was told of its end. */
    boolean isDelivery() {
        return to == ConsentState.REVOKED && from.equals(Optional.of(to));
    }

    static ConsentChange of(ConsentEventEntity event) {
        return new ConsentChange(
                Instant.ofEpochSecond(event.happenedAt),
                ConsentActor.of(event.actor).orElseThrow(),
                Optional.ofNullable(event.actorId),
                Optional.ofNullable(event.fromState).flatMap(ConsentState::of),
                ConsentState.of(event.toState).orElseThrow(),
                Optional.ofNullable(event.reason),
                Optional.ofNullable(event.comment),
                Optional.ofNullable(event.extension));
    }
}
