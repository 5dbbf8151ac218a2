package org.fapipack.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Prints lines, and says what is going on while something takes long. */
final class Terminal {

    /** Without a terminal there is no line to repaint: a new one now and then shows that it goes on. */
    private static final Duration REPEAT_WITHOUT_TERMINAL = Duration.ofSeconds(10);

    private static final Duration WORTH_TELLING = Duration.ofMillis(500);

    static final int LINE_WIDTH = 96;

    private final PrintStream out;
    private final Style style;
    private final boolean repaint;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "progress");
        thread.setDaemon(true);
        return thread;
    });

    private String activity = "";
    private long activityStart;

    /** @param repaint whether a line can be painted over */
    Terminal(PrintStream out, Style style, boolean repaint) {
        this.out = out;
        this.style = style;
        this.repaint = repaint;
    }

    Style style() {
        return style;
    }

    synchronized void line(String text) {
        clearActivity();
        out.println(text);
    }

    void line() {
        line("");
    }

    /** Does something that may take long, showing what it is and how long it takes. */
    <T> T during(String what, Supplier<T> work) {
        begin(what);
        Duration interval = repaint ? Duration.ofSeconds(1) : REPEAT_WITHOUT_TERMINAL;
        ScheduledFuture<?> ticks =
                ticker.scheduleAtFixedRate(this::tick, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        try {
            T result = work.get();
            ticks.cancel(false);
            done(Duration.ofNanos(System.nanoTime() - activityStart));
            return result;
        } finally {
            ticks.cancel(false);
            end();
        }
    }

    /** The work enters another phase. */
    synchronized void phase(String what) {
        Duration took = Duration.ofNanos(System.nanoTime() - activityStart);
        if (took.compareTo(WORTH_TELLING) > 0) {
            done(took);
        }
        begin(what);
    }

    private synchronized void begin(String what) {
        activity = what;
        activityStart = System.nanoTime();
        paintActivity();
    }

    private synchronized void tick() {
        if (!activity.isEmpty()) {
            paintActivity();
        }
    }

    private void paintActivity() {
        long seconds = Duration.ofNanos(System.nanoTime() - activityStart).toSeconds();
        String text = "   " + activity + style.ellipsis() + (seconds > 0 ? " " + seconds + " s" : "");
        if (repaint) {
            out.print("\r\u001b[2K" + style.dim(text));
            out.flush();
        } else if (seconds > 0) {
            out.println(text);
        }
    }

    private synchronized void done(Duration took) {
        String text = " " + style.tick() + " " + activity;
        clearActivity();
        activity = "";
        out.println(withTime(text, took));
    }

    private synchronized void end() {
        clearActivity();
        activity = "";
    }

    private void clearActivity() {
        if (repaint && !activity.isEmpty()) {
            out.print("\r\u001b[2K");
            out.flush();
        }
    }

    /** A line with its duration at the right. */
    String withTime(String text, Duration took) {
        String time = milliseconds(took);
        return text + " ".repeat(Math.max(2, LINE_WIDTH - Style.width(text) - time.length())) + style.dim(time);
    }

    static String milliseconds(Duration took) {
        return took.toMillis() < 1000
                ? took.toMillis() + " ms"
                : String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
    }
}
