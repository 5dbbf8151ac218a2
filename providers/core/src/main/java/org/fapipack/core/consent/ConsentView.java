package org.fapipack.core.consent;

import java.time.Instant;
import java.util.Optional;

/**
 * A stored consent as far as its client may see it.
 *
 * @param body what the client lodged
 * @param reason the ecosystem's code for the last change, where it has one
 * @param updatedBy who made the last change
 */
public record ConsentView(
        String id,
        ConsentState state,
        Optional<String> reason,
        ConsentActor updatedBy,
        Instant created,
        Instant updated,
        Optional<Instant> end,
        String body) {}
