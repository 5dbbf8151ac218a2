package org.fapipack.consent.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.net.ssl.SSLContext;
import org.fapipack.consent.ConsentSource.TokenCheck;
import org.fapipack.consent.remote.StoreFailure.Kind;
import org.fapipack.core.outgoing.CircuitBreaker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A store that takes connections and says nothing. */
class StoreConnectionTest {

    private final ExecutorService ofTheServer = Executors.newCachedThreadPool();
    private final ExecutorService callers = Executors.newCachedThreadPool();

    @AfterEach
    void stop() {
        callers.shutdownNow();
        ofTheServer.shutdownNow();
    }

    @Test
    void oneStoreTakesABoundedNumberOfThreads() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
                ServerSocket other = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
                StoreConnection connection = to(silent);
                StoreConnection another = to(other)) {
            silent.setSoTimeout(60_000); // a call that does not arrive fails the test instead of stopping it for ever
            List<Future<Kind>> calls = new ArrayList<>();
            List<Socket> accepted = new ArrayList<>();
            for (int i = 0; i < StoreConnection.MAX_CONNECTIONS; i++) {
                calls.add(callers.submit(() -> failure(connection, silent)));
                accepted.add(silent.accept());
            }

            assertThat(failure(connection, silent)).isEqualTo(Kind.STORE_BUSY);
            callers.execute(() -> hangUp(other));
            assertThat(failure(another, other)).isNotEqualTo(Kind.STORE_BUSY);

            callers.execute(() -> hangUp(silent));
            for (Socket socket : accepted) {
                socket.close();
            }
            for (Future<Kind> call : calls) {
                assertThat(call.get()).isNotEqualTo(Kind.STORE_BUSY);
            }
            assertThat(failure(connection, silent)).as("there is room again").isNotEqualTo(Kind.STORE_BUSY);
        }
    }

    /** Whoever calls again is not kept. */
    private static void hangUp(ServerSocket store) {
        try {
            while (!store.isClosed()) {
                store.accept().close();
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private static Kind failure(StoreConnection connection, ServerSocket store) {
        List<Kind> kinds = new ArrayList<>();
        assertThatThrownBy(() -> connection.send(
                        StoreCall.change(URI.create(url(store) + "/consents/x/reject"), "{}", "key"),
                        call -> "Bearer x"))
                .isInstanceOfSatisfying(StoreFailure.class, failure -> kinds.add(failure.kind()));
        return kinds.get(0);
    }

    private static String url(ServerSocket store) {
        return "https://localhost:" + store.getLocalPort();
    }

    private StoreConnection to(ServerSocket store) throws Exception {
        StoreSettings settings = new StoreSettings(
                false,
                Optional.of(URI.create(url(store))),
                url(store),
                false,
                true,
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                4096,
                1000,
                Duration.ofSeconds(1),
                "id",
                TokenCheck.NEVER,
                "",
                JsonNodeFactory.instance.objectNode());
        return new StoreConnection(
                settings,
                SSLContext.getDefault(),
                new CircuitBreaker(1000, Duration.ofSeconds(1), InstantSource.system()),
                ofTheServer);
    }
}
