package org.fapipack.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.tls.TestPki;

/**
 * The client's own pages, for a person's browser: the first sends it to the authorization server, the second takes the answer, which comes behind the
 * {@code #} where servers do not see it.
 */
final class ClientSite {

    private static final String CALLBACK = "/callback";
    private static final String ANSWER = "/answer";

    /** As long as a request may take to be made. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);

    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    private static final String PAGE = """
            <!DOCTYPE html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>The app</title>
            <body style="font: 1.2rem/1.5 system-ui; max-width: 36rem; margin: 3rem auto; padding: 0 1rem">
            %s
            </html>
            """;

    private final HttpsServer server;
    private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();

    /** Somebody opened a page: the first one, and waits to be sent on, or the last one, with an answer. */
    private record Event(CompletableFuture<URI> visitor, Form answer) {}

    private ClientSite(HttpsServer server) {
        this.server = server;
    }

    /** On loopback and any free port, until this process ends. */
    static ClientSite open(TestPki pki) {
        try {
            HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(pki.serverContext()));
            server.setExecutor(Executors.newCachedThreadPool(task -> {
                Thread thread = new Thread(task, "client-site");
                thread.setDaemon(true);
                return thread;
            }));
            ClientSite site = new ClientSite(server);
            server.createContext("/", site::handle);
            server.start();
            return site;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open the client's site", e);
        }
    }

    /** What a person opens. */
    URI address() {
        return URI.create("https://localhost:" + server.getAddress().getPort() + "/");
    }

    URI redirectUri() {
        return address().resolve(CALLBACK);
    }

    /** Waits until somebody opens {@link #address}; gives who waits to be sent on. */
    CompletableFuture<URI> awaitVisitor(BooleanSupplier goesOn) {
        while (true) {
            Event event = next(goesOn);
            if (event.visitor() != null) {
                return event.visitor();
            }
        }
    }

    /**
     * Waits for an answer. Whoever opens {@link #address} again meanwhile gets a new request.
     *
     * @param address where to send them then
     */
    Form awaitAnswer(Supplier<URI> address, BooleanSupplier goesOn) {
        while (true) {
            Event event = next(goesOn);
            if (event.answer() != null) {
                return event.answer();
            }
            event.visitor().complete(address.get());
        }
    }

    private Event next(BooleanSupplier goesOn) {
        try {
            while (goesOn.getAsBoolean()) {
                Event event = events.poll(POLL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
                if (event != null) {
                    return event;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("the server ended before the customer decided");
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getRawPath();
            if (path.equals("/")) {
                sendOn(exchange);
            } else if (path.equals(CALLBACK)) {
                page(exchange, 200, """
                        <form method="post" action="%s"><input type="hidden" name="fragment">
                        <noscript>This page needs JavaScript to read the answer.</noscript></form>
                        <script>
                        document.forms[0].fragment.value = location.hash.slice(1);
                        document.forms[0].submit();
                        </script>
                        """.formatted(ANSWER));
            } else if (path.equals(ANSWER) && exchange.getRequestMethod().equals("POST")) {
                Form sent = Form.parse(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
                events.add(new Event(null, Form.parse(sent.first("fragment").orElse(""))));
                page(exchange, 200, "<h1>Back in the app</h1><p>The terminal shows what happens now.");
            } else {
                page(exchange, 404, "<h1>There is nothing here</h1>");
            }
        }
    }

    private void sendOn(HttpExchange exchange) throws IOException {
        CompletableFuture<URI> visitor = new CompletableFuture<>();
        events.add(new Event(visitor, null));
        try {
            exchange.getResponseHeaders()
                    .set(
                            "Location",
                            visitor.get(REQUEST_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                                    .toString());
            exchange.sendResponseHeaders(303, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException failed) {
            page(exchange, 503, "<h1>That did not work</h1><p>The terminal shows why, or the demo is over.");
        }
    }

    private static void page(HttpExchange exchange, int status, String content) throws IOException {
        byte[] body = PAGE.formatted(content).getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }
}
