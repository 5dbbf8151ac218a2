package org.fapipack.testkit.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which of two servers gets a request, and as what it is sent. */
class RouteTest {

    private static final URI SHARED = URI.create("http://kc.example.test:8443");
    private static final URI ADDRESS = URI.create(SHARED + "/realms/a%20b/token?x=%2F#y");

    private final List<HttpServer> servers = new ArrayList<>();

    private URI server(String name) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] answer = (name
                            + ' '
                            + exchange.getRequestURI()
                            + ' '
                            + exchange.getRequestHeaders().getFirst("X-Forwarded-Host"))
                    .getBytes(UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        servers.add(server);
        return URI.create("http://localhost:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    @Test
    void leadsToTheNodeAndTellsItTheSharedAddress() throws Exception {
        Exchange answer = caller().by(Route.toNode(SHARED, server("two"))).get(ADDRESS);

        assertThat(answer.body()).isEqualTo("two /realms/a%20b/token?x=%2F kc.example.test:8443");
        assertThat(answer.uri()).isEqualTo(ADDRESS);
    }

    @Test
    void leavesOtherAddressesAlone() throws Exception {
        URI elsewhere = server("elsewhere");

        assertThat(caller().by(Route.toNode(SHARED, server("two")))
                        .get(elsewhere)
                        .body())
                .isEqualTo("elsewhere / null");
        assertThat(caller().get(elsewhere).body()).isEqualTo("elsewhere / null");
    }

    @Test
    void alternates() throws Exception {
        HttpCaller caller = caller().by(Route.alternating(
                List.of(Route.toNode(SHARED, server("one")), Route.toNode(SHARED, server("two")))));

        assertThat(Stream.generate(() -> caller.get(SHARED).body().substring(0, 3))
                        .limit(4))
                .containsExactly("one", "two", "one", "two");
    }

    private static HttpCaller caller() throws NoSuchAlgorithmException {
        return HttpCaller.over(SSLContext.getDefault());
    }
}
