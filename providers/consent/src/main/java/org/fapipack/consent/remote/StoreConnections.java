package org.fapipack.consent.remote;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.fapipack.consent.ConsentMeters;
import org.fapipack.consent.remote.StoreFailure.Kind;
import org.fapipack.core.outgoing.CircuitBreaker;
import org.keycloak.common.util.Time;
import org.keycloak.models.KeycloakSession;
import org.keycloak.truststore.TruststoreProvider;

/**
 * The connections of this node to stores, and what it knows of them. Calls run in threads of their own, few enough that a store which does not
 * answer cannot use up the server.
 */
final class StoreConnections implements AutoCloseable {

    /** Of which one store has {@link StoreConnection#MAX_CONNECTIONS} at most. */
    private static final int MAX_THREADS = 256;

    private static final int IDLE_SECONDS = 60;

    /** Each change of settings makes a new connection; this many are kept. */
    private static final int MAX_CONNECTIONS = 50;

    /** Realms that describe a store alike share what they know of it. */
    private record BreakerKey(URI url, int failures, Duration pause) {}

    private final Optional<ClientKey> clientKey;
    private final ExecutorService threads;
    /** The one that was used longest ago comes first. */
    private final Map<StoreSettings, StoreConnection> connections = new LinkedHashMap<>(16, 0.75f, true);

    private final Map<BreakerKey, CircuitBreaker> breakers = new HashMap<>();

    /**
     * A key and its certificate in a file.
     *
     * @param file PKCS#12, or JKS
     */
    record ClientKey(Path file, String password) {

        KeyManager[] managers() throws GeneralSecurityException, IOException {
            KeyStore store = KeyStore.getInstance(file.toString().endsWith(".jks") ? "JKS" : "PKCS12");
            try (InputStream in = Files.newInputStream(file)) {
                store.load(in, password.toCharArray());
            }
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password.toCharArray());
            return keys.getKeyManagers();
        }

        @Override
        public String toString() {
            return "ClientKey[" + file + "]";
        }
    }

    StoreConnections(Optional<ClientKey> clientKey) {
        this.clientKey = clientKey;
        AtomicInteger number = new AtomicInteger();
        this.threads = new ThreadPoolExecutor(
                0, MAX_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "fapi-consent-store-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
    }

    /** The connection with these settings. */
    synchronized StoreConnection of(KeycloakSession session, StoreSettings settings) throws StoreFailure {
        StoreConnection known = connections.get(settings);
        if (known == null) {
            if (connections.size() >= MAX_CONNECTIONS) {
                Iterator<StoreConnection> oldestFirst = connections.values().iterator();
                oldestFirst.next().close();
                oldestFirst.remove();
            }
            known = new StoreConnection(settings, tls(session, settings), breaker(settings), threads);
            connections.put(settings, known);
        }
        return known;
    }

    private CircuitBreaker breaker(StoreSettings settings) {
        if (breakers.size() >= MAX_CONNECTIONS) {
            breakers.clear();
        }
        URI url = settings.url().orElseThrow();
        ConsentMeters.pause(url, () -> isPaused(url));
        return breakers.computeIfAbsent(
                new BreakerKey(settings.url().orElseThrow(), settings.failuresToPause(), settings.pause()),
                key -> new CircuitBreaker(
                        key.failures(), key.pause(), () -> Instant.ofEpochMilli(Time.currentTimeMillis())));
    }

    private synchronized boolean isPaused(URI url) {
        return breakers.entrySet().stream()
                .filter(known -> known.getKey().url().equals(url))
                .anyMatch(known -> known.getValue().state() != CircuitBreaker.State.CLOSED);
    }

    /** Trusts whom the server trusts; the name in the certificate is verified whatever the server's setting for that is. */
    private SSLContext tls(KeycloakSession session, StoreSettings settings) throws StoreFailure {
        KeyManager[] keys = null;
        try {
            if (settings.clientCertificate()) {
                keys = clientKey
                        .orElseThrow(() -> new StoreFailure(Kind.STORE_NO_CLIENT_KEY))
                        .managers();
            }
        } catch (GeneralSecurityException | IOException unreadable) {
            throw new StoreFailure(Kind.STORE_NO_CLIENT_KEY, unreadable);
        }
        try {
            TruststoreProvider trusted = session.getProvider(TruststoreProvider.class);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted == null ? null : trusted.getTruststore());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust.getTrustManagers(), null);
            return context;
        } catch (GeneralSecurityException unusable) {
            throw new StoreFailure(Kind.STORE_TLS, unusable);
        }
    }

    @Override
    public synchronized void close() {
        threads.shutdownNow();
        connections.values().forEach(StoreConnection::close);
        connections.clear();
    }
}
