package org.fapipack.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How busy all processors together have been since the machine started, in the kernel's own units.
 *
 * @param busy time in which some process or the hypervisor used a processor
 * @param total that and the idle time
 */
record MachineLoad(long busy, long total) {

    private static final Path STAT = Path.of("/proc/stat");

    /** Positions in the line {@code cpu} of {@code /proc/stat}, see proc(5). */
    private static final int IDLE = 3;

    private static final int IO_WAIT = 4;
    private static final int STEAL = 7;

    /** The load up to now; empty on a system that is not Linux. */
    static Optional<MachineLoad> now() {
        if (!Files.isReadable(STAT)) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(Files.readString(STAT)));
        } catch (IOException unreadable) {
            return Optional.empty();
        }
    }

    static MachineLoad parse(String stat) {
        String[] fields = stat.lines().findFirst().orElse("").strip().split("\\s+", -1);
        if (fields.length < STEAL + 2 || !fields[0].equals("cpu")) {
            throw new IllegalArgumentException("not /proc/stat");
        }
        long busy = 0;
        long total = 0;
        // guest time behind steal is part of user time already
        for (int i = 0; i <= STEAL; i++) {
            long ticks = Long.parseLong(fields[i + 1]);
            total += ticks;
            busy += i == IDLE || i == IO_WAIT ? 0 : ticks;
        }
        return new MachineLoad(busy, total);
    }

    /**
     * The share of the machine that somebody else used since an earlier reading, 0 to 1.
     *
     * @param ours CPU time of our own processes in between
     * @param wall time in between
     */
    OptionalDouble othersSince(MachineLoad earlier, Duration ours, Duration wall, int processors) {
        if (total == earlier.total) {
            return OptionalDouble.empty();
        }
        double all = (double) (busy - earlier.busy) / (total - earlier.total);
        double own = (double) ours.toNanos() / wall.toNanos() / processors;
        return OptionalDouble.of(Math.max(0, all - own));
    }
}
