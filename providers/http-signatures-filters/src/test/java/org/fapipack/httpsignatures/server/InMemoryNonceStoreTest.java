package org.fapipack.httpsignatures.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class InMemoryNonceStoreTest {

    private final TestClock clock = new TestClock();
    private final InMemoryNonceStore store = new InMemoryNonceStore(2, clock);

    @Test
    void aNonceIsGoodOncePerKey() {
        Instant until = clock.instant().plusSeconds(71);

        assertThat(store.remember("key", "n", until)).isTrue();
        assertThat(store.remember("key", "n", until)).isFalse();
        assertThat(store.remember("other", "n", until)).isTrue();
    }

    @Test
    void aFullStoreAcceptsNoneUntilOneIsOver() {
        Instant until = clock.instant().plusSeconds(71);
        store.remember("key", "1", until);
        store.remember("other", "2", until);

        assertThat(store.remember("third", "3", until)).isFalse();
        clock.advance(Duration.ofSeconds(71));
        assertThat(store.remember("third", "3", until.plusSeconds(72)))
                .as("they count to the end")
                .isFalse();
        clock.advance(Duration.ofSeconds(1));
        assertThat(store.remember("third", "3", until.plusSeconds(72))).isTrue();
    }

    @Test
    void oneKeyCannotFillTheStoreForTheOthers() {
        InMemoryNonceStore larger = new InMemoryNonceStore(8, clock);
        Instant until = clock.instant().plusSeconds(71);
        assertThat(larger.remember("greedy", "1", until)).isTrue();
        assertThat(larger.remember("greedy", "2", until)).isTrue();

        assertThat(larger.remember("greedy", "3", until)).isFalse();
        assertThat(larger.remember("modest", "3", until)).isTrue();
        clock.advance(Duration.ofSeconds(72));
        assertThat(larger.remember("greedy", "3", until.plusSeconds(72))).isTrue();
    }
}
