package org.fapipack.bench;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** A fixed number of threads, each of which asks again as soon as it has its answer. Any error ends it. */
final class ClosedLoop implements AutoCloseable {

    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);

    private final int threads;
    private final ExecutorService pool;

    ClosedLoop(int threads) {
        this.threads = threads;
        this.pool = Executors.newFixedThreadPool(threads, task -> {
            Thread thread = new Thread(task, "load");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** What the caller of this loop must put into its requests. */
    static HttpRequest.Builder request() {
        return HttpRequest.newBuilder().timeout(ANSWER_TIMEOUT);
    }

    /**
     * Asks until the time is over; samples under way are then finished and counted.
     *
     * @throws WrongAnswer at the first answer that is not as promised, or that does not come
     */
    Latencies run(HttpClient http, Supplier<Sample> samples, Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        Callable<Latencies> task = () -> ask(http, samples, end);
        List<Future<Latencies>> running = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            running.add(pool.submit(task));
        }
        List<Latencies> parts = new ArrayList<>();
        try {
            for (Future<Latencies> part : running) {
                parts.add(part.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WrongAnswer("interrupted", e);
        } catch (ExecutionException e) {
            running.forEach(part -> part.cancel(true));
            throw e.getCause() instanceof WrongAnswer wrong
                    ? wrong
                    : new WrongAnswer("a request failed: " + e.getCause(), e.getCause());
        }
        return Latencies.merged(parts);
    }

    private static Latencies ask(HttpClient http, Supplier<Sample> samples, long end)
            throws IOException, InterruptedException {
        Latencies latencies = new Latencies();
        Sample sample;
        do {
            sample = samples.get();
            long start = System.nanoTime();
            sample.send(http);
            latencies.add(System.nanoTime() - start);
            sample.glance();
        } while (System.nanoTime() < end);
        sample.verify();
        return latencies;
    }

    @Override
    public void close() {
        pool.shutdownNow();
    }
}
