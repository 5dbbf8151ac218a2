package org.fapipack.testkit.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Parameters in the order they are sent. Immutable; a name may occur more than once, because tests need that too. */
public final class Form {

    private static final Form EMPTY = new Form(List.of());

    private final List<Map.Entry<String, String>> fields;

    private Form(List<Map.Entry<String, String>> fields) {
        this.fields = List.copyOf(fields);
    }

    public static Form empty() {
        return EMPTY;
    }

    /** Alternating names and values. */
    public static Form of(String... namesAndValues) {
        if (namesAndValues.length % 2 != 0) {
            throw new IllegalArgumentException("a name without a value");
        }
        Form form = EMPTY;
        for (int i = 0; i < namesAndValues.length; i += 2) {
            form = form.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return form;
    }

    /** Reads {@code application/x-www-form-urlencoded} text, as in a body, a query or a fragment. */
    public static Form parse(String encoded) {
        Form form = EMPTY;
        if (encoded == null || encoded.isEmpty()) {
            return form;
        }
        for (String pair : encoded.split("&", -1)) {
            int equals = pair.indexOf('=');
            String name = equals < 0 ? pair : pair.substring(0, equals);
            String value = equals < 0 ? "" : pair.substring(equals + 1);
            form = form.add(URLDecoder.decode(name, UTF_8), URLDecoder.decode(value, UTF_8));
        }
        return form;
    }

    /** Appends a parameter, also when the name is there already. */
    public Form add(String name, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(fields);
        more.add(Map.entry(name, value));
        return new Form(more);
    }

    /** Appends all parameters of another form. */
    public Form addAll(Form other) {
        List<Map.Entry<String, String>> more = new ArrayList<>(fields);
        more.addAll(other.fields);
        return new Form(more);
    }

    /** Sets a parameter to exactly this one value. */
    public Form set(String name, String value) {
        return remove(name).add(name, value);
    }

    public Form remove(String name) {
        return new Form(
                fields.stream().filter(field -> !field.getKey().equals(name)).toList());
    }

    public Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    public List<String> all(String name) {
        return fields.stream()
                .filter(field -> field.getKey().equals(name))
                .map(Map.Entry::getValue)
                .toList();
    }

    public List<Map.Entry<String, String>> fields() {
        return fields;
    }

    public boolean isEmpty() {
        return fields.isEmpty();
    }

    public String encode() {
        return fields.stream()
                .map(field ->
                        URLEncoder.encode(field.getKey(), UTF_8) + "=" + URLEncoder.encode(field.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Form form && fields.equals(form.fields);
    }

    @Override
    public int hashCode() {
        return fields.hashCode();
    }

    /** Names only: values may be secrets. */
    @Override
    public String toString() {
        return fields.stream().map(Map.Entry::getKey).collect(Collectors.joining(", ", "Form[", "]"));
    }
}
