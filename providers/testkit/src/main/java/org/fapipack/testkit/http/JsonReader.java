package org.fapipack.testkit.http;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads JSON by the letter of RFC 8259 and refuses a duplicate member at any depth. General-purpose readers let the last
 * one win, which is what some attacks on JWTs are about.
 */
final class JsonReader {

    private static final int MAX_DEPTH = 100;
    private static final Pattern NUMBER = Pattern.compile("-?(?:0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");

    private final String text;
    private int position;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    /** Reads exactly one value. */
    static Object read(String text) {
        JsonReader reader = new JsonReader(text);
        Object value = reader.value();
        if (reader.peek() != 0) {
            throw reader.unexpected();
        }
        return value;
    }

    private Object value() {
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            case 'n' -> literal("null", null);
            default -> number();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> members = new LinkedHashMap<>();
        enter('{');
        if (peek() != '}') {
            do {
                if (peek() != '"') {
                    throw unexpected();
                }
                String name = string();
                expect(':');
                Object value = value();
                if (members.containsKey(name)) {
                    throw new IllegalArgumentException("duplicate member \"" + name + "\"");
                }
                members.put(name, value);
            } while (skip(','));
        }
        leave('}');
        return members;
    }

    private List<Object> array() {
        List<Object> values = new ArrayList<>();
        enter('[');
        if (peek() != ']') {
            do {
                values.add(value());
            } while (skip(','));
        }
        leave(']');
        return values;
    }

    private String string() {
        StringBuilder value = new StringBuilder();
        position++;
        while (true) {
            char character = next();
            if (character == '"') {
                return value.toString();
            }
            if (character < 0x20) {
                throw new IllegalArgumentException("a control character in a string at " + position);
            }
            value.append(character == '\\' ? escaped() : character);
        }
    }

    private char escaped() {
        char character = next();
        return switch (character) {
            case '"', '\\', '/' -> character;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hexadecimal();
            default -> throw unexpected();
        };
    }

    private char hexadecimal() {
        int code = 0;
        for (int i = 0; i < 4; i++) {
            char character = next();
            int digit = character < 0x80 ? Character.digit(character, 16) : -1;
            if (digit < 0) {
                throw unexpected();
            }
            code = code * 16 + digit;
        }
        return (char) code;
    }

    private Object number() {
        Matcher number = NUMBER.matcher(text).region(position, text.length());
        if (!number.lookingAt()) {
            throw unexpected();
        }
        position = number.end();
        BigDecimal value = new BigDecimal(number.group());
        if (number.group(1) == null
                && number.group(2) == null
                && value.toBigInteger().bitLength() < Long.SIZE) {
            return value.longValue();
        }
        return value.doubleValue();
    }

    private Object literal(String word, Object value) {
        if (!text.startsWith(word, position)) {
            throw unexpected();
        }
        position += word.length();
        return value;
    }

    private void enter(char bracket) {
        expect(bracket);
        if (++depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested more than " + MAX_DEPTH + " deep");
        }
    }

    private void leave(char bracket) {
        expect(bracket);
        depth--;
    }

    private void expect(char character) {
        if (!skip(character)) {
            throw unexpected();
        }
    }

    private boolean skip(char character) {
        if (peek() != character) {
            return false;
        }
        position++;
        return true;
    }

    /** The next character that is no white space, or 0 at the end. */
    private char peek() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        return position < text.length() ? text.charAt(position) : 0;
    }

    private char next() {
        if (position >= text.length()) {
            throw unexpected();
        }
        return text.charAt(position++);
    }

    private IllegalArgumentException unexpected() {
        return new IllegalArgumentException(
                position < text.length() ? "unexpected text at " + position : "unexpected end");
    }
}
