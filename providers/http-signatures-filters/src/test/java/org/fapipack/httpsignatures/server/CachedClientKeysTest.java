package org.fapipack.httpsignatures.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.fapipack.httpsignatures.VerificationKeys;
import org.junit.jupiter.api.Test;

class CachedClientKeysTest {

    private final TestClock clock = new TestClock();
    private int fetched;
    private boolean down;

    private final CachedClientKeys keys = new CachedClientKeys(
            clientId -> {
                fetched++;
                if (down) {
                    throw new IOException("down");
                }
                return VerificationKeys.of(List.of());
            },
            Duration.ofMinutes(5),
            Duration.ofSeconds(30),
            2,
            clock);

    @Test
    void keysAreFetchedAgainWhenTheyAreOld() throws IOException {
        keys.of("alice");
        clock.advance(Duration.ofMinutes(5).minusMillis(1));
        keys.of("alice");
        assertThat(fetched).isEqualTo(1);

        clock.advance(Duration.ofMillis(1));
        keys.of("alice");
        assertThat(fetched).isEqualTo(2);
    }

    @Test
    void aRefreshFetchesOncePerInterval() throws IOException {
        keys.of("alice");
        clock.advance(Duration.ofSeconds(30).minusMillis(1));
        keys.refreshed("alice");
        assertThat(fetched).isEqualTo(1);

        clock.advance(Duration.ofMillis(1));
        keys.refreshed("alice");
        keys.refreshed("alice");
        assertThat(fetched).isEqualTo(2);
    }

    @Test
    void keysOutliveAFailureUntilTheyAreOld() throws IOException {
        VerificationKeys first = keys.of("alice");
        down = true;
        clock.advance(Duration.ofMinutes(5).minusMillis(1));
        assertThat(keys.refreshed("alice")).isSameAs(first);

        clock.advance(Duration.ofMillis(1));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> keys.of("alice"));
        assertThat(fetched)
                .as("a server that is down is not asked by every request")
                .isEqualTo(2);
    }

    @Test
    void notMoreClientsAreRememberedThanAllowed() throws IOException {
        keys.of("alice");
        keys.of("bob");
        keys.of("carol");
        keys.of("bob");
        assertThat(fetched).isEqualTo(3);

        keys.of("alice");
        assertThat(fetched).isEqualTo(4);
    }
}
