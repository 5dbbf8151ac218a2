package org.fapipack.bench;

import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.fapipack.testkit.browser.Browser;

/** The cookies of one browser that only ever talks to one realm. For one thread at a time. */
final class Cookies {

    private static final List<String> SESSION = List.of("AUTH_SESSION_ID", "KEYCLOAK_IDENTITY", "KEYCLOAK_SESSION");

    private final Map<String, String> values = new LinkedHashMap<>();

    /** What makes Keycloak know a customer again who signed in with that browser. */
    static Cookies ofSession(Browser browser) {
        Cookies cookies = new Cookies();
        for (String cookie : SESSION) {
            cookies.put(
                    cookie,
                    browser.cookie(cookie)
                            .orElseThrow(() -> new IllegalStateException("no cookie " + cookie + " after the login"))
                            .getValue());
        }
        return cookies;
    }

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
