package org.fapipack.testkit.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.CookieHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/** Sends requests and keeps what was sent and received. Never follows redirects, never repeats a request. */
public final class HttpCaller {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** Generous: a cold server on a busy machine needs several seconds for its first login page. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(60);

    private final HttpClient http;

    private HttpCaller(HttpClient http) {
        this.http = http;
    }

    /** Without cookies. The TLS context decides whom to trust and which client certificate to present. */
    public static HttpCaller over(SSLContext tls) {
        return new HttpCaller(builder(tls).build());
    }

    /** With a cookie jar, as a browser has. */
    public static HttpCaller over(SSLContext tls, CookieHandler cookies) {
        return new HttpCaller(builder(tls).cookieHandler(cookies).build());
    }

    private static HttpClient.Builder builder(SSLContext tls) {
        return HttpClient.newBuilder()
                .sslContext(tls)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT);
    }

    public Exchange get(URI uri) {
        return send("GET", uri, Headers.none(), "");
    }

    public Exchange get(URI uri, Headers headers) {
        return send("GET", uri, headers, "");
    }

    public Exchange post(URI uri, Form form) {
        return post(uri, form, Headers.none());
    }

    public Exchange post(URI uri, Form form, Headers headers) {
        Headers typed = headers.contains("content-type")
                ? headers
                : headers.add("Content-Type", "application/x-www-form-urlencoded");
        return send("POST", uri, typed, form, form.encode());
    }

    /** Any method with any body; an empty body sends none. */
    public Exchange send(String method, URI uri, Headers headers, String body) {
        return send(method, uri, headers, Form.empty(), body);
    }

    private Exchange send(String method, URI uri, Headers headers, Form form, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .timeout(ANSWER_TIMEOUT)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        headers.lines().forEach(line -> request.header(line.getKey(), line.getValue()));
        long start = System.nanoTime();
        HttpResponse<String> answer = answer(request.build());
        return new Exchange(
                method,
                uri,
                headers,
                form,
                body,
                answer.statusCode(),
                answer.headers().map(),
                answer.body(),
                Duration.ofNanos(System.nanoTime() - start));
    }

    private HttpResponse<String> answer(HttpRequest request) {
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(request.method() + " " + request.uri() + ": " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted: " + request.method() + " " + request.uri(), e);
        }
    }
}
