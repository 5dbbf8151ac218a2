package org.fapipack.consent.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.keycloak.util.JsonSerialization;

/**
 * An account of a customer.
 *
 * @param id in the bank's words; what tokens and resource servers know it by
 * @param name as the customer knows it
 * @param number whole; a page shows it {@linkplain #maskedNumber() masked}
 */
record Account(String id, String name, String number) {

    /** Of a number, this many characters at its end are shown. */
    private static final int SHOWN = 4;

    private static final int MAX_ID_CHARACTERS = 128;

    private static final Pattern BLANKS = Pattern.compile("\\s+");

    /** Reads {@code {"id": "...", "name": "...", "number": "..."}}; empty where that is not what it is. */
    static Optional<Account> read(String json) {
        try {
            JsonNode account = JsonSerialization.mapper.readTree(json);
            String id = account.path("id").asText();
            String name = account.path("name").asText();
            boolean complete =
                    account.path("id").isTextual() && account.path("name").isTextual();
            return complete && !id.isBlank() && id.length() <= MAX_ID_CHARACTERS && id.indexOf('\n') < 0
                    ? Optional.of(new Account(id, name, account.path("number").asText()))
                    : Optional.empty();
        } catch (JsonProcessingException notJson) {
            return Optional.empty();
        }
    }

    /** For example {@code •••• 1234}; a number too short to hide most of it is hidden whole. */
    String maskedNumber() {
        String shown = number.length() >= 2 * SHOWN ? number.substring(number.length() - SHOWN) : "";
        return number.isEmpty() ? "" : ("\u2022\u2022\u2022\u2022 " + shown).strip();
    }

    /** Whether a client that wrote this, however it puts blanks, meant the account. */
    boolean isNamed(String named) {
        String wanted = BLANKS.matcher(named).replaceAll("");
        return !wanted.isEmpty()
                && (id.equals(named) || BLANKS.matcher(number).replaceAll("").equalsIgnoreCase(wanted));
    }

    /** Whether what a customer searches for is in its name or at the end of its number. */
    boolean matches(String search) {
        String wanted = search.strip().toLowerCase(Locale.ROOT);
        return wanted.isEmpty()
                || name.toLowerCase(Locale.ROOT).contains(wanted)
                || (wanted.length() <= SHOWN && number.endsWith(wanted));
    }
}
