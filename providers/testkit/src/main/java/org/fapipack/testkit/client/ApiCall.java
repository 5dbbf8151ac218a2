package org.fapipack.testkit.client;

import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;

/** A request for a protected resource, complete with access token and sender constraint, that can still be changed before it is sent. */
public final class ApiCall {

    private final HttpCaller http;
    private final Consumer<Exchange> observer;
    private final String method;
    private final URI uri;
    private final Headers headers;
    private final String body;

    ApiCall(HttpCaller http, Consumer<Exchange> observer, String method, URI uri, Headers headers, String body) {
        this.http = http;
        this.observer = observer;
        this.method = method;
        this.uri = uri;
        this.headers = headers;
        this.body = body;
    }

    public String method() {
        return method;
    }

    public URI uri() {
        return uri;
    }

    public Headers headers() {
        return headers;
    }

    /** The first value of a header. */
    public Optional<String> header(String name) {
        return headers.lines().stream()
                .filter(line -> line.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    /** The body as it will be sent, empty for none. */
    public String body() {
        return body;
    }

    /** Adds header lines. */
    public ApiCall adding(Headers more) {
        return new ApiCall(http, observer, method, uri, headers.addAll(more), body);
    }

    /** With exactly one line of a header. */
    public ApiCall with(String name, String value) {
        Headers others = new Headers(headers.lines().stream()
                .filter(line -> !line.getKey().equalsIgnoreCase(name))
                .toList());
        return new ApiCall(http, observer, method, uri, others.add(name, value), body);
    }

    /** With another body. */
    public ApiCall withBody(String other) {
        return new ApiCall(http, observer, method, uri, headers, other);
    }

    /** Sends it as it is now. May be called again: the very same octets go out, which is a replay. */
    public Exchange send() {
        Exchange exchange = http.send(method, uri, headers, body);
        observer.accept(exchange);
        return exchange;
    }
}
