package org.fapipack.bench;

import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The cookies of one browser that only ever talks to one realm. For one thread at a time. */
final class Cookies {

    private final Map<String, String> values = new LinkedHashMap<>();

    void put(String name, String value) {
        values.put(name, value);
    }

    /** Takes over what an answer sets or takes away. */
    void keep(HttpResponse<?> answer) {
        for (String line : answer.headers().allValues("set-cookie")) {
            int end = line.indexOf(';');
            String pair = end < 0 ? line : line.substring(0, end);
            int equals = pair.indexOf('=');
            if (line.contains("Max-Age=0")) {
                values.remove(pair.substring(0, equals));
            } else {
                values.put(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
    }

    /** The value of the header {@code Cookie}. */
    String header() {
        return values.entrySet().stream()
                .map(cookie -> cookie.getKey() + "=" + cookie.getValue())
                .collect(Collectors.joining("; "));
    }
}
