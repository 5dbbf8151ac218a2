package org.fapipack.httpsignatures;

import static java.util.Objects.requireNonNull;

/**
 * One field line of a message (a "header"), as it is on the wire.
 *
 * @param name the field's name in any case, not null
 * @param value one character for each octet (ISO 8859-1), white space around it allowed, not null
 */
public record FieldLine(String name, String value) {
    public FieldLine {
        requireNonNull(name, "name");
        requireNonNull(value, "value");
    }
}
