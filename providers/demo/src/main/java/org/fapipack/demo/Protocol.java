package org.fapipack.demo;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.CompactJwt;

/** Collects the lines of one step: what was sent, what came back, what was verified. */
final class Protocol {

    private static final int NAME_WIDTH = 24;

    /** Which headers tell the story; the others are the same everywhere. */
    private static final List<String> TELLING_HEADERS =
            List.of("Authorization", "DPoP", "Signature-Input", "Signature");

    /** What makes an answer stand for itself. */
    private static final List<String> SIGNATURE_HEADERS = List.of("Content-Digest", "Signature-Input", "Signature");

    /** The JWTs that a step is about; others are shown in brief. */
    private static final Set<String> LEADING_PARTS = Set.of("request", "access_token");

    /** Tokens whose content is nobody's business here. */
    private static final Set<String> UNDECODED = Set.of("token", "refresh_token", "id_token");

    /** Keycloak's own form fields. */
    private static final Set<String> INTERNAL_FIELDS =
            Set.of("session_code", "execution", "tab_id", "client_data", "credentialId");

    private final Style style;
    private final Legible legible;
    private final List<String> lines = new ArrayList<>();
    private Optional<Duration> took = Optional.empty();

    Protocol(Style style) {
        this(style, Instant.now());
    }

    Protocol(Style style, Instant now) {
        this.style = style;
        this.legible = new Legible(style, now);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    /** How long the step took, where that is not how long it was told for. */
    Optional<Duration> took() {
        return took;
    }

    void took(Duration value) {
        took = Optional.of(value);
    }

    /** An aside. */
    Protocol note(String text) {
        lines.add("  " + style.dim(text));
        return this;
    }

    /** Something that was looked at and is right. */
    Protocol verified(String what) {
        lines.add(style.tick() + " " + what);
        return this;
    }

    /** Request and answer. */
    Protocol exchange(String from, String to, Exchange exchange) {
        return request(from, to, exchange).answer(to, from, exchange);
    }

    Protocol request(String from, String to, Exchange exchange) {
        heading(from, to, exchange.method() + " " + exchange.uri().getRawPath());
        exchange.requestHeaders().lines().stream()
                .filter(line -> TELLING_HEADERS.contains(line.getKey())
                        || (line.getKey().equals("Accept") && line.getValue().endsWith("+jwt")))
                .forEach(line -> value(line.getKey() + ":", line.getKey(), line.getValue()));
        boolean pageForm = exchange.form().first("execution").isPresent()
                || exchange.form().first("accept").isPresent()
                || exchange.uri().getRawPath().contains("/login-actions/");
        Form query = pageForm ? Form.empty() : Form.parse(exchange.uri().getRawQuery());
        query.addAll(exchange.form()).fields().stream()
                .filter(field -> !pageForm
                        || (!INTERNAL_FIELDS.contains(field.getKey())
                                && !field.getKey().equals("code")))
                .forEach(field -> value(field.getKey(), field.getKey(), field.getValue()));
        if (exchange.form().isEmpty() && exchange.requestBody().startsWith("{")) {
            json(Json.object(exchange.requestBody()));
        }
        return this;
    }

    Protocol answer(String from, String to, Exchange exchange) {
        heading(
                from,
                to,
                status(exchange.status())
                        + (exchange.mediaType().isEmpty() ? "" : style.dim("  " + exchange.mediaType())));
        exchange.headers("WWW-Authenticate").stream()
                .filter(challenge -> challenge.contains("error="))
                .forEach(challenge -> value("WWW-Authenticate:", "WWW-Authenticate", challenge));
        SIGNATURE_HEADERS.forEach(name -> exchange.headers(name).forEach(line -> value(name + ":", name, line)));
        if (exchange.mediaType().equals("application/json")) {
            json(exchange.json());
        } else if (exchange.mediaType().endsWith("+jwt")) {
            jwt(exchange.body());
        }
        exchange.header("Location").map(URI::create).ifPresent(this::location);
        return this;
    }

    private void location(URI location) {
        value(
                "Location:",
                "Location",
                location.getScheme() + "://" + location.getRawAuthority() + location.getRawPath());
        if (!location.getRawPath().contains("/login-actions/")) {
            Form.parse(location.getRawQuery())
                    .fields()
                    .forEach(field -> lines.add(
                            "  " + label(field.getKey()) + legible.visible(field.getKey(), field.getValue())));
        }
    }

    private void json(Map<String, Object> object) {
        if (object.values().stream().anyMatch(value -> value instanceof Map || value instanceof List)) {
            legible.expanded(object).forEach(line -> lines.add("  " + line));
        } else {
            object.forEach((name, value) -> value(name, name, String.valueOf(value)));
        }
    }

    /** Parameters on their own, shown in brief. */
    Protocol parameters(Form parameters) {
        parameters.fields().forEach(field -> value(field.getKey(), field.getKey(), field.getValue()));
        return this;
    }

    /** A JWT on its own. */
    Protocol jwt(String compact) {
        decoded(compact, true).forEach(line -> lines.add("  " + line));
        return this;
    }

    /** "A to B" and what it is about. */
    Protocol heading(String from, String to, String what) {
        lines.add("");
        lines.add(style.bold(from + " " + style.arrow() + " " + to) + "  " + what);
        return this;
    }

    /** One parameter; a JWT is shown decoded. */
    private void value(String label, String name, String value) {
        if (name.equals("Authorization")) {
            String[] parts = value.split(" ", 2);
            lines.add("  " + label(label) + parts[0] + " " + legible.visible("access_token", parts[1]));
        } else if (name.equals("Signature-Input")) {
            String start = label(label);
            for (String line : legible.wrapped(value)) {
                lines.add("  " + start + line);
                start = " ".repeat(NAME_WIDTH);
            }
        } else if (UNDECODED.contains(name) || !isJwt(value)) {
            lines.add("  " + label(label) + legible.visible(name, value));
        } else {
            String start = label(label);
            for (String line : decoded(value, LEADING_PARTS.contains(name))) {
                lines.add("  " + start + line);
                start = " ".repeat(NAME_WIDTH);
            }
        }
    }

    /** Header and payload; the signature is nothing for the eye. */
    private List<String> decoded(String compact, boolean expanded) {
        CompactJwt jwt = CompactJwt.parse(compact);
        List<String> decoded = new ArrayList<>(legible.flowed(jwt.header()));
        decoded.addAll(expanded ? legible.expanded(jwt.claims()) : legible.flowed(jwt.claims()));
        return decoded;
    }

    private String label(String name) {
        return style.name(name) + " ".repeat(Math.max(2, NAME_WIDTH - name.length()));
    }

    private static boolean isJwt(String value) {
        return value.startsWith("eyJ") && value.split("\\.", -1).length == 3;
    }

    private String status(int status) {
        String text = switch (status) {
            case 200 -> "200 OK";
            case 201 -> "201 Created";
            case 204 -> "204 No Content";
            case 302 -> "302 Found";
            case 303 -> "303 See Other";
            case 400 -> "400 Bad Request";
            case 401 -> "401 Unauthorized";
            case 403 -> "403 Forbidden";
            default -> Integer.toString(status);
        };
        return status < 400 ? style.good(text) : style.bad(text);
    }
}
