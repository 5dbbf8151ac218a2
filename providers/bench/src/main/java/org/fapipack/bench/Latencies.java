package org.fapipack.bench;

import java.util.Arrays;
import java.util.List;

/** How long each answer of a window took. Not safe for use by several threads. */
final class Latencies {

    private static final int INITIAL_CAPACITY = 4096;

    private long[] nanoseconds = new long[INITIAL_CAPACITY];
    private int count;
    private boolean sorted = true;

    void add(long nanos) {
        if (count == nanoseconds.length) {
            nanoseconds = Arrays.copyOf(nanoseconds, count * 2);
        }
        nanoseconds[count++] = nanos;
        sorted = false;
    }

    static Latencies merged(List<Latencies> parts) {
        Latencies all = new Latencies();
        for (Latencies part : parts) {
            for (int i = 0; i < part.count; i++) {
                all.add(part.nanoseconds[i]);
            }
        }
        return all;
    }

    int count() {
        return count;
    }

    /**
     * The time within which this share of the answers came (nearest rank), in milliseconds.
     *
     * @param share above 0, at most 1; for example 0.99
     */
    double percentileMillis(double share) {
        if (count == 0) {
            throw new IllegalStateException("nothing measured");
        }
        if (!sorted) {
            Arrays.sort(nanoseconds, 0, count);
            sorted = true;
        }
        int rank = (int) Math.ceil(share * count);
        return nanoseconds[Math.max(rank, 1) - 1] / 1e6;
    }
}
