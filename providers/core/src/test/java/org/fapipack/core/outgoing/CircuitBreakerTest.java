package org.fapipack.core.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.fapipack.core.outgoing.CircuitBreaker.Permit;
import org.fapipack.core.outgoing.CircuitBreaker.State;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest {

    private static final Duration PAUSE = Duration.ofSeconds(30);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final CircuitBreaker breaker = new CircuitBreaker(3, PAUSE, () -> now);

    @Test
    void opensAtTheLastFailureThatIsAllowed() {
        assertThat(breaker.end(begin(), false)).isEmpty();
        assertThat(breaker.end(begin(), false)).isEmpty();
        assertThat(breaker.end(begin(), false)).contains(State.OPEN);
        assertThat(breaker.begin()).isEmpty();
    }

    @Test
    void countsFailuresInARowOnly() {
        fail(2);
        assertThat(breaker.end(begin(), true)).isEmpty();
        fail(2);
        assertThat(breaker.begin()).isPresent();
    }

    @Test
    void letsOneTrialThroughWhenThePauseIsOver() {
        fail(3);
        now = now.plus(PAUSE).minusMillis(1);
        assertThat(breaker.begin()).isEmpty();
        now = now.plusMillis(1);
        assertThat(breaker.begin()).isPresent();
        assertThat(breaker.begin()).as("while the trial runs").isEmpty();
    }

    @Test
    void closesWhenTheTrialSucceeds() {
        fail(3);
        now = now.plus(PAUSE);
        assertThat(breaker.end(begin(), true)).contains(State.CLOSED);
        fail(2);
        assertThat(breaker.begin()).as("failures count from zero").isPresent();
    }

    @Test
    void opensAgainWhenTheTrialFails() {
        fail(3);
        now = now.plus(PAUSE);
        assertThat(breaker.end(begin(), false)).contains(State.OPEN);
        assertThat(breaker.begin()).isEmpty();
        now = now.plus(PAUSE);
        assertThat(breaker.begin()).isPresent();
    }

    @Test
    void aTrialThatNeverEndsDoesNotKeepItOpenForEver() {
        fail(3);
        now = now.plus(PAUSE);
        Permit lost = begin();
        now = now.plus(PAUSE);
        Permit next = begin();
        assertThat(breaker.end(lost, false)).as("too late").isEmpty();
        assertThat(breaker.end(next, true)).contains(State.CLOSED);
    }

    @Test
    void aCallThatBeganBeforeSaysNothingAboutNow() {
        Permit slowSuccess = begin();
        Permit slowFailure = begin();
        fail(3);
        assertThat(breaker.end(slowSuccess, true)).isEmpty();
        assertThat(breaker.begin()).isEmpty();
        now = now.plus(PAUSE);
        assertThat(breaker.end(begin(), true)).contains(State.CLOSED);
        fail(2);
        assertThat(breaker.end(slowFailure, false)).isEmpty();
        assertThat(breaker.begin()).isPresent();
    }

    private Permit begin() {
        return breaker.begin().orElseThrow();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            breaker.end(begin(), false);
        }
    }
}
