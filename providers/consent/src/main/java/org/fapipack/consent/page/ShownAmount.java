package org.fapipack.consent.page;

import java.math.BigDecimal;
import java.text.NumberFormat;
import java.util.Currency;
import java.util.Locale;
import java.util.regex.Pattern;

/** An amount of money as it is written in the customer's language: with its currency, and with every digit that the client sent. */
public final class ShownAmount {

    /** What is formatted; all else is shown as it is. */
    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,18}([.][0-9]{1,9})?");

    private ShownAmount() {}

    /**
     * Never rounded, and never guessed: what is no decimal number, or no currency that ISO 4217 knows, comes back as it is.
     *
     * @param amount empty where there is none
     * @param currency empty where there is none
     */
    public static String in(Locale locale, String amount, String currency) {
        String asSent = (amount + ' ' + currency).strip();
        if (!DECIMAL.matcher(amount).matches()) {
            return asSent;
        }
        try {
            BigDecimal number = new BigDecimal(amount);
            Currency known = Currency.getInstance(currency);
            int digits = Math.max(known.getDefaultFractionDigits(), number.scale());
            NumberFormat format = NumberFormat.getCurrencyInstance(withDigitsOfAccountNumbers(locale));
            format.setCurrency(known);
            format.setMinimumFractionDigits(digits);
            format.setMaximumFractionDigits(digits);
            return format.format(number);
        } catch (IllegalArgumentException noCurrency) {
            return asSent;
        }
    }

    /** Account numbers and dates on the page have the digits 0 to 9 in every language; an amount beside them has no others. */
    private static Locale withDigitsOfAccountNumbers(Locale locale) {
        return new Locale.Builder()
                .setLocale(locale)
                .setUnicodeLocaleKeyword("nu", "latn")
                .build();
    }
}
