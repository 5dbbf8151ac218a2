package org.fapipack.httpsignatures;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which fields are known to be structured, and of which type. The type of any other field is never guessed, so it cannot be covered with
 * {@code sf} or {@code key}. Immutable.
 */
public final class FieldTypes {

    /** The three top-level types of RFC 9651. */
    public enum Type {
        ITEM,
        LIST,
        DICTIONARY
    }

    /** The fields that message signatures and digests define; all of them Dictionaries. */
    public static final FieldTypes STANDARD = new FieldTypes(Map.of(
            "signature", Type.DICTIONARY,
            "signature-input", Type.DICTIONARY,
            "accept-signature", Type.DICTIONARY,
            "content-digest", Type.DICTIONARY,
            "repr-digest", Type.DICTIONARY,
            "want-content-digest", Type.DICTIONARY,
            "want-repr-digest", Type.DICTIONARY));

    private final Map<String, Type> types;

    private FieldTypes(Map<String, Type> types) {
        this.types = types;
    }

    /** The same with one more field, whose name may be given in any case. */
    public FieldTypes with(String name, Type type) {
        Map<String, Type> more = new HashMap<>(types);
        more.put(name.toLowerCase(Locale.ROOT), type);
        return new FieldTypes(Map.copyOf(more));
    }

    Optional<Type> of(String lowerCaseName) {
        return Optional.ofNullable(types.get(lowerCaseName));
    }
}
