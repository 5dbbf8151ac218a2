package org.fapipack.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class RoundsTest {

    private static final Variant STOCK = new Variant("stock", null, null);
    private static final Variant SIGNED = new Variant("signed", null, null);

    /** Ten answers of 4 ms in the given wall and CPU time. */
    private static Window window(int wallMillis, int cpuMillis) {
        Latencies latencies = new Latencies();
        for (int i = 0; i < 10; i++) {
            latencies.add(4_000_000);
        }
        return new Window(
                latencies, Duration.ofMillis(wallMillis), Duration.ofMillis(cpuMillis), OptionalDouble.of(0.25));
    }

    private static Rounds rounds() {
        Map<Variant, List<Window>> windows = new LinkedHashMap<>();
        windows.put(STOCK, List.of(window(1000, 20), window(2000, 40), window(500, 20)));
        windows.put(SIGNED, List.of(window(2000, 30), window(2500, 80), window(1000, 25)));
        return new Rounds(windows);
    }

    @Test
    void measureRatesAndCpuPerRequest() {
        assertThat(rounds().of(STOCK, Window::requestsPerSecond)).isEqualTo(new Spread(10, 5, 20));
        assertThat(rounds().of(STOCK, Window::cpuMillisPerRequest)).isEqualTo(new Spread(2, 2, 4));
        assertThat(rounds().of(STOCK, Window::p99Millis)).isEqualTo(new Spread(4, 4, 4));
    }

    @Test
    void compareWithinARound() {
        assertThat(rounds().ratio(SIGNED, STOCK, Window::requestsPerSecond)).isEqualTo(new Spread(0.5, 0.5, 0.8));
        assertThat(rounds().ratio(SIGNED, STOCK, Window::cpuMillisPerRequest)).isEqualTo(new Spread(1.5, 1.25, 2));
    }

    @Test
    void tellDifferencesWithinARound() {
        assertThat(rounds().difference(SIGNED, STOCK, Window::cpuMillisPerRequest))
                .isEqualTo(new Spread(1, 0.5, 4));
    }

    @Test
    void sayHowBusyTheMachineWas() {
        assertThat(rounds().others()).hasValue(0.25);
    }

    @Test
    void becomeMarkdownTables() {
        assertThat(ResultTable.absolute(rounds(), "request"))
                .containsExactly(
                        "| Variant | Requests/s | p50 ms        | p99 ms        | Server CPU ms/request |",
                        "|---|---:|---:|---:|---:|",
                        "| stock   | 10 (5-20)  | 4.0 (4.0-4.0) | 4.0 (4.0-4.0) | 2.00 (2.00-4.00)      |",
                        "| signed  | 5 (4-10)   | 4.0 (4.0-4.0) | 4.0 (4.0-4.0) | 3.00 (2.50-8.00)      |");
        assertThat(ResultTable.ratios(rounds(), List.of(STOCK)))
                .containsExactly(
                        "| Variant | Requests/s to stock | CPU/request to stock |",
                        "|---|---:|---:|",
                        "| stock   | 1                   | 1                    |",
                        "| signed  | 0.500 (0.500-0.800) | 1.500 (1.250-2.000)  |");
        assertThat(ResultTable.beside(rounds(), Map.of(SIGNED, STOCK), "flow"))
                .containsExactly(
                        "| Variant | beside | Flows/s, ratio      | p50, ratio          | p99, ratio          | CPU/flow, ratio     | CPU ms/flow, difference |",
                        "|---|---:|---:|---:|---:|---:|---:|",
                        "| signed  | stock  | 0.500 (0.500-0.800) | 1.000 (1.000-1.000) | 1.000 (1.000-1.000) | 1.500 (1.250-2.000) | 1.00 (0.50-4.00)        |");
    }
}
