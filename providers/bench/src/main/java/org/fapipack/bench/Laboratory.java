package org.fapipack.bench;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Warms variants up and measures windows, one at a time. */
final class Laboratory implements AutoCloseable {

    /** Unmeasured load before a window: wakes a server that was idle while the others were asked. */
    private static final Duration SETTLE = Duration.ofSeconds(1);

    private final ClosedLoop load;
    private final List<MeasuredKeycloak> servers;

    Laboratory(int threads, List<MeasuredKeycloak> servers) {
        this.load = new ClosedLoop(threads);
        this.servers = List.copyOf(servers);
    }

    void warmUp(Variant variant, Duration duration) {
        load.run(variant.keycloak().http(), variant.samples(), duration);
    }

    Window measure(Variant variant, Duration duration) {
        warmUp(variant, SETTLE);
        Duration cpuBefore = variant.keycloak().cpu();
        Duration oursBefore = ours();
        Optional<MachineLoad> machineBefore = MachineLoad.now();
        long start = System.nanoTime();
        Latencies latencies = load.run(variant.keycloak().http(), variant.samples(), duration);
        Duration wall = Duration.ofNanos(System.nanoTime() - start);
        Duration serverCpu = variant.keycloak().cpu().minus(cpuBefore);
        Duration ours = ours().minus(oursBefore);
        OptionalDouble others = MachineLoad.now()
                .flatMap(now -> machineBefore.map(before ->
                        now.othersSince(before, ours, wall, Runtime.getRuntime().availableProcessors())))
                .orElse(OptionalDouble.empty());
        return new Window(latencies, wall, serverCpu, others);
    }

    private Duration ours() {
        Duration sum = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        for (MeasuredKeycloak server : servers) {
            sum = sum.plus(server.cpu());
        }
        return sum;
    }

    static Duration settle() {
        return SETTLE;
    }

    @Override
    public void close() {
        load.close();
    }
}
