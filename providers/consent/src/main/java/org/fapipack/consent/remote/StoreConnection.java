package org.fapipack.consent.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.client.config.CookieSpecs;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.config.ConnectionConfig;
import org.apache.http.config.MessageConstraints;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.config.SocketConfig;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.ssl.DefaultHostnameVerifier;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.fapipack.consent.ConsentMeters;
import org.fapipack.consent.remote.StoreFailure.Kind;
import org.fapipack.core.outgoing.AddressReach;
import org.fapipack.core.outgoing.CircuitBreaker;
import org.fapipack.core.outgoing.CircuitBreaker.Permit;
import org.fapipack.core.outgoing.CircuitBreaker.State;
import org.jboss.logging.Logger;

/**
 * Calls one store, as guarded as a call can be: https with the name verified, addresses checked at the moment they are connected to (a name
 * cannot lead elsewhere in between), no redirect, no cookie, no proxy, no compression, headers and body of bounded size, bounded time for the
 * whole, one repetition where it is safe, and none at all while the store is known to fail. Safe for threads.
 */
final class StoreConnection implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(StoreConnection.class);

    /** Also the most calls at a time: one store that does not answer leaves threads for the others. */
    static final int MAX_CONNECTIONS = 32;

    private static final int MAX_HEADERS = 100;
    private static final int MAX_HEADER_CHARACTERS = 8192;
    private static final int KEEP_SECONDS = 60;
    private static final int CHECK_AFTER_MILLISECONDS = 1000;

    private final StoreSettings settings;
    private final CircuitBreaker breaker;
    private final ExecutorService threads;
    private final Semaphore room = new Semaphore(MAX_CONNECTIONS);
    private final CloseableHttpClient http;

    StoreConnection(StoreSettings settings, SSLContext tls, CircuitBreaker breaker, ExecutorService threads) {
        this.settings = settings;
        this.breaker = breaker;
        this.threads = threads;
        this.http = client(settings, tls);
    }

    private static CloseableHttpClient client(StoreSettings settings, SSLContext tls) {
        int timeout = (int) settings.timeout().toMillis();
        PoolingHttpClientConnectionManager connections = new PoolingHttpClientConnectionManager(
                RegistryBuilder.<ConnectionSocketFactory>create()
                        .register(
                                "https",
                                new SSLConnectionSocketFactory(
                                        tls, new String[] {"TLSv1.3", "TLSv1.2"}, null, new DefaultHostnameVerifier()))
                        .build(),
                null,
                null,
                name -> AddressReach.check(InetAddress.getAllByName(name), settings.privateAddresses()),
                KEEP_SECONDS,
                TimeUnit.SECONDS);
        connections.setMaxTotal(MAX_CONNECTIONS);
        connections.setDefaultMaxPerRoute(MAX_CONNECTIONS);
        connections.setValidateAfterInactivity(CHECK_AFTER_MILLISECONDS);
        connections.setDefaultSocketConfig(
                SocketConfig.custom().setSoTimeout(timeout).setTcpNoDelay(true).build());
        connections.setDefaultConnectionConfig(ConnectionConfig.custom()
                .setMessageConstraints(MessageConstraints.custom()
                        .setMaxHeaderCount(MAX_HEADERS)
                        .setMaxLineLength(MAX_HEADER_CHARACTERS)
                        .build())
                .build());
        return HttpClients.custom()
                .setConnectionManager(connections)
                .setDefaultRequestConfig(RequestConfig.custom()
                        .setConnectTimeout((int) settings.connectTimeout().toMillis())
                        .setConnectionRequestTimeout(timeout)
                        .setSocketTimeout(timeout)
                        .setRedirectsEnabled(false)
                        .setContentCompressionEnabled(false)
                        .setNormalizeUri(false)
                        .setCookieSpec(CookieSpecs.IGNORE_COOKIES)
                        .build())
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .setUserAgent("fapi-pack")
                .build();
    }

    /**
     * Makes a call; once more where the first failed and may have been bad luck. Each has an authorization of its own.
     *
     * @param authorization value of the header, for one call
     * @throws StoreFailure if there is no answer that can be used
     */
    StoreAnswer send(StoreCall call, Function<StoreCall, String> authorization) throws StoreFailure {
        try {
            return once(call, authorization.apply(call));
        } catch (StoreFailure first) {
            if (!first.mayPass(call.isChange())) {
                throw first;
            }
            LOG.debugf("calling the consent store again: %s", first.kind().code());
            return once(call, authorization.apply(call));
        }
    }

    private StoreAnswer once(StoreCall call, String authorization) throws StoreFailure {
        long began = System.nanoTime();
        try {
            StoreAnswer answer = guarded(call, authorization);
            measure(call, answer.isNo() ? "no" : "ok", began);
            return answer;
        } catch (StoreFailure failure) {
            measure(call, failure.kind().code(), began);
            throw failure;
        }
    }

    private void measure(StoreCall call, String outcome, long began) {
        ConsentMeters.called(
                settings.url().orElseThrow(), call.operation(), outcome, Duration.ofNanos(System.nanoTime() - began));
    }

    private StoreAnswer guarded(StoreCall call, String authorization) throws StoreFailure {
        Permit permit = breaker.begin().orElseThrow(() -> new StoreFailure(Kind.STORE_PAUSED));
        try {
            StoreAnswer answer = inTime(request(call, authorization));
            note(breaker.end(permit, true));
            return answer;
        } catch (StoreFailure failure) {
            if (failure.kind() != Kind.STORE_BUSY) {
                // What one client's request or one realm's settings bring about must not stop the calls of the others.
                note(breaker.end(permit, !failure.isOutage()));
            }
            throw failure;
        }
    }

    private void note(Optional<State> changed) {
        changed.ifPresent(state -> LOG.warnf(
                "consent store %s: %s",
                settings.url().orElseThrow(),
                state == State.OPEN ? "no calls for a while, because too many failed" : "it answers again"));
    }

    private static HttpUriRequest request(StoreCall call, String authorization) {
        RequestBuilder request = RequestBuilder.create(call.method())
                .setUri(call.uri())
                .setHeader("Authorization", authorization)
                .setHeader("Accept", "application/json");
        call.idempotencyKey().ifPresent(key -> request.setHeader("Idempotency-Key", key));
        call.interactionId().ifPresent(id -> request.setHeader("x-fapi-interaction-id", id));
        if (call.hasBody()) {
            request.setHeader("Content-Type", "application/json")
                    .setEntity(new ByteArrayEntity(call.body().getBytes(StandardCharsets.UTF_8)));
        }
        return request.build();
    }

    /** Time-outs of sockets begin anew with each byte, and looking up a name has none: so another thread calls, and is stopped. */
    private StoreAnswer inTime(HttpUriRequest request) throws StoreFailure {
        Callable<StoreAnswer> work = () -> {
            try {
                return answer(request);
            } finally {
                room.release();
            }
        };
        if (!room.tryAcquire()) {
            throw new StoreFailure(Kind.STORE_BUSY);
        }
        Future<StoreAnswer> running;
        try {
            running = threads.submit(work);
        } catch (RejectedExecutionException busy) {
            room.release();
            throw new StoreFailure(Kind.STORE_BUSY, busy);
        }
        try {
            return running.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new StoreFailure(Kind.STORE_TIMEOUT, late);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new StoreFailure(Kind.STORE_TIMEOUT, stopped);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof StoreFailure failure) {
                throw failure;
            }
            throw failed.getCause() instanceof IOException io
                    ? StoreFailure.of(io)
                    : new StoreFailure(Kind.STORE_ANSWER_INVALID, failed.getCause());
        } finally {
            if (!running.isDone()) {
                request.abort();
            }
        }
    }

    private StoreAnswer answer(HttpUriRequest request) throws IOException, StoreFailure {
        try (CloseableHttpResponse response = http.execute(request)) {
            int status = response.getStatusLine().getStatusCode();
            byte[] body = body(response.getEntity());
            if (status == 401 || status == 403) {
                throw new StoreFailure(Kind.STORE_REFUSES_US);
            }
            if (status == 429 || status >= 500) {
                throw new StoreFailure(Kind.STORE_ERROR);
            }
            if (status == 404 || status == 409 || status == 422) {
                return StoreAnswer.no();
            }
            if (status != 200 || !isJson(response.getEntity())) {
                throw new StoreFailure(Kind.STORE_ANSWER_INVALID);
            }
            return StoreAnswer.of(body);
        }
    }

    /** Leaves what is too much unread; the connection is closed with it. */
    private byte[] body(HttpEntity entity) throws IOException, StoreFailure {
        if (entity == null) {
            return new byte[0];
        }
        if (entity.getContentLength() > settings.maxAnswerBytes()) {
            throw new StoreFailure(Kind.STORE_ANSWER_TOO_LARGE);
        }
        InputStream content = entity.getContent();
        byte[] body = content.readNBytes(settings.maxAnswerBytes() + 1);
        if (body.length > settings.maxAnswerBytes()) {
            throw new StoreFailure(Kind.STORE_ANSWER_TOO_LARGE);
        }
        content.close();
        return body;
    }

    private static boolean isJson(HttpEntity entity) {
        Header type = entity == null ? null : entity.getContentType();
        String value =
                type == null ? "" : type.getValue().toLowerCase(Locale.ROOT).replace(" ", "");
        boolean encoded = entity != null && entity.getContentEncoding() != null;
        return !encoded && (value.equals("application/json") || value.equals("application/json;charset=utf-8"));
    }

    @Override
    public void close() {
        try {
            http.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
