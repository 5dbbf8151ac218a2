package org.fapipack.demo;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.fapipack.testkit.http.Json;

/**
 * Turns protocol values into lines a person can read.
 *
 * <p>Codes and tokens are cut to their first characters, passwords are hidden: nothing that is printed can be used.
 */
final class Legible {

    /** Longer lines wrap on most screens. */
    private static final int LINE_WIDTH = 76;

    private static final int VALUE_WIDTH = 64;
    private static final int ADDRESS_WIDTH = 100;
    private static final int SHORTENED_TO = 42;
    private static final int CUT_TO = 8;

    private static final Set<String> PASSWORDS = Set.of("password", "password-new", "password-confirm");

    /** Worth something to a thief, or nothing to the eye. */
    private static final Set<String> CUT = Set.of(
            "code",
            "code_verifier",
            "access_token",
            "refresh_token",
            "id_token",
            "token",
            "response",
            "session_state",
            "sid",
            "x",
            "y",
            "n");

    private static final Set<String> TIMES = Set.of("exp", "iat", "nbf", "auth_time");
    private static final DateTimeFormatter CLOCK =
            DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);

    private final Style style;
    private final Instant now;

    /** @param now what times are told in relation to */
    Legible(Style style, Instant now) {
        this.style = style;
        this.now = now;
    }

    /** A member a line, except for nested objects that fit on one; times are explained. */
    List<String> expanded(Map<String, ?> object) {
        List<String> lines = new ArrayList<>(List.of("{"));
        int left = object.size();
        for (Map.Entry<String, ?> member : object.entrySet()) {
            left--;
            List<String> value = expandedValue(member.getKey(), member.getValue());
            String last = (left > 0 ? "," : "") + explained(member.getKey(), member.getValue());
            for (int i = 0; i < value.size(); i++) {
                lines.add("  " + (i == 0 ? name(member.getKey()) : "") + value.get(i)
                        + (i == value.size() - 1 ? last : ""));
            }
        }
        lines.add("}");
        return lines;
    }

    private List<String> expandedValue(String name, Object value) {
        if (value instanceof Map<?, ?>) {
            Map<String, Object> object = Json.object(value);
            List<String> flowed = flowed(object);
            return flowed.size() == 1 ? flowed : expanded(object);
        }
        if (value instanceof List<?> list && list.stream().anyMatch(Map.class::isInstance)) {
            List<String> lines = new ArrayList<>(List.of("["));
            int left = list.size();
            for (Map<String, Object> object : Json.objects(list)) {
                left--;
                lines.add("  " + String.join(" ", flowed(object)) + (left > 0 ? "," : ""));
            }
            lines.add("]");
            return lines;
        }
        return List.of(inline(name, value));
    }

    /** As many members on a line as fit. */
    List<String> flowed(Map<String, ?> object) {
        if (object.isEmpty()) {
            return List.of("{ }");
        }
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder("{ ");
        int left = object.size();
        boolean first = true;
        for (Map.Entry<String, ?> member : object.entrySet()) {
            left--;
            String piece = name(member.getKey()) + inline(member.getKey(), member.getValue()) + (left > 0 ? "," : " }");
            if (!first && Style.width(line.toString()) + Style.width(piece) >= LINE_WIDTH) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder("  ");
            }
            line.append(piece).append(' ');
            first = false;
        }
        lines.add(line.toString().stripTrailing());
        return lines;
    }

    private String inline(String name, Object value) {
        if (value instanceof String text) {
            return quoted(visible(name, text));
        }
        if (value instanceof Map<?, ?>) {
            return flowed(Json.object(value)).stream().map(String::strip).collect(Collectors.joining(" "));
        }
        if (value instanceof List<?> list) {
            return list.stream().map(element -> inline(name, element)).collect(Collectors.joining(", ", "[", "]"));
        }
        return String.valueOf(value);
    }

    /** A parameter or member as a person may see it. */
    String visible(String name, String value) {
        if (PASSWORDS.contains(name)) {
            return style.hiddenSecret();
        }
        if (CUT.contains(name)) {
            return cut(value, CUT_TO);
        }
        boolean address = value.startsWith("https://") && value.length() <= ADDRESS_WIDTH;
        boolean brief = value.length() <= VALUE_WIDTH && !name.equals("request_uri");
        return address || brief ? value : cut(value, SHORTENED_TO);
    }

    /** All of a structured field, on lines that fit: broken at spaces and before parameters. */
    List<String> wrapped(String value) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String piece : value.split("(?<= )|(?=;(?!req|key))", -1)) {
            if (line.length() > 0 && line.length() + piece.stripTrailing().length() > LINE_WIDTH) {
                lines.add(line.toString().stripTrailing());
                line = new StringBuilder();
            }
            line.append(piece);
        }
        lines.add(line.toString());
        return lines;
    }

    private String cut(String value, int length) {
        return value.length() <= length ? value : value.substring(0, length) + style.ellipsis();
    }

    /** What a time stamp means, beside it. */
    private String explained(String name, Object value) {
        if (!TIMES.contains(name) || !(value instanceof Long seconds)) {
            return "";
        }
        Instant time = Instant.ofEpochSecond(seconds);
        return style.dim("  // " + CLOCK.format(time) + " UTC, " + distance(Duration.between(now, time)));
    }

    /** Whole seconds are all a time stamp has, so one second off is still now. */
    static String distance(Duration duration) {
        long seconds = duration.toSeconds();
        if (Math.abs(seconds) <= 1) {
            return "now";
        }
        long absolute = Math.abs(seconds);
        String amount = absolute < 120 ? absolute + " s" : Math.round(absolute / 60.0) + " min";
        return seconds > 0 ? "in " + amount : amount + " ago";
    }

    private String name(String member) {
        return style.name(quoted(member)) + ": ";
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
