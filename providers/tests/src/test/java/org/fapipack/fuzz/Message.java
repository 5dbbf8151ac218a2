package org.fapipack.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.fapipack.testkit.client.EndpointCall;
import org.fapipack.testkit.http.Form;

/**
 * A request as octets.
 *
 * @param body one character an octet, so that what is not UTF-8 can be said, too
 */
record Message(String method, URI uri, List<Map.Entry<String, String>> headers, String body) {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String JSON = "application/json";

    static Message form(EndpointCall call) {
        return form(call.uri(), call.form());
    }

    static Message form(URI uri, Form form) {
        return new Message("POST", uri, List.of(Map.entry("Content-Type", FORM)), form.encode());
    }

    static Message json(String method, URI uri, String json) {
        return new Message(method, uri, List.of(Map.entry("Content-Type", JSON)), json);
    }

    static Message without(String method, URI uri) {
        return new Message(method, uri, List.of(), "");
    }

    byte[] octets() {
        return body.getBytes(ISO_8859_1);
    }

    Message header(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(name, value));
        return new Message(method, uri, List.copyOf(more), body);
    }

    Message withoutHeader(String name) {
        return new Message(
                method,
                uri,
                headers.stream()
                        .filter(line -> !line.getKey().equalsIgnoreCase(name))
                        .toList(),
                body);
    }

    Message onlyHeader(String name, String value) {
        return withoutHeader(name).header(name, value);
    }

    Message body(String other) {
        return new Message(method, uri, headers, other);
    }

    /** The last value of a header, empty when there is none. */
    String last(String name) {
        return headers.stream()
                .filter(line -> line.getKey().equalsIgnoreCase(name))
                .map(Map.Entry::getValue)
                .reduce("", (first, second) -> second);
    }
}
