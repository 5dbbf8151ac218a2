package org.fapipack.bench;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.fapipack.testkit.server.DistributionKeycloak;
import org.fapipack.testkit.tls.TestPki;

/** A Keycloak whose process is known, so that its CPU time can be read. */
final class MeasuredKeycloak implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    private final DistributionKeycloak server;
    private final ProcessHandle java;
    private final HttpClient http;

    private MeasuredKeycloak(DistributionKeycloak server, ProcessHandle java, HttpClient http) {
        this.server = server;
        this.java = java;
        this.http = http;
    }

    /** Starts a server and finds its java process among the new children of this one. */
    static MeasuredKeycloak start(Supplier<DistributionKeycloak> starting, TestPki pki) {
        Set<ProcessHandle> before = new HashSet<>(children());
        DistributionKeycloak server = starting.get();
        try {
            // kc.sh is a shell that waits for java.
            List<ProcessHandle> started = children().stream()
                    .filter(child -> !before.contains(child))
                    .filter(MeasuredKeycloak::isJava)
                    .toList();
            if (started.size() != 1) {
                throw new IllegalStateException("expected one new java process, found " + started.size());
            }
            HttpClient http = HttpClient.newBuilder()
                    // One connection for each thread, as a resource server's pool has them.
                    .version(HttpClient.Version.HTTP_1_1)
                    .sslContext(pki.sslContext())
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(CONNECT_TIMEOUT)
                    .build();
            MeasuredKeycloak keycloak = new MeasuredKeycloak(server, started.get(0), http);
            keycloak.cpu(); // fails now, not after the warm-up
            return keycloak;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    private static List<ProcessHandle> children() {
        return ProcessHandle.current().descendants().toList();
    }

    private static boolean isJava(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> Path.of(command).endsWith("java"))
                .orElse(false);
    }

    DistributionKeycloak server() {
        return server;
    }

    HttpClient http() {
        return http;
    }

    /** CPU time that the server's process has used since it started, user and system. */
    Duration cpu() {
        return java.info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("this system does not tell a process's CPU time"));
    }

    @Override
    public void close() {
        server.close();
    }
}
