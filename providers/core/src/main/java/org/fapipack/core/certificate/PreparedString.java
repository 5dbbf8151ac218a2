package org.fapipack.core.certificate;

import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/**
 * Prepares the value of a naming attribute for comparison: two values match when they are equal afterwards.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4518.html#section-2">RFC 4518 section 2</a>
 */
final class PreparedString {

    private static final int NEXT_LINE = 0x85;

    private PreparedString() {}

    /** The value in the form to compare; empty where it contains a prohibited character, so that it matches nothing. */
    static Optional<String> of(String value) {
        StringBuilder mapped = new StringBuilder();
        value.codePoints().forEach(character -> {
            if (isSpace(character)) {
                mapped.append(' ');
            } else if (!isInsignificant(character)) {
                mapped.appendCodePoint(character);
            }
        });
        String folded = Normalizer.normalize(mapped, Normalizer.Form.NFKC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
        String normalized = Normalizer.normalize(folded, Normalizer.Form.NFKC);
        return normalized.codePoints().anyMatch(PreparedString::isProhibited)
                ? Optional.empty()
                : Optional.of(normalized.replaceAll(" +", " ").strip());
    }

    private static boolean isSpace(int character) {
        return (character >= '\t' && character <= '\r') || character == NEXT_LINE || Character.isSpaceChar(character);
    }

    /** "Mapped to nothing": controls, format characters, variation selectors, and a few others. */
    private static boolean isInsignificant(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT -> true;
            default ->
                character == 0x034f
                        || character == 0x1806
                        || (character >= 0x180b && character <= 0x180d)
                        || (character >= 0xfe00 && character <= 0xfe0f)
                        || character == 0xfffc;
        };
    }

    private static boolean isProhibited(int character) {
        return switch (Character.getType(character)) {
            case Character.UNASSIGNED, Character.PRIVATE_USE, Character.SURROGATE -> true;
            default -> character == 0xfffd;
        };
    }
}
