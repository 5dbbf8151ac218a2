package org.fapipack.core.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a client accepts: the {@code Accept} header lines of one request, read by the rules of RFC 9110 section 12.5.1.
 *
 * <p>Immutable. Reading never throws: a media range that is not well formed matches nothing. Time is linear in the length of
 * the header. An absent header accepts everything.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110.html#section-12.5.1">RFC 9110 section 12.5.1</a>
 */
public final class AcceptHeader {

    private record MediaRange(String type, String subtype, double quality) {
        boolean isExactly(String wantedType, String wantedSubtype) {
            return type.equals(wantedType) && subtype.equals(wantedSubtype);
        }
    }

    private final List<MediaRange> ranges;

    private AcceptHeader(List<MediaRange> ranges) {
        this.ranges = ranges;
    }

    /**
     * Reads all {@code Accept} lines of a request; several lines mean the same as one line joined by commas.
     *
     * @param lines the raw header values, must not be null; empty means the header is absent
     */
    public static AcceptHeader of(List<String> lines) {
        if (lines.isEmpty()) {
            return new AcceptHeader(List.of(new MediaRange("*", "*", 1)));
        }
        List<MediaRange> ranges = new ArrayList<>();
        for (String line : lines) {
            for (String element : split(line, ',')) {
                MediaRange range = read(element);
                if (range != null) {
                    ranges.add(range);
                }
            }
        }
        return new AcceptHeader(List.copyOf(ranges));
    }

    /**
     * The quality given to a media type by the most specific range that matches it: 0 (not acceptable) to 1.
     *
     * @param mediaType {@code type/subtype} in lower case, without parameters
     */
    public double quality(String mediaType) {
        int slash = mediaType.indexOf('/');
        String type = mediaType.substring(0, slash);
        String subtype = mediaType.substring(slash + 1);
        double exact = best(type, subtype);
        double family = best(type, "*");
        return exact >= 0 ? exact : family >= 0 ? family : Math.max(0, best("*", "*"));
    }

    /** Whether the media type itself, not a wildcard, is listed with a quality above 0. */
    public boolean names(String mediaType) {
        int slash = mediaType.indexOf('/');
        return best(mediaType.substring(0, slash), mediaType.substring(slash + 1)) > 0;
    }

    /** The highest quality among the ranges that are exactly this one, or -1 where there is none. */
    private double best(String type, String subtype) {
        double best = -1;
        for (MediaRange range : ranges) {
            if (range.isExactly(type, subtype)) {
                best = Math.max(best, range.quality());
            }
        }
        return best;
    }

    private static MediaRange read(String element) {
        List<String> parts = split(element, ';');
        String range = parts.get(0).strip().toLowerCase(Locale.ROOT);
        int slash = range.indexOf('/');
        if (slash <= 0 || slash == range.length() - 1) {
            return null;
        }
        double quality = 1;
        for (String parameter : parts.subList(1, parts.size())) {
            String text = parameter.strip();
            if (text.length() >= 2 && (text.charAt(0) == 'q' || text.charAt(0) == 'Q') && text.charAt(1) == '=') {
                quality = quality(text, 2);
                break; // what follows q belongs to the long abandoned accept-ext
            }
        }
        return quality < 0 ? null : new MediaRange(range.substring(0, slash), range.substring(slash + 1), quality);
    }

    /** RFC 9110 section 12.4.2: 0 or 1 with at most three decimals, at most 1; anything else is -1. */
    private static double quality(String text, int start) {
        String number = text.substring(start).strip();
        if (number.isEmpty() || number.length() > 5 || (number.charAt(0) != '0' && number.charAt(0) != '1')) {
            return -1;
        }
        if (number.length() > 1 && number.charAt(1) != '.') {
            return -1;
        }
        for (int i = 2; i < number.length(); i++) {
            if (number.charAt(i) < '0' || number.charAt(i) > '9') {
                return -1;
            }
        }
        double value = Double.parseDouble(number);
        return value <= 1 ? value : -1;
    }

    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || text.charAt(i) == separator) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        return parts;
    }
}
