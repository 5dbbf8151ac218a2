package org.fapipack.consent.dashboard;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.FormatStyle;
import java.util.Locale;

/** Days and times as the customer's language writes them; all in UTC, because the customer's own time is not known here. */
final class ShownTime {

    private static final int CHARACTERS_OF_A_DAY = "2026-01-01".length();

    private final DateTimeFormatter day;
    private final DateTimeFormatter time;

    ShownTime(Locale locale) {
        day = DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG).withLocale(locale);
        time = DateTimeFormatter.ofLocalizedTime(FormatStyle.SHORT).withLocale(locale);
    }

    String day(Instant moment) {
        return day.format(moment.atOffset(ZoneOffset.UTC));
    }

    String time(Instant moment) {
        return time.format(moment.atOffset(ZoneOffset.UTC));
    }

    /** What a client wrote as a day, or as a moment; as it is, where it is neither. */
    String said(String said) {
        try {
            return said.length() > CHARACTERS_OF_A_DAY
                    ? day(OffsetDateTime.parse(said).toInstant())
                    : day.format(LocalDate.parse(said));
        } catch (DateTimeParseException unusual) {
            return said;
        }
    }
}
