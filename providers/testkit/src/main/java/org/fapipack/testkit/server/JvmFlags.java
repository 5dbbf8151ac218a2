package org.fapipack.testkit.server;

/** How the server's JVM runs. */
public enum JvmFlags {
    /** Half the CPU time of a start, slow for long runs: for demos, and for tests that start a server of their own. */
    FAST_START("-XX:TieredStopAtLevel=1 -XX:-UseG1GC -XX:+UseSerialGC", "-Xms512m -Xmx1g"),

    /** For a server that many tests share: a realm's two RSA keys take 0.3 s instead of 3 s, compiled well. */
    LONG_RUN("-XX:-UseG1GC -XX:+UseSerialGC", "-Xms512m -Xmx1g"),

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
