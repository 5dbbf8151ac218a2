package org.fapipack.demo.api;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.resource.Introspection;

/**
 * What the API tells its parent process about one introspection, as one line of JSON.
 *
 * @param rejection why the API does not believe the answer; empty when it does
 * @param algorithm {@code alg} of the signed response; empty text when the answer is not believed
 */
public record IntrospectionReport(Exchange exchange, Optional<String> rejection, boolean active, String algorithm) {

    static IntrospectionReport of(Introspection introspection) {
        return new IntrospectionReport(
                introspection.exchange(),
                introspection.rejection().map(RuntimeException::getMessage),
                introspection.result().map(token -> token.active()).orElse(false),
                introspection
                        .result()
                        .flatMap(token -> Json.text(token.header(), "alg"))
                        .orElse(""));
    }

    /** The access token that was asked about. */
    public Optional<String> token() {
        return exchange.form().first("token");
    }

    String toLine() {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("method", exchange.method());
        line.put("uri", exchange.uri().toString());
        line.put(
                "request_headers",
                exchange.requestHeaders().lines().stream()
                        .map(header -> Map.of("name", header.getKey(), "value", header.getValue()))
                        .toList());
        line.put("form", exchange.form().encode());
        line.put("request_body", exchange.requestBody());
        line.put("status", exchange.status());
        line.put("response_headers", exchange.responseHeaders());
        line.put("body", exchange.body());
        line.put("took_ns", exchange.took().toNanos());
        rejection.ifPresent(reason -> line.put("rejection", reason));
        line.put("active", active);
        line.put("algorithm", algorithm);
        return Json.write(line);
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException when it is none of ours
     */
    public static IntrospectionReport parse(String text) {
        Map<String, Object> line = Json.object(text);
        Headers requestHeaders = Headers.none();
        for (Map<String, Object> header : Json.objects(list(line.get("request_headers")))) {
            requestHeaders = requestHeaders.add(member(header, "name"), member(header, "value"));
        }
        Map<String, List<String>> responseHeaders = new LinkedHashMap<>();
        Json.object(line.get("response_headers")).forEach((name, values) -> {
            List<String> typed = new ArrayList<>();
            list(values).forEach(value -> typed.add((String) value));
            responseHeaders.put(name, typed);
        });
        Exchange exchange = new Exchange(
                member(line, "method"),
                URI.create(member(line, "uri")),
                requestHeaders,
                Form.parse(member(line, "form")),
                member(line, "request_body"),
                Integer.parseInt(member(line, "status")),
                responseHeaders,
                member(line, "body"),
                Duration.ofNanos(Long.parseLong(member(line, "took_ns"))));
        return new IntrospectionReport(
                exchange,
                Json.text(line, "rejection"),
                Boolean.parseBoolean(member(line, "active")),
                member(line, "algorithm"));
    }

    private static List<?> list(Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("a list is missing");
    }

    private static String member(Map<String, Object> object, String name) {
        return Json.text(object, name).orElseThrow(() -> new IllegalArgumentException(name + " is missing"));
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "IntrospectionReport[" + exchange + "]";
    }
}
