package org.fapipack.testkit.server;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.fapipack.testkit.tls.TestPki;

/**
 * The unpacked Keycloak distribution as a child process on loopback, over https, asking clients for certificates.
 *
 * <p>Building it ({@code kc.sh build}) happens only when a provider JAR or a build option changed since the last time.
 * Started means ready: the management port said so. Several servers may run from one home folder, as long as they were
 * built alike and do not share a file database.
 */
public final class DistributionKeycloak implements KeycloakServer {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(200);

    /** One build at a time in this JVM; the file lock beside it keeps other JVMs out. */
    private static final Object BUILD_LOCK = new Object();

    private final URI baseUri;
    private final int managementPort;
    private final Administrator administrator;
    private final Path logFile;
    private final Process process;
    private final Thread stopAtExit = new Thread(this::stop, "stop-keycloak");

    private DistributionKeycloak(
            URI baseUri, int managementPort, Administrator administrator, Path logFile, Process process) {
        this.baseUri = baseUri;
        this.managementPort = managementPort;
        this.administrator = administrator;
        this.logFile = logFile;
        this.process = process;
    }

    /** A distribution unpacked into this folder, the one that has {@code bin/kc.sh}. */
    public static Builder in(Path home) {
        return new Builder(home.toAbsolutePath().normalize());
    }

    @Override
    public URI baseUri() {
        return baseUri;
    }

    @Override
    public Administrator administrator() {
        return administrator;
    }

    public int managementPort() {
        return managementPort;
    }

    /** What the server writes to standard output and error. */
    public Path logFile() {
        return logFile;
    }

    /** The server's log up to now. */
    public String log() {
        try {
            return Files.readString(logFile);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isRunning() {
        return process.isAlive();
    }

    /** Asks the server to stop and waits; after 20 seconds its processes are killed. */
    @Override
    public void close() {
        stop();
        try {
            Runtime.getRuntime().removeShutdownHook(stopAtExit);
        } catch (IllegalStateException alreadyShuttingDown) {
            return;
        }
    }

    private synchronized void stop() {
        // kc.sh is a shell with java as its child: it hands SIGTERM on, but a kill of the shell alone would orphan
        // java.
        List<ProcessHandle> children = process.descendants().toList();
        process.destroy();
        if (!hasEnded(process)) {
            children.forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static boolean hasEnded(Process process) {
        try {
            process.onExit().get(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    /** Ends the server at once, as a power cut does: it says goodbye to nobody. */
    public synchronized void kill() {
        List<ProcessHandle> all = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        all.forEach(ProcessHandle::destroyForcibly);
        all.forEach(each -> each.onExit().join());
        close();
    }

    private DistributionKeycloak awaitReadiness(Duration timeout) {
        Runtime.getRuntime().addShutdownHook(stopAtExit);
        URI health = URI.create("http://127.0.0.1:" + managementPort + "/health/ready");
        HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            while (!isReady(http, health)) {
                if (!process.isAlive()) {
                    throw failed("Keycloak ended while it started");
                }
                if (System.nanoTime() > deadline) {
                    throw failed("Keycloak was not ready after " + timeout.toSeconds() + " s");
                }
                Thread.sleep(POLL_INTERVAL.toMillis());
            }
            return this;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new KeycloakStartException("interrupted while Keycloak started", e);
        } catch (KeycloakStartException e) {
            close();
            throw e;
        }
    }

    private KeycloakStartException failed(String what) {
        return failure(what, logFile);
    }

    private static KeycloakStartException failure(String what, Path log) {
        return new KeycloakStartException(
                what + ": " + ServerLog.lastError(log).orElse("no output") + " (log: " + log + ")");
    }

    /** The ports open, and "started" is logged, seconds before the server can answer: only this end point knows. */
    private static boolean isReady(HttpClient http, URI health) throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(health)
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public String toString() {
        return "DistributionKeycloak[" + baseUri + "]";
    }

    /** How to build and start the server. Mutable; {@link #start} may be called more than once. */
    public static final class Builder {

        private final Path home;
        private final List<Path> providers = new ArrayList<>();
        private final List<Path> realmImports = new ArrayList<>();
        private final Map<String, String> buildOptions = new LinkedHashMap<>();
        private final Map<String, String> startOptions = new LinkedHashMap<>();
        private final Map<String, String> environment = new LinkedHashMap<>();
        private final List<String> javaOptions = new ArrayList<>();
        private Database database = Database.inMemory();
        private JvmFlags jvmFlags = JvmFlags.FAST_START;
        private Administrator administrator = new Administrator("admin", "admin");
        private TestPki pki;
        private Path logFolder;
        private String name = "keycloak";
        private int httpsPort;
        private int managementPort;
        private Duration startTimeout = Duration.ofMinutes(4);
        private Duration buildTimeout = Duration.ofMinutes(5);
        private Consumer<String> progress = step -> {};

        private Builder(Path home) {
            this.home = home;
            this.logFolder = home.resolveSibling(home.getFileName() + "-logs");
            buildOption("--health-enabled=true");
            buildOption("--https-client-auth=request");
            startOption("--cache=local");
            startOption("--hostname-strict=false");
            startOption("--http-host=127.0.0.1");
            startOption("--http-management-scheme=http");
            // Each readiness poll would log a line.
            startOption("--log-level=INFO,io.smallrye.health:ERROR");
        }

        /** JARs to install; copies of ours that are not among them are removed. */
        public Builder providers(Path... jars) {
            providers.addAll(List.of(jars));
            return this;
        }

        /** A build-time option such as {@code --features=...}; replaces an earlier one of that name. */
        public Builder buildOption(String option) {
            put(buildOptions, option);
            return this;
        }

        /** A run-time option such as {@code --cache=ispn}; replaces an earlier one of that name. */
        public Builder startOption(String option) {
            put(startOptions, option);
            return this;
        }

        public Builder environment(String variable, String value) {
            environment.put(variable, value);
            return this;
        }

        /** One more argument for the server's JVM, for example a Java agent. */
        public Builder javaOption(String option) {
            javaOptions.add(option);
            return this;
        }

        /** H2 in memory unless set. */
        public Builder database(Database value) {
            database = value;
            return this;
        }

        /** The server's certificate, and the authority it trusts for client certificates. Required. */
        public Builder tls(TestPki value) {
            pki = value;
            return this;
        }

        public Builder jvmFlags(JvmFlags value) {
            jvmFlags = value;
            return this;
        }

        /** The first administrator, made when the database has none. */
        public Builder administrator(Administrator value) {
            administrator = value;
            return this;
        }

        /** 0, the default: any free port. */
        public Builder httpsPort(int value) {
            httpsPort = value;
            return this;
        }

        /** 0, the default: any free port. */
        public Builder managementPort(int value) {
            managementPort = value;
            return this;
        }

        /** Realm files that {@code --import-realm} reads when the server starts. */
        public Builder realmImports(Path... files) {
            realmImports.addAll(List.of(files));
            return this;
        }

        /** Where the logs go; beside the home folder unless set. */
        public Builder logFolder(Path value) {
            logFolder = value.toAbsolutePath().normalize();
            return this;
        }

        /** Names the log files; two servers at a time need two names. */
        public Builder name(String value) {
            name = value;
            return this;
        }

        public Builder startTimeout(Duration value) {
            startTimeout = value;
            return this;
        }

        /** Told what is going on before each step that takes more than a moment. */
        public Builder onProgress(Consumer<String> listener) {
            progress = listener;
            return this;
        }

        /** Installs, builds if needed, starts and waits until the server is ready. */
        public DistributionKeycloak start() {
            if (pki == null) {
                throw new IllegalStateException("no TLS material given");
            }
            int port = port(httpsPort, "https");
            int management = port(managementPort, "management");
            try {
                Files.createDirectories(logFolder);
                build();
                copyRealmImports();
                progress.accept("starting Keycloak");
                Path log = logFolder.resolve(name + "-start.log");
                Process process = launch(startArguments(port, management), log, jvmFlags);
                return new DistributionKeycloak(
                                URI.create("https://localhost:" + port), management, administrator, log, process)
                        .awaitReadiness(startTimeout);
            } catch (IOException e) {
                throw new KeycloakStartException("cannot start Keycloak from " + home + ": " + e, e);
            }
        }

        /** Installs and builds without starting. True when a build was necessary. */
        public boolean build() {
            if (!Files.isExecutable(home.resolve("bin/kc.sh"))) {
                throw new KeycloakStartException("no Keycloak distribution in " + home + " (bin/kc.sh is missing)");
            }
            for (Path jar : providers) {
                if (!Files.isRegularFile(jar)) {
                    throw new KeycloakStartException("no such provider JAR: " + jar);
                }
            }
            synchronized (BUILD_LOCK) {
                try (FileChannel file = FileChannel.open(
                        home.resolve("fapi-pack-build.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                    file.lock(); // released with the channel
                    return buildIfChanged();
                } catch (IOException e) {
                    throw new KeycloakStartException("cannot build Keycloak in " + home + ": " + e, e);
                }
            }
        }

        private boolean buildIfChanged() throws IOException {
            InstalledProviders installed = new InstalledProviders(home);
            List<String> options = new ArrayList<>(List.of("--db=" + database.kind()));
            options.addAll(arguments(buildOptions));
            installed.install(providers);
            if (installed.isBuiltWith(options) || installed.restoreBuild(options)) {
                return false;
            }
            progress.accept("building Keycloak with its providers");
            installed.forgetBuild();
            Files.createDirectories(logFolder);
            Path log = logFolder.resolve(name + "-build.log");
            List<String> arguments = new ArrayList<>(List.of("build"));
            arguments.addAll(options);
            Process process = launch(arguments, log, JvmFlags.FAST_START);
            try {
                if (!process.waitFor(buildTimeout.toSeconds(), TimeUnit.SECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                    throw failure("kc.sh build took more than " + buildTimeout.toSeconds() + " s", log);
                }
            } catch (InterruptedException e) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
                Thread.currentThread().interrupt();
                throw new KeycloakStartException("interrupted while Keycloak was built", e);
            }
            if (process.exitValue() != 0) {
                throw failure("kc.sh build failed", log);
            }
            installed.rememberBuild(options);
            return true;
        }

        private void copyRealmImports() throws IOException {
            Path folder = home.resolve("data/import");
            if (Files.isDirectory(folder)) {
                try (DirectoryStream<Path> earlier = Files.newDirectoryStream(folder, "*.json")) {
                    for (Path file : earlier) {
                        Files.delete(file);
                    }
                }
            }
            if (!realmImports.isEmpty()) {
                Files.createDirectories(folder);
                for (Path file : realmImports) {
                    Files.copy(
                            file, folder.resolve(file.getFileName().toString()), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }

        private List<String> startArguments(int port, int management) {
            Map<String, String> options = new LinkedHashMap<>();
            put(options, "--https-port=" + port);
            put(options, "--http-management-port=" + management);
            put(options, "--https-certificate-file=" + pki.serverPem());
            put(options, "--https-certificate-key-file=" + pki.serverKeyPem());
            put(options, "--truststore-paths=" + pki.caPem() + ',' + pki.clientTrustPem());
            database.startOptions().forEach(option -> put(options, option));
            options.putAll(startOptions);
            List<String> arguments = new ArrayList<>(List.of("start", "--optimized"));
            if (!realmImports.isEmpty()) {
                arguments.add("--import-realm");
            }
            arguments.addAll(arguments(options));
            return arguments;
        }

        private Process launch(List<String> arguments, Path log, JvmFlags flags) throws IOException {
            List<String> command =
                    new ArrayList<>(List.of(home.resolve("bin/kc.sh").toString()));
            command.addAll(arguments);
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .redirectOutput(log.toFile());
            Map<String, String> variables = builder.environment();
            // Whatever the developer's shell sets for another Keycloak must not reach this one.
            variables.keySet().removeIf(variable -> variable.startsWith("KC_") || variable.startsWith("JAVA_OPTS"));
            variables.put("JAVA_HOME", System.getProperty("java.home"));
            variables.put("KC_BOOTSTRAP_ADMIN_USERNAME", administrator.username());
            variables.put("KC_BOOTSTRAP_ADMIN_PASSWORD", administrator.password());
            variables.put("JAVA_OPTS_APPEND", (flags.options() + " " + String.join(" ", javaOptions)).strip());
            Optional.of(flags.heap())
                    .filter(heap -> !heap.isEmpty())
                    .ifPresent(heap -> variables.put("JAVA_OPTS_KC_HEAP", heap));
            variables.putAll(database.environment());
            variables.putAll(environment);
            return builder.start();
        }

        private static int port(int wanted, String purpose) {
            if (wanted == 0) {
                return Ports.free();
            }
            if (!Ports.isFree(wanted)) {
                throw new KeycloakStartException(
                        "port " + wanted + " (" + purpose + ") is taken by another program on this machine");
            }
            return wanted;
        }

        /** "--name=value" by name, so that a later one replaces an earlier one. */
        private static void put(Map<String, String> options, String option) {
            if (!option.startsWith("--")) {
                throw new IllegalArgumentException("not an option: " + option);
            }
            int equals = option.indexOf('=');
            options.put(equals < 0 ? option : option.substring(0, equals), option);
        }

        private static List<String> arguments(Map<String, String> options) {
            return List.copyOf(options.values());
        }
    }
}
