package org.fapipack.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Any wrong answer ends the load. */
class ClosedLoopTest {

    private static final String RIGHT = "{\"active\":true,\"client_id\":\"app\",\"username\":\"alice\"}";
    private static final Duration LONG = Duration.ofSeconds(30);

    private final AtomicInteger requests = new AtomicInteger();
    private final ClosedLoop load = new ClosedLoop(3);
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        load.close();
        server.stop(0);
    }

    private void answer(int status, String contentType, String body) {
        answerFrom(1, status, contentType, body);
    }

    /** Answers right up to the given request. */
    private void answerFrom(int number, int status, String contentType, String body) {
        server.createContext("/", exchange -> {
            boolean early = requests.incrementAndGet() < number;
            byte[] octets = (early ? RIGHT : body).getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", early ? "application/json" : contentType);
            exchange.sendResponseHeaders(early ? 200 : status, octets.length);
            exchange.getResponseBody().write(octets);
            exchange.close();
        });
    }

    private Latencies run(Duration duration) {
        HttpRequest request = ClosedLoop.request()
                .uri(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"))
                .build();
        AnswerCheck check = new PlainAnswer("app", false);
        return load.run(HttpClient.newHttpClient(), () -> new OneRequest(request, check), duration);
    }

    @Test
    void countsEveryAnswer() {
        answer(200, "application/json", RIGHT);

        Latencies latencies = run(Duration.ofMillis(300));

        assertThat(latencies.count()).isEqualTo(requests.get()).isGreaterThanOrEqualTo(3);
        assertThat(latencies.percentileMillis(0.5)).isPositive();
    }

    @Test
    void endsAtTheFirstWrongStatus() {
        answerFrom(20, 503, "application/json", RIGHT);

        assertThatThrownBy(() -> run(LONG)).isInstanceOf(WrongAnswer.class).hasMessageContaining("status 503");
    }

    @Test
    void endsAtTheFirstWrongMediaType() {
        answerFrom(20, 200, "application/jwt", RIGHT);

        assertThatThrownBy(() -> run(LONG)).isInstanceOf(WrongAnswer.class).hasMessageContaining("application/jwt");
    }

    @Test
    void endsAtTheFirstInactiveToken() {
        answerFrom(20, 200, "application/json", "{\"active\":false}");

        assertThatThrownBy(() -> run(LONG)).isInstanceOf(WrongAnswer.class).hasMessageContaining("\"active\":false");
    }

    @Test
    void endsWhenAnotherCodePathAnswered() {
        answer(200, "application/json", "{\"active\":true,\"client_id\":\"app\"}");

        assertThatThrownBy(() -> run(Duration.ofMillis(50)))
                .isInstanceOf(WrongAnswer.class)
                .hasMessageContaining("expected a username");
    }

    @Test
    void endsWhenNobodyAnswers() {
        server.stop(0);

        assertThatThrownBy(() -> run(LONG)).isInstanceOf(WrongAnswer.class).hasMessageStartingWith("a request failed");
    }
}
