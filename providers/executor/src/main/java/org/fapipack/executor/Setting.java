package org.fapipack.executor;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.keycloak.provider.ProviderConfigProperty;

/**
 * One setting of an executor: its key, what an administrator reads about it, its default, and which values are valid. Declared
 * once; the admin console's form, the check at save time and the value at run time all come from here.
 *
 * @param <T> the type the executor works with
 */
public final class Setting<T> {

    private final ProviderConfigProperty property;
    private final T defaultValue;
    private final Function<Object, Optional<T>> reader;

    private Setting(ProviderConfigProperty property, T defaultValue, Function<Object, Optional<T>> reader) {
        this.property = property;
        this.defaultValue = defaultValue;
        this.reader = reader;
    }

    /** A whole number of seconds from {@code min} to {@code max}, both inclusive. The key ends in {@code -seconds}. */
    public static Setting<Integer> seconds(String key, String label, String help, int min, int max, int defaultValue) {
        return wholeNumber(
                key,
                label,
                "%s In seconds, %d to %d; default %d.".formatted(help, min, max, defaultValue),
                min,
                max,
                defaultValue);
    }

    /** A whole number from {@code min} to {@code max}, both inclusive; the help says of what. */
    public static Setting<Integer> number(String key, String label, String help, int min, int max, int defaultValue) {
        return wholeNumber(
                key, label, "%s %d to %d; default %d.".formatted(help, min, max, defaultValue), min, max, defaultValue);
    }

    /** On or off. */
    public static Setting<Boolean> flag(String key, String label, String help, boolean defaultValue) {
        return new Setting<>(
                property(key, label, help, ProviderConfigProperty.BOOLEAN_TYPE, defaultValue),
                defaultValue,
                Setting::flag);
    }

    /** Text of a form; empty unless set, which is valid. */
    public static Setting<String> text(String key, String label, String help, Pattern form) {
        return new Setting<>(
                property(key, label, help, ProviderConfigProperty.STRING_TYPE, ""),
                "",
                value -> Optional.of(value)
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .filter(text -> text.isEmpty() || form.matcher(text).matches()));
    }

    /**
     * Text of several lines with a form of its own, for example JSON.
     *
     * @param parser gives the value, or empty where the text is not valid
     */
    public static <T> Setting<T> document(
            String key, String label, String help, String defaultText, Function<String, Optional<T>> parser) {
        return new Setting<>(
                property(key, label, help, ProviderConfigProperty.TEXT_TYPE, defaultText),
                parser.apply(defaultText).orElseThrow(),
                value -> Optional.of(value)
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .flatMap(parser));
    }

    /** Exactly one of {@code options}. */
    public static Setting<String> choice(
            String key, String label, String help, List<String> options, String defaultValue) {
        ProviderConfigProperty property = property(key, label, help, ProviderConfigProperty.LIST_TYPE, defaultValue);
        property.setOptions(options);
        return new Setting<>(
                property,
                defaultValue,
                value -> Optional.of(value)
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .filter(options::contains));
    }

    /** One or more of {@code options}; the default is all of them. */
    public static Setting<List<String>> choices(String key, String label, String help, List<String> options) {
        return choices(key, label, help, options, options);
    }

    /** One or more of {@code options}. */
    public static Setting<List<String>> choices(
            String key, String label, String help, List<String> options, List<String> defaultValue) {
        ProviderConfigProperty property =
                property(key, label, help, ProviderConfigProperty.MULTIVALUED_LIST_TYPE, defaultValue);
        property.setOptions(options);
        return new Setting<>(
                property,
                defaultValue,
                value -> texts(value).filter(chosen -> !chosen.isEmpty() && options.containsAll(chosen)));
    }

    /** The key in the profile's JSON, kebab-case. */
    public String key() {
        return property.getName();
    }

    /** How the setting is shown in the admin console. */
    public ProviderConfigProperty property() {
        return property;
    }

    T defaultValue() {
        return defaultValue;
    }

    /** The value, or empty where what is stored is not valid. */
    Optional<T> read(Object stored) {
        return stored == null ? Optional.of(defaultValue) : reader.apply(stored);
    }

    private static ProviderConfigProperty property(
            String key, String label, String help, String type, Object defaultValue) {
        return new ProviderConfigProperty(key, label, help, type, defaultValue);
    }

    private static Setting<Integer> wholeNumber(
            String key, String label, String help, int min, int max, int defaultValue) {
        return new Setting<>(
                property(key, label, help, ProviderConfigProperty.STRING_TYPE, Integer.toString(defaultValue)),
                defaultValue,
                value -> wholeNumber(value).filter(number -> min <= number && number <= max));
    }

    /** The admin console sends numbers as text. */
    private static Optional<Integer> wholeNumber(Object value) {
        if (value instanceof Integer number) {
            return Optional.of(number);
        }
        try {
            return value instanceof String text ? Optional.of(Integer.valueOf(text)) : Optional.empty();
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    /** The admin console sends switches as text in some places. */
    private static Optional<Boolean> flag(Object value) {
        if (value instanceof Boolean flag) {
            return Optional.of(flag);
        }
        return "true".equals(value) ? Optional.of(true) : "false".equals(value) ? Optional.of(false) : Optional.empty();
    }

    private static Optional<List<String>> texts(Object value) {
        if (!(value instanceof List<?> list)) {
            return Optional.empty();
        }
        List<String> texts = new ArrayList<>();
        for (Object member : list) {
            if (!(member instanceof String text)) {
                return Optional.empty();
            }
            texts.add(text);
        }
        return Optional.of(List.copyOf(texts));
    }
}
