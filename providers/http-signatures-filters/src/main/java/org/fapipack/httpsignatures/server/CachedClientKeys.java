package org.fapipack.httpsignatures.server;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.fapipack.httpsignatures.VerificationKeys;

/**
 * Keeps clients' keys, so that not each request fetches them. A key that a client added is found by the first signature that names it; one that
 * it took away is forgotten after {@code maxAge}. Safe for concurrent use; a client whose keys are being fetched does not keep others waiting.
 */
public final class CachedClientKeys implements ClientKeys {

    private final ClientKeys source;
    private final Duration maxAge;
    private final Duration minInterval;
    private final Clock clock;
    private final Map<String, Kept> entries;

    /** Guarded by itself. */
    private static final class Kept {
        private VerificationKeys keys;
        private Instant fetchedAt;
        private Instant triedAt;
    }

    /**
     * @param source fetches the keys, each time; its {@code refreshed} is not used
     * @param maxAge how long keys are used before they are fetched again; positive
     * @param minInterval least time between two fetches for one client, whatever the signatures name; positive, not longer than {@code maxAge}
     * @param maxClients most clients that are remembered; those that were not asked for longest go first; at least 1
     */
    public CachedClientKeys(ClientKeys source, Duration maxAge, Duration minInterval, int maxClients, Clock clock) {
        this.source = requireNonNull(source, "source");
        this.clock = requireNonNull(clock, "clock");
        if (minInterval.isNegative() || minInterval.isZero() || minInterval.compareTo(maxAge) > 0 || maxClients < 1) {
            throw new IllegalArgumentException(
                    "minInterval is positive and not longer than maxAge, maxClients is at least 1");
        }
        this.maxAge = maxAge;
        this.minInterval = minInterval;
        this.entries = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Kept> eldest) {
                return size() > maxClients;
            }
        };
    }

    @Override
    public VerificationKeys of(String clientId) throws IOException {
        return keys(clientId, maxAge);
    }

    @Override
    public VerificationKeys refreshed(String clientId) throws IOException {
        return keys(clientId, minInterval);
    }

    private VerificationKeys keys(String clientId, Duration goodFor) throws IOException {
        Kept kept;
        synchronized (entries) {
            kept = entries.computeIfAbsent(clientId, unseen -> new Kept());
        }
        synchronized (kept) {
            Instant now = clock.instant();
            if (isWithin(kept.fetchedAt, goodFor, now)) {
                return kept.keys;
            }
            if (!isWithin(kept.triedAt, minInterval, now)) {
                kept.triedAt = now;
                try {
                    kept.keys = requireNonNull(source.of(clientId), "keys");
                    kept.fetchedAt = now;
                    return kept.keys;
                } catch (IOException unreachable) {
                    // Keys that were good a moment ago serve until they are too old.
                    if (!isWithin(kept.fetchedAt, maxAge, now)) {
                        throw unreachable;
                    }
                }
            }
            if (isWithin(kept.fetchedAt, maxAge, now)) {
                return kept.keys;
            }
            throw new IOException("the keys of the client could not be fetched a moment ago");
        }
    }

    private static boolean isWithin(Instant since, Duration duration, Instant now) {
        return since != null && now.isBefore(since.plus(duration));
    }
}
