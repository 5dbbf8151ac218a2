package org.fapipack.demo;

import java.util.Locale;

/**
 * How words look on this terminal: colours or none, and marks that the terminal's character set has.
 *
 * @param colours ANSI colours
 * @param unicode ticks, arrows and lines; ASCII otherwise
 */
record Style(boolean colours, boolean unicode) {

    static final Style PLAIN = new Style(false, false);

    /**
     * Reads the wishes of the terminal.
     *
     * @param terminal whether the output is a terminal
     */
    static Style of(boolean terminal, String noColor, String term, String locale) {
        boolean colours = terminal && (noColor == null || noColor.isEmpty()) && !"dumb".equals(term);
        String charset = locale == null || !locale.contains(".")
                ? "utf8"
                : locale.substring(locale.indexOf('.') + 1).replace("-", "").toLowerCase(Locale.ROOT);
        return new Style(colours, charset.startsWith("utf8"));
    }

    String bold(String text) {
        return ansi("1", text);
    }

    String dim(String text) {
        return ansi("2", text);
    }

    String good(String text) {
        return ansi("32", text);
    }

    String bad(String text) {
        return ansi("1;31", text);
    }

    String name(String text) {
        return ansi("36", text);
    }

    String head(String text) {
        return ansi("1;34", text);
    }

    String tick() {
        return good(unicode ? "✔" : "ok");
    }

    String cross() {
        return bad(unicode ? "✘" : "FAILED");
    }

    String skipped() {
        return dim(unicode ? "–" : "-");
    }

    String arrow() {
        return unicode ? "→" : "->";
    }

    String ellipsis() {
        return unicode ? "…" : "...";
    }

    String hiddenSecret() {
        return unicode ? "••••••••" : "********";
    }

    String line(int length) {
        return (unicode ? "─" : "-").repeat(length);
    }

    /** How many columns a text takes on the screen. */
    static int width(String text) {
        return text.replaceAll("\u001b\\[[0-9;]*m", "").length();
    }

    private String ansi(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
