package org.fapipack.bench;

import java.time.Duration;

/** When the run has to be over. */
final class Deadline {

    private final long end;

    private Deadline(long end) {
        this.end = end;
    }

    static Deadline in(Duration duration) {
        return new Deadline(System.nanoTime() + duration.toNanos());
    }

    Duration left() {
        return Duration.ofNanos(end - System.nanoTime());
    }

    boolean leaves(Duration needed) {
        return left().compareTo(needed) >= 0;
    }
}
