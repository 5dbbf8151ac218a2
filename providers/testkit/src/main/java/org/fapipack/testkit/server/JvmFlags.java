package org.fapipack.testkit.server;

/** How the server's JVM runs. */
public enum JvmFlags {
    /** Half the CPU time of a start, slow for long runs: for tests and demos. */
    FAST_START("-XX:TieredStopAtLevel=1 -XX:-UseG1GC -XX:+UseSerialGC", "-Xms512m -Xmx1g"),

    /** What an operator gets who sets nothing: for benchmarks. */
    DEFAULT("", "");

    private final String options;
    private final String heap;

    JvmFlags(String options, String heap) {
        this.options = options;
        this.heap = heap;
    }

    String options() {
        return options;
    }

    /** Empty: leave it to {@code kc.sh}. */
    String heap() {
        return heap;
    }
}
