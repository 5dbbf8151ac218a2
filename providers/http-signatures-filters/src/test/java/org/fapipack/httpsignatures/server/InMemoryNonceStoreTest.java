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
        store.remember("key", "2", until);

        assertThat(store.remember("key", "3", until)).isFalse();
        clock.advance(Duration.ofSeconds(72));
        assertThat(store.remember("key", "3", until.plusSeconds(72))).isTrue();
    }
}
