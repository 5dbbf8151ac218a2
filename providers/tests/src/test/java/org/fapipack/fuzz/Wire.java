package org.fapipack.fuzz;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** Sends octets as they are; {@link org.fapipack.testkit.http.HttpCaller} sends text. */
final class Wire {

    /** Far more than any answer takes: who gets none in that time gets none at all. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient http;

    private Wire(HttpClient http) {
        this.http = http;
    }

    static Wire over(SSLContext tls) {
        return new Wire(HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build());
    }

    HttpResponse<String> send(Message message) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(message.uri())
                .timeout(ANSWER_TIMEOUT)
                .method(message.method(), HttpRequest.BodyPublishers.ofByteArray(message.octets()));
        message.headers().forEach(line -> request.header(line.getKey(), line.getValue()));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
