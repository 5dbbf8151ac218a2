package org.fapipack.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CookiesTest {

    private final Cookies cookies = new Cookies();
    private HttpServer server;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private HttpResponse<String> answerThatSets(String... lines) throws IOException, InterruptedException {
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().put("Set-Cookie", List.of(lines));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void areReplacedAddedAndTakenAwayAsTheAnswerSays() throws Exception {
        cookies.put("SESSION", "old=");
        cookies.put("RESTART", "gone soon");

        cookies.keep(answerThatSets("SESSION=new==; Path=/; Secure", "RESTART=; Max-Age=0; Path=/", "HASH=h"));

        assertThat(cookies.header()).isEqualTo("SESSION=new==; HASH=h");
    }
}
