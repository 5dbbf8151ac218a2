package org.fapipack.demo;

import java.io.PrintStream;
import java.time.Duration;
import org.fapipack.testkit.server.ChildProcesses;

/**
 * Ends the program in one way, however it ends: first Keycloak and the API, then this process.
 *
 * <p>Ctrl-C and SIGTERM during normal operation are how one stops the demo, hence exit code 0 and not the JVM's 130 or
 * 143.
 */
final class StopSwitch {

    /** What a shell reports for a program ended by SIGINT. */
    private static final int INTERRUPTED = 130;

    private static final Duration PATIENCE = Duration.ofSeconds(25);

    private final PrintStream err;
    private AutoCloseable resource = () -> {};
    private int exitCode = INTERRUPTED;
    private boolean orderly;
    private volatile boolean stopping;

    private StopSwitch(PrintStream err) {
        this.err = err;
    }

    static StopSwitch install(PrintStream err) {
        StopSwitch stop = new StopSwitch(err);
        Runtime.getRuntime().addShutdownHook(new Thread(stop::onShutdown, "stop"));
        return stop;
    }

    /** What to close before the process ends. */
    synchronized void closes(AutoCloseable value) {
        resource = value;
    }

    /** From now on a signal is the expected end. */
    synchronized void mayExitWith(int code) {
        exitCode = code;
    }

    boolean isStopping() {
        return stopping;
    }

    /** The end of the program from within. */
    void exit(int code) {
        synchronized (this) {
            exitCode = code;
            orderly = true;
        }
        System.exit(code);
    }

    private synchronized void onShutdown() {
        stopping = true;
        if (!orderly) {
            err.println();
            err.println(" stopping Keycloak");
            close();
        }
        // A server that is still being built or started is not yet ours to close, but it is our child.
        ChildProcesses.end(PATIENCE);
        // Only halting replaces the exit code of a signal.
        Runtime.getRuntime().halt(exitCode);
    }

    private void close() {
        try {
            resource.close();
        } catch (Exception e) {
            err.println("demo: " + e);
        }
    }
}
