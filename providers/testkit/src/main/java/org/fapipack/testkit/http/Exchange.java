package org.fapipack.testkit.http;

import static java.util.Locale.ROOT;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One HTTP request and its answer, exactly as sent and received.
 *
 * @param form the parameters of a form request, empty otherwise
 * @param requestBody the body as sent, empty when there was none
 * @param responseHeaders names compare without regard to case
 * @param took from sending the request to the last byte of the answer
 */
public record Exchange(
        String method,
        URI uri,
        Headers requestHeaders,
        Form form,
        String requestBody,
        int status,
        Map<String, List<String>> responseHeaders,
        String body,
        Duration took) {

    public Exchange {
        Map<String, List<String>> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        anyCase.putAll(responseHeaders);
        responseHeaders = Collections.unmodifiableMap(anyCase);
    }

    /** The same with another body of the answer. */
    public Exchange withBody(String other) {
        return new Exchange(method, uri, requestHeaders, form, requestBody, status, responseHeaders, other, took);
    }

    public String requestLine() {
        return method + " " + uri;
    }

    /** The first value of a response header. */
    public Optional<String> header(String name) {
        return headers(name).stream().findFirst();
    }

    public List<String> headers(String name) {
        return responseHeaders.getOrDefault(name, List.of());
    }

    /** The media type of the answer in lower case without parameters; empty when there is none. */
    public String mediaType() {
        String value = header("content-type").orElse("");
        int semicolon = value.indexOf(';');
        return (semicolon < 0 ? value : value.substring(0, semicolon)).strip().toLowerCase(ROOT);
    }

    /** The body as a JSON object; an answer that is none is an {@link UnexpectedAnswer}. */
    public Map<String, Object> json() {
        try {
            return Json.object(body);
        } catch (IllegalArgumentException e) {
            throw new UnexpectedAnswer("a JSON object", this, e);
        }
    }

    /** The {@code error} member of a JSON answer, if there is one. */
    public Optional<String> error() {
        return member("error");
    }

    public Optional<String> errorDescription() {
        return member("error_description");
    }

    private Optional<String> member(String name) {
        try {
            return Json.text(Json.object(body), name);
        } catch (IllegalArgumentException notJson) {
            return Optional.empty();
        }
    }

    /** This exchange, if its status is the one given. */
    public Exchange expect(int expectedStatus) {
        if (status != expectedStatus) {
            throw new UnexpectedAnswer("status " + expectedStatus, this, null);
        }
        return this;
    }

    /** Method, address, status and error; never tokens or secrets. */
    @Override
    public String toString() {
        return requestLine() + " -> " + status
                + error().map(error -> " " + error
                                + errorDescription()
                                        .map(text -> " (" + text + ")")
                                        .orElse(""))
                        .orElse("");
    }
}
