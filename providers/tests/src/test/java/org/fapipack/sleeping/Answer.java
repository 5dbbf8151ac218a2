package org.fapipack.sleeping;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Json;

/**
 * An answer without what differs between any two runs: identifiers, times, keys, signatures, ports, the order of a JSON list. Of a JWT
 * the names of its members stay, each as often as it occurs.
 *
 * @param step what was asked
 * @param headers names and values, in the order of the names
 */
record Answer(String step, int status, Map<String, List<String>> headers, String body) {

    private static final Pattern JWT = Pattern.compile("eyJ[\\w-]+\\.[\\w-]+\\.[\\w-]*");
    private static final Pattern MEMBER = Pattern.compile("\"([\\w#]+)\"\\s*:");
    private static final Pattern COOKIE_VALUE = Pattern.compile("^(\\w+)=[^;]*");
    private static final Map<Pattern, String> VOLATILE = volatileParts();

    static Answer of(String step, Exchange exchange) {
        Map<String, List<String>> headers = new TreeMap<>();
        exchange.responseHeaders().forEach((name, values) -> {
            if (!name.equalsIgnoreCase("content-length") && !name.startsWith(":")) {
                headers.put(
                        name.toLowerCase(Locale.ROOT),
                        values.stream()
                                .map(value -> name.equalsIgnoreCase("set-cookie")
                                        ? COOKIE_VALUE.matcher(value).replaceFirst("$1=VALUE")
                                        : value)
                                .map(Answer::steady)
                                .sorted()
                                .toList());
            }
        });
        String body = exchange.mediaType().equals("application/json")
                        && exchange.body().startsWith("{")
                ? Json.write(ordered(Json.object(exchange.body())))
                : exchange.body()
                        .lines()
                        .map(line -> steady(line.strip()))
                        .sorted()
                        .collect(Collectors.joining("\n"));
        return new Answer(step, exchange.status(), headers, steady(body));
    }

    private static String steady(String text) {
        String result = JWT.matcher(text).replaceAll(Answer::membersOf);
        for (Map.Entry<Pattern, String> part : VOLATILE.entrySet()) {
            result = part.getKey().matcher(result).replaceAll(part.getValue());
        }
        return result;
    }

    private static String membersOf(MatchResult jwt) {
        String[] parts = jwt.group().split("\\.", -1);
        return "JWT" + members(parts[0]) + members(parts[1]);
    }

    private static List<String> members(String part) {
        try {
            String json = new String(Base64.getUrlDecoder().decode(part), StandardCharsets.UTF_8);
            return MEMBER.matcher(json)
                    .results()
                    .map(member -> member.group(1))
                    .sorted()
                    .toList();
        } catch (IllegalArgumentException encrypted) {
            return List.of("encrypted");
        }
    }

    private static Map<String, Object> ordered(Map<String, Object> object) {
        Map<String, Object> ordered = new TreeMap<>();
        object.forEach((name, value) -> ordered.put(name, inOrder(value)));
        return ordered;
    }

    /** The order of a list, and of the words in a scope, means nothing in the protocols at hand. */
    private static Object inOrder(Object value) {
        if (value instanceof List<?> list) {
            return list.stream().map(String::valueOf).sorted().toList();
        }
        return value instanceof String text && text.indexOf(' ') > 0
                ? Arrays.stream(text.split(" ", -1)).sorted().collect(Collectors.joining(" "))
                : value;
    }

    private static Map<Pattern, String> volatileParts() {
        Map<Pattern, String> parts = new LinkedHashMap<>();
        parts.put(Pattern.compile("localhost(?::|%3A)\\d+"), "localhost:PORT");
        parts.put(Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"), "UUID");
        parts.put(Pattern.compile("(?<=\")[A-Za-z0-9+/]{40,}=*(?=\")"), "RANDOM");
        parts.put(Pattern.compile("/resources/\\w+/"), "/resources/VERSION/");
        // At least 11 characters, a capital or a digit among them: no member name of a protocol looks so.
        parts.put(Pattern.compile("(?<=[=\":/.' ])(?=[\\w-]*[A-Z0-9])[\\w-]{11,}(?:\\.[\\w-]+)*"), "RANDOM");
        parts.put(
                Pattern.compile(
                        "(?<=\"(?:exp|iat|auth_time|nbf|expires_in|refresh_expires_in|client_id_issued_at)\":)\\d+"),
                "0");
        return parts;
    }
}
