package org.fapipack.httpsignatures;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.greenbytes.http.sfv.Dictionary;
import org.greenbytes.http.sfv.ListElement;
import org.greenbytes.http.sfv.Parser;

/**
 * Reads Dictionaries (RFC 9651) of bounded size.
 *
 * <p>The parser behind it keeps the last of two members with one key and says nothing, and it takes quadratic time for long lists; so a
 * field is first looked through once, and each member is parsed by itself.
 */
final class StructuredFields {

    private final Limits limits;
    private final RefusalReason malformed;

    /** @param malformed the reason for what does not parse */
    StructuredFields(Limits limits, RefusalReason malformed) {
        this.limits = limits;
        this.malformed = malformed;
    }

    /** All lines of one field as one Dictionary; keys may repeat, the last one counts. */
    Map<String, ListElement<?>> dictionary(String name, List<String> lines) throws HttpSignatureException {
        return members(name, lines, false);
    }

    /** The same, but a key that stands there twice is malformed. */
    Map<String, ListElement<?>> dictionaryWithUniqueKeys(String name, List<String> lines)
            throws HttpSignatureException {
        return members(name, lines, true);
    }

    private Map<String, ListElement<?>> members(String name, List<String> lines, boolean unique)
            throws HttpSignatureException {
        Map<String, ListElement<?>> members = new LinkedHashMap<>();
        for (String member : split(name, joined(name, lines))) {
            try {
                for (Map.Entry<String, ListElement<?>> entry :
                        Parser.parseDictionary(member).get().entrySet()) {
                    if (members.put(entry.getKey(), entry.getValue()) != null && unique) {
                        throw new HttpSignatureException(malformed, name + " has a label twice");
                    }
                }
            } catch (IllegalArgumentException notADictionary) {
                throw new HttpSignatureException(malformed, name + " does not parse", notADictionary);
            }
        }
        return members;
    }

    /** All lines of one field, strictly serialised. */
    String strict(String name, List<String> lines, FieldTypes.Type type) throws HttpSignatureException {
        if (type == FieldTypes.Type.DICTIONARY) {
            return Dictionary.valueOf(dictionary(name, lines)).serialize();
        }
        String text = joined(name, lines);
        split(name, text);
        try {
            return type == FieldTypes.Type.ITEM
                    ? Parser.parseItem(text).serialize()
                    : Parser.parseList(text).serialize();
        } catch (IllegalArgumentException notOfThatType) {
            throw new HttpSignatureException(malformed, name + " does not parse", notOfThatType);
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

    /** The texts of the members. Members, items and parameters are told apart by characters that can stand elsewhere in Strings only. */
    private List<String> split(String name, String text) throws HttpSignatureException {
        List<String> members = new ArrayList<>();
        int begin = 0;
        int items = 0;
        int parameters = 0;
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
                        members.add(member(name, text, begin, i));
                        begin = i + 1;
                        items = 0;
                        parameters = 0;
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
                // One item more than there are gaps between them.
                if (members.size() >= limits.maxSignatures()
                        || items >= limits.maxComponents()
                        || parameters > limits.maxComponents()) {
                    throw new HttpSignatureException(
                            RefusalReason.LIMIT_EXCEEDED, name + " has too many members, items or parameters");
                }
            }
            before = character;
        }
        if (!text.isEmpty()) {
            members.add(member(name, text, begin, text.length()));
        }
        return members;
    }

    private String member(String name, String text, int begin, int end) throws HttpSignatureException {
        String member = text.substring(begin, end).strip();
        if (member.isEmpty()) {
            throw new HttpSignatureException(malformed, name + " has a comma too many");
        }
        return member;
    }
}
