package org.fapipack.core.jose;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/**
 * Times in a JWT, to the second.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7519.html#section-2">RFC 7519 section 2</a>
 */
public final class NumericDate {

    /** The last second of the year 9999; keeps arithmetic inside the range of {@link Instant}. */
    private static final long LAST = 253_402_300_799L;

    private NumericDate() {}

    /** Whether the member is a number of seconds from 1970 to the year 9999; false for a missing one. */
    public static boolean is(JsonNode member) {
        return member != null
                && member.isNumber()
                && member.canConvertToLong()
                && 0 <= member.asLong()
                && member.asLong() <= LAST;
    }

    /** The time of a member that {@linkplain #is is} one; a fraction of a second is cut. */
    public static Instant of(JsonNode member) {
        return Instant.ofEpochSecond(member.asLong());
    }
}
