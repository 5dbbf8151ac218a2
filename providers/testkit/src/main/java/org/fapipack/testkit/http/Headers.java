package org.fapipack.testkit.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Request header lines in the order they are sent. Immutable; a name may occur more than once. */
public record Headers(List<Map.Entry<String, String>> lines) {

    private static final Headers NONE = new Headers(List.of());

    public Headers {
        lines = List.copyOf(lines);
    }

    public static Headers none() {
        return NONE;
    }

    public static Headers of(String name, String value) {
        return NONE.add(name, value);
    }

    public Headers add(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(lines);
        more.add(Map.entry(name, value));
        return new Headers(more);
    }

    public Headers addAll(Headers other) {
        List<Map.Entry<String, String>> more = new ArrayList<>(lines);
        more.addAll(other.lines);
        return new Headers(more);
    }

    boolean contains(String name) {
        return lines.stream().anyMatch(line -> line.getKey().equalsIgnoreCase(name));
    }
}
