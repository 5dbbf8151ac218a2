package org.fapipack.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.fapipack.demo.api.AccountsApi;
import org.fapipack.demo.api.IntrospectionReport;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.overlay.Sandbox;
import org.fapipack.testkit.tls.TestPki;

/** The account API as a child process. It ends with this process, however that ends: its standard input closes. */
final class ApiProcess implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);

    /** A report leaves the API before its answer does; only the reader of the pipe may lag behind. */
    private static final Duration REPORT_TIMEOUT = Duration.ofSeconds(10);

    private final Process process;
    private final Path keyFile;
    private final Path logFile;
    private final CompletableFuture<URI> baseUri = new CompletableFuture<>();
    private final List<IntrospectionReport> reports = new ArrayList<>();
    private boolean outputEnded;

    /** The API did not come up; the message says why, in one line. */
    static final class StartException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        StartException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private ApiProcess(Process process, Path keyFile, Path logFile) {
        this.process = process;
        this.keyFile = keyFile;
        this.logFile = logFile;
        Thread reader = new Thread(this::read, "account-api-output");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts the API on any free port and waits until it serves.
     *
     * @param folder for its private key (mode 600, gone when the API has stopped) and its log
     */
    static ApiProcess start(Path folder, TestPki pki, URI issuer, Stage.ApiSettings settings) {
        Path keyFile = folder.resolve("accounts-api-key.json");
        Path logFile = folder.resolve("accounts-api.log");
        ApiProcess api;
        try {
            Files.deleteIfExists(keyFile);
            Files.createFile(
                    keyFile, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(keyFile, Json.write(settings.key().privateJwk().toJSONObject()));
            ProcessBuilder command = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-XX:TieredStopAtLevel=1",
                            "-XX:+UseSerialGC",
                            "-Xmx64m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            AccountsApi.class.getName(),
                            AccountsApi.CHILD)
                    .redirectError(logFile.toFile());
            Map<String, String> environment = command.environment();
            environment.clear();
            environment.put(AccountsApi.PORT, "0");
            environment.put(AccountsApi.ISSUER, issuer.toString());
            environment.put(AccountsApi.CLIENT_ID, Sandbox.RESOURCE_SERVER);
            environment.put(AccountsApi.KEY_FILE, keyFile.toString());
            environment.put(AccountsApi.RESPONSE_ALGORITHM, settings.responseAlgorithm());
            settings.evidence().ifPresent(requests -> {
                environment.put(AccountsApi.HTTP_SIGNATURES, "required");
                environment.put(AccountsApi.EVIDENCE_FOLDER, requests.toString());
            });
            environment.put(AccountsApi.TLS_CERTIFICATE_FILE, pki.serverPem().toString());
            environment.put(AccountsApi.TLS_KEY_FILE, pki.serverKeyPem().toString());
            environment.put(AccountsApi.CA_FILE, pki.caPem().toString());
            api = new ApiProcess(command.start(), keyFile, logFile);
        } catch (IOException e) {
            throw new StartException("cannot start the account API: " + e.getMessage(), e);
        }
        try {
            api.baseUri.get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            return api;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            api.close();
            throw new StartException("interrupted while the account API started", e);
        } catch (ExecutionException | TimeoutException e) {
            api.close();
            throw new StartException("the account API did not start: " + api.lastLogLine(), e);
        }
    }

    /** The protected resource. */
    URI accounts() {
        return URI.create(baseUri.join() + "/accounts");
    }

    /** Where a statement is ordered. */
    URI statements() {
        return URI.create(baseUri.join() + "/statements");
    }

    Path logFile() {
        return logFile;
    }

    boolean isRunning() {
        return process.isAlive();
    }

    /** The API's first introspection of this token, which a call with it must have caused; empty when there was none. */
    synchronized Optional<IntrospectionReport> introspectionOf(String accessToken) {
        long deadline = System.nanoTime() + REPORT_TIMEOUT.toNanos();
        while (true) {
            Optional<IntrospectionReport> found = reports.stream()
                    .filter(report -> report.token().equals(Optional.of(accessToken)))
                    .findFirst();
            long restMillis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
            if (found.isPresent() || outputEnded || restMillis <= 0) {
                return found;
            }
            try {
                wait(restMillis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }
    }

    private void read() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            String line = lines.readLine();
            if (line != null && line.startsWith(AccountsApi.READY)) {
                baseUri.complete(URI.create(line.substring(AccountsApi.READY.length())));
                while ((line = lines.readLine()) != null) {
                    add(IntrospectionReport.parse(line));
                }
            }
        } catch (IOException | RuntimeException e) {
            baseUri.completeExceptionally(e);
        } finally {
            baseUri.completeExceptionally(new IOException("no address"));
            end();
        }
    }

    private synchronized void add(IntrospectionReport report) {
        reports.add(report);
        notifyAll();
    }

    private synchronized void end() {
        outputEnded = true;
        notifyAll();
    }

    private String lastLogLine() {
        try {
            List<String> lines = Files.readAllLines(logFile);
            return lines.isEmpty() ? "no message" : lines.get(lines.size() - 1);
        } catch (IOException e) {
            return "no log";
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
        try {
            Files.deleteIfExists(keyFile);
        } catch (IOException stays) {
            // The next start replaces it.
            return;
        }
    }
}
