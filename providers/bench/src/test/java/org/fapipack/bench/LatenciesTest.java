package org.fapipack.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatenciesTest {

    private static Latencies millis(IntStream values) {
        Latencies latencies = new Latencies();
        values.forEach(millis -> latencies.add(millis * 1_000_000L));
        return latencies;
    }

    @Test
    void areRankedWhateverTheirOrder() {
        Latencies latencies = millis(IntStream.rangeClosed(1, 100).map(i -> 101 - i));

        assertThat(latencies.percentileMillis(0.50)).isEqualTo(50);
        assertThat(latencies.percentileMillis(0.99)).isEqualTo(99);
        assertThat(latencies.percentileMillis(1)).isEqualTo(100);
    }

    @Test
    void ofOneAnswerAreThatAnswer() {
        assertThat(millis(IntStream.of(7)).percentileMillis(0.01)).isEqualTo(7);
    }

    @Test
    void ofSeveralThreadsAreMerged() {
        Latencies merged =
                Latencies.merged(List.of(millis(IntStream.range(0, 5000)), millis(IntStream.range(5000, 10_000))));

        assertThat(merged.count()).isEqualTo(10_000);
        assertThat(merged.percentileMillis(1)).isEqualTo(9999);
    }

    @Test
    void areRankedAnewAfterOneMore() {
        Latencies latencies = millis(IntStream.of(5, 6));
        assertThat(latencies.percentileMillis(1)).isEqualTo(6);

        latencies.add(1_000_000);

        assertThat(latencies.percentileMillis(0.3)).isEqualTo(1);
    }

    @Test
    void ofNothingHaveNoPercentile() {
        assertThatThrownBy(() -> new Latencies().percentileMillis(0.5)).isInstanceOf(IllegalStateException.class);
    }
}
