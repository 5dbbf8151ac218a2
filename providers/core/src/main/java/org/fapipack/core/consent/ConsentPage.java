package org.fapipack.core.consent;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a customer who decides on a consent is shown and asked.
 *
 * @param groups permissions that are shown together, in the order of the page; every permission is in one
 * @param accounts which accounts the customer chooses
 * @param fields what else the consent says, in the order of the page, for example a payment's amount
 * @param namedAccountBinds whether an account that the client names is the one, and not only what it would like
 */
public record ConsentPage(
        List<Group> groups, AccountChoice accounts, Map<Field, MemberPath> fields, boolean namedAccountBinds) {

    /**
     * Permissions shown together.
     *
     * @param name of the group, in keys of messages
     */
    public record Group(String name, List<String> permissions) {}

    /** How many accounts a customer chooses. */
    public enum AccountChoice {
        NONE,
        ONE,
        /** One or more. */
        SEVERAL
    }

    /** What a consent can say besides permissions. */
    public enum Field {
        /** A decimal number as text, or a JSON number. */
        AMOUNT,
        /** ISO 4217. */
        CURRENCY,
        PAYEE,
        PAYEE_ACCOUNT,
        /** RFC 3339, a date or a date and time. */
        DATE,
        REFERENCE,
        /** The account to pay from, where the client names it. */
        DEBTOR_ACCOUNT,
        /** RFC 3339: the first day of data that is shared. */
        DATA_FROM,
        /** RFC 3339: the last day of data that is shared. */
        DATA_TO,
        PURPOSE;

        /** The name in data and in keys of messages, for example {@code payee-account}. */
        public String key() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Whether it is a moment or a day. */
        public boolean isDate() {
            return this == DATE || this == DATA_FROM || this == DATA_TO;
        }
    }

    /** Whether money is paid. */
    public boolean isPayment() {
        return fields.containsKey(Field.AMOUNT);
    }
}
