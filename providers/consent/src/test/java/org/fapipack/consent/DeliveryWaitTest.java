package org.fapipack.consent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeliveryWaitTest {

    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration WEEK = Duration.ofDays(7);

    @ParameterizedTest
    @CsvSource({"1, 30", "2, 60", "3, 120", "7, 1920", "8, 3600", "9, 3600", "1000, 3600"})
    void doublesUpToAnHour(int attempts, long seconds) {
        assertThat(DeliveryWait.next(Duration.ofSeconds(30), attempts, CREATED, CREATED))
                .contains(CREATED.plusSeconds(seconds));
    }

    @Test
    void isGivenUpAfterAWeek() {
        Duration first = Duration.ofSeconds(30);
        assertThat(DeliveryWait.next(first, 200, CREATED, CREATED.plus(WEEK).minusSeconds(1)))
                .isPresent();
        assertThat(DeliveryWait.next(first, 200, CREATED, CREATED.plus(WEEK))).isEmpty();
    }
}
