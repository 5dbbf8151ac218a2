package org.fapipack.testkit.http;

import com.nimbusds.jose.util.JSONArrayUtils;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * JSON as plain Java: objects are maps, arrays are lists, whole numbers are {@code Long}. A duplicate member is refused.
 * Messages of exceptions never quote the text, which may hold codes and tokens.
 */
public final class Json {

    private Json() {}

    /**
     * Reads one JSON object.
     *
     * @throws IllegalArgumentException when the text is anything else, or names a member twice
     */
    public static Map<String, Object> object(String text) {
        if (read(text) instanceof Map<?, ?> object) {
            return object(object);
        }
        throw new IllegalArgumentException("not a JSON object");
    }

    /** Reads one JSON array. */
    public static List<Object> array(String text) {
        if (read(text) instanceof List<?> array) {
            return Collections.unmodifiableList(array);
        }
        throw new IllegalArgumentException("not a JSON array");
    }

    private static Object read(String text) {
        try {
            return JsonReader.read(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not JSON: " + e.getMessage(), e);
        }
    }

    /** Reads one JSON array of objects. */
    public static List<Map<String, Object>> objects(String text) {
        return objects(array(text));
    }

    /** The same list with its members typed; a member that is no object is an error. */
    public static List<Map<String, Object>> objects(List<?> list) {
        List<Map<String, Object>> typed = new ArrayList<>();
        list.forEach(member -> typed.add(object(member)));
        return List.copyOf(typed);
    }

    /** A value that must be a JSON object. */
    public static Map<String, Object> object(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("not a JSON object");
        }
        Map<String, Object> typed = new LinkedHashMap<>();
        map.forEach((name, member) -> typed.put((String) name, member));
        return typed;
    }

    /** The member of that name if it is a string, a number or a boolean, as text. */
    public static Optional<String> text(Map<String, ?> object, String name) {
        Object value = object.get(name);
        return value instanceof String || value instanceof Number || value instanceof Boolean
                ? Optional.of(value.toString())
                : Optional.empty();
    }

    /** Writes maps, lists, strings, numbers, booleans and null without white space. */
    public static String write(Map<String, ?> object) {
        return JSONObjectUtils.toJSONString(object);
    }

    /** Writes a list without white space. */
    public static String write(List<?> array) {
        return JSONArrayUtils.toJSONString(array);
    }
}
