package org.fapipack.core.consent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a client may send at a place inside of the data of a consent.
 *
 * @param required whether it has to be there wherever the object is that it belongs to
 * @param pattern that the whole text has to match; a text, because patterns are not equal to each other
 * @param maxCharacters of the text
 */
record MemberRule(MemberPath member, boolean required, Form form, Optional<String> pattern, int maxCharacters) {

    /** What a value can be. */
    enum Form {
        /** A text with something in it. */
        TEXT,
        /** A text with an amount above nought: digits, and a point with more of them. */
        DECIMAL,
        /** ISO 4217, as the platform knows it. */
        CURRENCY,
        /** RFC 3339, full-date. */
        DATE,
        /** RFC 3339, date-time. */
        DATE_TIME,
        /** Something with members. */
        OBJECT;

        /** The name in data, for example {@code date-time}. */
        String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private static final Pattern DECIMAL_TEXT = Pattern.compile("[0-9]{1,18}(\\.[0-9]{1,5})?");

    /** Longest text that is looked at as a date. */
    private static final int MAX_DATE_CHARACTERS = 40;

    void check(ObjectNode data) throws ConsentRefusal {
        JsonNode value = member.in(data);
        if (value.isMissingNode() || value.isNull()) {
            checkAbsence(data, value);
        } else if (!isGood(value)) {
            throw new ConsentRefusal(
                    ConsentDefect.MALFORMED, "'" + member + "' does not have the form '" + form.key() + "'");
        }
    }

    private void checkAbsence(ObjectNode data, JsonNode value) throws ConsentRefusal {
        if (member.isBlockedIn(data) || (value.isNull() && !required)) {
            throw new ConsentRefusal(ConsentDefect.MALFORMED, "'" + member + "' cannot be where it should be");
        }
        if (required && isOwnerIn(data)) {
            throw new ConsentRefusal(ConsentDefect.MISSING, "'" + member + "' is missing");
        }
    }

    private boolean isOwnerIn(ObjectNode data) {
        List<String> owner = member.names().subList(0, member.names().size() - 1);
        return owner.isEmpty() || new MemberPath(owner).in(data).isObject();
    }

    private boolean isGood(JsonNode value) {
        if (form == Form.OBJECT) {
            return value.isObject();
        }
        String text = value.isTextual() ? value.textValue() : "";
        return !text.isBlank()
                && text.length() <= maxCharacters
                && pattern.map(wanted -> Pattern.matches(wanted, text)).orElse(true)
                && isOfTheForm(text);
    }

    private boolean isOfTheForm(String text) {
        return switch (form) {
            case TEXT, OBJECT -> true;
            case DECIMAL -> DECIMAL_TEXT.matcher(text).matches() && new BigDecimal(text).signum() > 0;
            case CURRENCY ->
                Currency.getAvailableCurrencies().stream()
                        .anyMatch(known -> known.getCurrencyCode().equals(text));
            case DATE -> isDate(text, false);
            case DATE_TIME -> isDate(text, true);
        };
    }

    private static boolean isDate(String text, boolean withTime) {
        try {
            if (text.length() > MAX_DATE_CHARACTERS) {
                return false;
            }
            return (withTime
                            ? OffsetDateTime.parse(text).getYear()
                            : LocalDate.parse(text).getYear())
                    > 0;
        } catch (DateTimeException notADate) {
            return false;
        }
    }
}
