package org.fapipack.httpsignatures.server;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.fapipack.httpsignatures.NonceStore;

/**
 * Remembers nonces in the memory of one node: for a server that has only one. When it is full of nonces that still count, no more are
 * accepted.
 */
public final class InMemoryNonceStore implements NonceStore {

    private final int maxNonces;
    private final Clock clock;
    private final Map<String, Instant> seen = new HashMap<>();
    private Instant nextSweep = Instant.MIN;

    /** @param maxNonces most nonces at a time, at least 1; signatures are good for about a minute */
    public InMemoryNonceStore(int maxNonces, Clock clock) {
        if (maxNonces < 1) {
            throw new IllegalArgumentException("maxNonces is at least 1");
        }
        this.maxNonces = maxNonces;
        this.clock = requireNonNull(clock, "clock");
    }

    @Override
    public synchronized boolean remember(String keyThumbprint, String nonce, Instant until) {
        Instant now = clock.instant();
        if (seen.size() >= maxNonces || !now.isBefore(nextSweep)) {
            seen.values().removeIf(end -> end.isBefore(now));
            nextSweep = now.plusSeconds(1);
        }
        return seen.size() < maxNonces && seen.putIfAbsent(keyThumbprint + " " + nonce, until) == null;
    }
}
