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
    private final Route route;

    private HttpCaller(HttpClient http, Route route) {
        this.http = http;
        this.route = route;
    }

    /** Without cookies. The TLS context decides whom to trust and which client certificate to present. */
    public static HttpCaller over(SSLContext tls) {
        return new HttpCaller(builder(tls).build(), Route.direct());
    }

    /** With a cookie jar, as a browser has. */
    public static HttpCaller over(SSLContext tls, CookieHandler cookies) {
        return new HttpCaller(builder(tls).cookieHandler(cookies).build(), Route.direct());
    }

    /** The same caller, cookies and connections included, whose requests take the given route. */
    public HttpCaller by(Route other) {
        return new HttpCaller(http, other);
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
        URI target = route.of(uri);
        HttpRequest.Builder request = HttpRequest.newBuilder(target)
                .timeout(ANSWER_TIMEOUT)
                .method(
                        method,
                        body.isEmpty()
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofString(body));
        headers.lines().forEach(line -> request.header(line.getKey(), line.getValue()));
        if (!target.equals(uri)) {
            request.header("X-Forwarded-Host", uri.getAuthority());
        }
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
