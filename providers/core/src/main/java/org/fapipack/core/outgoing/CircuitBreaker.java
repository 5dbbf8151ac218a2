package org.fapipack.core.outgoing;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Stops calls to a service that fails, so that it can recover and callers need not wait for it. After some failures in a row no call is
 * let through for a while; then one is, as a trial. If it succeeds, all are again; if it fails, the while begins anew. Safe for threads.
 */
public final class CircuitBreaker {

    /** Whether calls are let through. */
    public enum State {
        CLOSED,
        OPEN,
        /** One call is let through. */
        HALF_OPEN
    }

    /** A call that was let through; its outcome must be told to {@link #end}. */
    public static final class Permit {
        private final long generation;

        private Permit(long generation) {
            this.generation = generation;
        }
    }

    private final int failuresToOpen;
    private final Duration pause;
    private final InstantSource clock;
    private State state = State.CLOSED;
    private int failures;
    private Instant since = Instant.EPOCH;

    /** Grows with each change of state: the outcome of a call that began before says nothing about the state now. */
    private long generation;

    /**
     * @param failuresToOpen in a row
     * @param pause how long no call is let through; also how long a trial may take before another one is made
     */
    public CircuitBreaker(int failuresToOpen, Duration pause, InstantSource clock) {
        this.failuresToOpen = failuresToOpen;
        this.pause = pause;
        this.clock = clock;
    }

    /** Lets a call through, or not. */
    public synchronized Optional<Permit> begin() {
        if (state == State.CLOSED) {
            return Optional.of(new Permit(generation));
        }
        if (clock.instant().isBefore(since.plus(pause))) {
            return Optional.empty();
        }
        become(State.HALF_OPEN);
        return Optional.of(new Permit(generation));
    }

    /**
     * Notes how a call went.
     *
     * @return the state, if it changed by that
     */
    public synchronized Optional<State> end(Permit permit, boolean succeeded) {
        if (permit.generation != generation) {
            return Optional.empty();
        }
        if (succeeded) {
            failures = 0;
            return state == State.CLOSED ? Optional.empty() : become(State.CLOSED);
        }
        failures++;
        return state == State.HALF_OPEN || failures >= failuresToOpen ? become(State.OPEN) : Optional.empty();
    }

    /** Whether calls are let through, as of the latest call. */
    public synchronized State state() {
        return state;
    }

    private Optional<State> become(State next) {
        state = next;
        since = clock.instant();
        failures = 0;
        generation++;
        return Optional.of(next);
    }
}
