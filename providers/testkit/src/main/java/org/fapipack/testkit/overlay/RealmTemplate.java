package org.fapipack.testkit.overlay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A realm file with variables such as {@code ${FAPI_REALM_NAME:fapi}}.
 *
 * <p>{@code --import-realm} replaces them from the server's environment. The Admin API takes a realm as it is, so whoever
 * uses that has to replace them before; this does it by the same rules: the given value, or else the default behind the
 * colon.
 */
public final class RealmTemplate {

    /** Names in capitals: {@code ${client_account}} and its like are message keys that belong into the realm. */
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]*)(?::([^}]*))?}");

    private final String text;
    private final Map<String, String> values;

    private RealmTemplate(String text, Map<String, String> values) {
        this.text = text;
        this.values = Map.copyOf(values);
    }

    public static RealmTemplate in(Path file) {
        try {
            return new RealmTemplate(Files.readString(file), Map.of());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the realm template " + file, e);
        }
    }

    static RealmTemplate of(String text) {
        return new RealmTemplate(text, Map.of());
    }

    public RealmTemplate with(String variable, String value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(variable, value);
        return new RealmTemplate(text, more);
    }

    /**
     * The realm as the Admin API takes it.
     *
     * @throws IllegalStateException when a variable has neither a value nor a default
     */
    public String json() {
        return VARIABLE.matcher(text).replaceAll(this::value);
    }

    private String value(MatchResult variable) {
        String value = values.getOrDefault(variable.group(1), variable.group(2));
        if (value == null) {
            throw new IllegalStateException("the realm template needs a value for " + variable.group(1));
        }
        return Matcher.quoteReplacement(value);
    }
}
