package org.fapipack.consent.dashboard;

import java.util.Optional;

/** Text that somebody else chose, made harmless to the text around it. The templates escape what would be markup. */
final class ShownText {

    private static final int MAX_CHARACTERS = 200;

    private ShownText() {}

    /** Without what cannot be seen or turns the direction of what follows, and not too long; empty for null. */
    static String of(String text) {
        StringBuilder shown = new StringBuilder();
        Optional.ofNullable(text)
                .orElse("")
                .codePoints()
                .map(character -> Character.isWhitespace(character) ? ' ' : character)
                .filter(ShownText::isSeen)
                .limit(MAX_CHARACTERS)
                .forEach(shown::appendCodePoint);
        return shown.toString().strip();
    }

    /** For example {@code •••• 1234}; what is too short to hide most of it is hidden whole. */
    static String masked(String id) {
        String shown = of(id);
        return shown.length() < 8
                ? "\u2022\u2022\u2022\u2022"
                : "\u2022\u2022\u2022\u2022 " + shown.substring(shown.length() - 4);
    }

    private static boolean isSeen(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
