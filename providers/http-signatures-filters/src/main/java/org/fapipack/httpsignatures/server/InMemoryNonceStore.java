package org.fapipack.httpsignatures.server;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.fapipack.httpsignatures.NonceStore;

/**
 * Remembers nonces in the memory of one node: for a server that has only one. When it is full of nonces that still count, no more are
 * accepted; one key has a quarter of it at most, so that nobody fills it for the others.
 */
public final class InMemoryNonceStore implements NonceStore {

    private static final int SHARES = 4;

    private final int maxNonces;
    private final int maxOfKey;
    private final Clock clock;
    private final Map<String, Map<String, Instant>> seen = new HashMap<>();
    private int size;
    private Instant nextSweep = Instant.MIN;

    /** @param maxNonces most nonces at a time, at least 1; signatures are good for about a minute */
    public InMemoryNonceStore(int maxNonces, Clock clock) {
        if (maxNonces < 1) {
            throw new IllegalArgumentException("maxNonces is at least 1");
        }
        this.maxNonces = maxNonces;
        this.maxOfKey = (maxNonces - 1) / SHARES + 1;
        this.clock = requireNonNull(clock, "clock");
    }

    @Override
    public synchronized boolean remember(String keyThumbprint, String nonce, Instant until) {
        Instant now = clock.instant();
        if (!now.isBefore(nextSweep)) {
            sweep(now);
            // Not at each call, however full it is: all clients wait for it.
            nextSweep = now.plusSeconds(1);
        }
        if (size >= maxNonces) {
            return false;
        }
        Map<String, Instant> ofKey = seen.computeIfAbsent(keyThumbprint, key -> new HashMap<>());
        if (ofKey.size() >= maxOfKey || ofKey.putIfAbsent(nonce, until) != null) {
            return false;
        }
        size++;
        return true;
    }

    private void sweep(Instant now) {
        seen.values().forEach(ofKey -> ofKey.values().removeIf(end -> end.isBefore(now)));
        seen.values().removeIf(Map::isEmpty);
        size = seen.values().stream().mapToInt(Map::size).sum();
    }
}
