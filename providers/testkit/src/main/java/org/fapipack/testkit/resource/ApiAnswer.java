package org.fapipack.testkit.resource;

import java.util.Map;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Json;

/**
 * An answer before it is sent.
 *
 * @param headers all lines but those that HTTP itself needs
 */
public record ApiAnswer(int status, Headers headers, String body) {

    /** One with JSON, which nobody stores on the way. */
    static ApiAnswer json(int status, Map<String, Object> members) {
        return new ApiAnswer(
                status,
                Headers.of("Content-Type", "application/json").add("Cache-Control", "no-store"),
                Json.write(members));
    }

    /** The same with one more header line. */
    ApiAnswer adding(String name, String value) {
        return new ApiAnswer(status, headers.add(name, value), body);
    }
}
