package org.fapipack.bench;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * What one window measured.
 *
 * @param wall from the first request to the last answer
 * @param serverCpu CPU time, user and system, that the asked server's process used meanwhile
 * @param others share of the machine, 0 to 1, that neither the servers nor this process used; empty where the system does not tell
 */
record Window(Latencies latencies, Duration wall, Duration serverCpu, OptionalDouble others) {

    double requestsPerSecond() {
        return latencies.count() / (wall.toNanos() / 1e9);
    }

    double cpuMillisPerRequest() {
        return serverCpu.toNanos() / 1e6 / latencies.count();
    }

    double p50Millis() {
        return latencies.percentileMillis(0.50);
    }

    double p99Millis() {
        return latencies.percentileMillis(0.99);
    }
}
