package org.fapipack.testkit.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A transaction in the database of the servers, with what it locked; others go on when it is closed. */
public final class OpenTransaction implements AutoCloseable {

    private static final String HELD = "held";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final PostgresServer database;
    private final Process process;
    private final Writer input;

    private OpenTransaction(PostgresServer database, Process process) {
        this.database = database;
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
    }

    static OpenTransaction of(PostgresServer database, List<String> psql, String statement) {
        try {
            Process process = new ProcessBuilder(psql).redirectErrorStream(true).start();
            OpenTransaction transaction = new OpenTransaction(database, process);
            transaction.say("begin;\n" + statement + ";\n\\echo " + HELD + "\n");
            BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            StringBuilder said = new StringBuilder();
            for (String line = output.readLine(); !HELD.equals(line); line = output.readLine()) {
                if (line == null) {
                    throw new IllegalStateException(statement + " failed: " + said);
                }
                said.append(line).append('\n');
            }
            return transaction;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Waits until so many others, in all of the database, wait for a lock. */
    public void awaitWaiting(int others) throws InterruptedException {
        Instant late = Instant.now().plus(PATIENCE);
        while (waiting() < others) {
            if (Instant.now().isAfter(late)) {
                throw new IllegalStateException("only " + waiting() + " wait for a lock");
            }
            Thread.sleep(50);
        }
    }

    private int waiting() {
        return Integer.parseInt(database.ask("select count(*) from pg_stat_activity where wait_event_type = 'Lock'")
                .strip());
    }

    @Override
    public void close() {
        try {
            say("commit;\n");
            input.close();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("the transaction does not end");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    private void say(String text) throws IOException {
        input.write(text);
        input.flush();
    }
}
