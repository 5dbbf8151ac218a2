package org.fapipack.httpsignatures;

import java.util.List;
import java.util.Map;
import org.greenbytes.http.sfv.Dictionary;
import org.greenbytes.http.sfv.ListElement;
import org.greenbytes.http.sfv.Parser;

/**
 * Reads Dictionaries (RFC 9651) of bounded size.
 *
 * <p>The parser behind it keeps the last of two members with one key and says nothing, and it takes quadratic time for long lists; so a
 * field is first looked through once, which finds both.
 */
final class StructuredFields {

    private final Limits limits;
    private final RefusalReason malformed;

    /** @param malformed the reason for what does not parse */
    StructuredFields(Limits limits, RefusalReason malformed) {
        this.limits = limits;
        this.malformed = malformed;
    }

    /** What one look at a field finds, without parsing it. */
    private record Outline(int members, int longestList, int mostParameters) {}

    /** All lines of one field as one Dictionary; keys may repeat, the last one counts. */
    Map<String, ListElement<?>> dictionary(String name, List<String> lines) throws HttpSignatureException {
        String text = joined(name, lines);
        outline(name, text);
        return parsed(name, text);
    }

    /** The same, but a key that stands there twice is malformed. */
    Map<String, ListElement<?>> dictionaryWithUniqueKeys(String name, List<String> lines)
            throws HttpSignatureException {
        String text = joined(name, lines);
        Outline outline = outline(name, text);
        Map<String, ListElement<?>> members = parsed(name, text);
        if (members.size() != outline.members()) {
            throw new HttpSignatureException(malformed, name + " has a label twice");
        }
        return members;
    }

    /** All lines of one field, strictly serialised. */
    String strict(String name, List<String> lines, FieldTypes.Type type) throws HttpSignatureException {
        String text = joined(name, lines);
        outline(name, text);
        try {
            return switch (type) {
                case ITEM -> Parser.parseItem(text).serialize();
                case LIST -> Parser.parseList(text).serialize();
                case DICTIONARY -> Parser.parseDictionary(text).serialize();
            };
        } catch (IllegalArgumentException notOfThatType) {
            throw new HttpSignatureException(malformed, name + " does not parse", notOfThatType);
        }
    }

    private Map<String, ListElement<?>> parsed(String name, String text) throws HttpSignatureException {
        try {
            Dictionary dictionary = Parser.parseDictionary(text);
            return dictionary.get();
        } catch (IllegalArgumentException notADictionary) {
            throw new HttpSignatureException(malformed, name + " does not parse", notADictionary);
        }
    }

    private String joined(String name, List<String> lines) throws HttpSignatureException {
        long length = 0;
        for (String line : lines) {
            length += line.length() + 2L;
        }
        if (length - 2 > limits.maxFieldLength()) {
            throw new HttpSignatureException(RefusalReason.LIMIT_EXCEEDED, name + " is too long");
        }
        return lines.size() == 1
                ? lines.get(0).strip()
                : String.join(", ", lines).strip();
    }

    /** Members, items and parameters are told apart by characters that can stand elsewhere in Strings only. */
    private Outline outline(String name, String text) throws HttpSignatureException {
        int members = text.isEmpty() ? 0 : 1;
        int items = 0;
        int longestList = 0;
        int parameters = 0;
        int mostParameters = 0;
        boolean inString = false;
        char before = ' ';
        for (int i = 0; i < text.length(); i++) {
            char character = text.charAt(i);
            if (inString) {
                if (character == '\\') {
                    i++;
                } else if (character == '"') {
                    inString = false;
                }
            } else {
                switch (character) {
                    case '"' -> inString = true;
                    case ',' -> {
                        members++;
                        parameters = 0;
                        items = 0;
                    }
                    case '(', ')' -> {
                        items = 0;
                        parameters = 0;
                    }
                    case ' ' -> {
                        if (before != ' ') {
                            items++;
                            parameters = 0;
                        }
                    }
                    case ';' -> parameters++;
                    default -> {
                        /* part of a key or a value */
                    }
                }
                longestList = Math.max(longestList, items + 1);
                mostParameters = Math.max(mostParameters, parameters);
            }
            before = character;
        }
        if (members > limits.maxSignatures()
                || longestList > limits.maxComponents()
                || mostParameters > limits.maxComponents()) {
            throw new HttpSignatureException(
                    RefusalReason.LIMIT_EXCEEDED, name + " has too many members, items or parameters");
        }
        return new Outline(members, longestList, mostParameters);
    }
}
