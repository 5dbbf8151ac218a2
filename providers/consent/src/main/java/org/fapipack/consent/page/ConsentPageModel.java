package org.fapipack.consent.page;

import jakarta.ws.rs.core.MultivaluedMap;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.FormatStyle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.fapipack.consent.StoredConsent;
import org.fapipack.core.consent.ConsentPage;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;

/**
 * What the template {@code fapi-consent.ftl} knows as {@code consent}. Texts of a client cannot turn the direction of what follows.
 *
 * <p>Always: {@code clientName}, {@code legalName}, {@code actsFor}, {@code logoUri}, {@code policyUri}, {@code tosUri}, {@code over} and {@code error} (keys
 * of messages) are texts, empty where there is none. Where {@code over} is not empty nothing can be decided, and only {@code decision=leave} is asked for.
 * Else also {@code type}, {@code version}, {@code end} (texts); {@code payment}, {@code again} (decided on before), {@code noAccounts} (truth values);
 * {@code amount} (text: what is paid, with its currency, empty where nothing is); {@code groups} of {@code name} and {@code permissions};
 * {@code fields} of {@code key} and {@code value}; {@code accountChoice} ({@code none}, {@code one}, {@code several}); {@code accounts} of {@code id}, {@code name}, {@code number}, {@code chosen}, one page of them; {@code accountPage}, {@code accountPages},
 * {@code accountTotal}, {@code accountsChosen} (numbers); {@code query}. The form sends {@code version}, {@code account} for each that is ticked,
 * {@code shown} for each that could be, {@code decision} ({@code approve}, {@code refuse}, {@code page}), {@code go} (number of a page) and {@code search}.
 */
final class ConsentPageModel {

    /** Control and format characters: marks, embeddings, overrides and isolates of direction, and what has no width. */
    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

    /** Longest name that is shown whole. */
    private static final int MAX_NAME_CHARACTERS = 200;

    private ConsentPageModel() {}

    /** The page on which the customer decides. */
    static Map<String, Object> open(
            KeycloakSession session,
            ClientModel client,
            UserModel customer,
            StoredConsent consent,
            CustomerAccounts accounts,
            AccountSelection selection,
            MultivaluedMap<String, String> form,
            String error) {
        Map<String, Object> values = ofClient(client);
        Locale locale = session.getContext().resolveLocale(customer);
        ConsentPage page = consent.type().authorization().orElseThrow().page();
        Set<String> permissions = Set.copyOf(consent.permissions());
        values.put("type", consent.type().name());
        values.put("version", Integer.toString(consent.version()));
        values.put("error", error);
        values.put("payment", page.isPayment());
        values.put("again", consent.customerId().isPresent());
        values.put(
                "groups",
                page.groups().stream()
                        .map(group -> Map.of(
                                "name",
                                group.name(),
                                "permissions",
                                group.permissions().stream()
                                        .filter(permissions::contains)
                                        .toList()))
                        .filter(group -> !List.of().equals(group.get("permissions")))
                        .toList());
        values.put("fields", fields(consent, page, locale));
        values.put(
                "amount",
                ShownAmount.in(
                        locale, said(consent, ConsentPage.Field.AMOUNT), said(consent, ConsentPage.Field.CURRENCY)));
        values.put("end", consent.view().end().map(end -> date(end, locale)).orElse(""));
        String choice = page.accounts().name().toLowerCase(Locale.ROOT);
        values.put("accountChoice", choice);
        values.put("noAccounts", page.accounts() != ConsentPage.AccountChoice.NONE && accounts.isEmpty());
        putAccounts(values, accounts, selection.chosen(), form);
        return values;
    }

    /** The page that says why there is nothing to decide. */
    static Map<String, Object> over(ClientModel client, String messageKey) {
        Map<String, Object> values = ofClient(client);
        values.put("over", messageKey);
        return values;
    }

    private static Map<String, Object> ofClient(ClientModel client) {
        Map<String, Object> values = new HashMap<>();
        values.put(
                "clientName",
                shown(Optional.ofNullable(client.getName())
                        .filter(name -> !name.isBlank())
                        .orElse(client.getClientId())));
        values.put("legalName", shown(client.getAttribute("fapi.legal.name")));
        values.put("actsFor", shown(client.getAttribute("fapi.acts.for")));
        values.put("logoUri", https(client.getAttribute(ClientModel.LOGO_URI)));
        values.put("policyUri", https(client.getAttribute(ClientModel.POLICY_URI)));
        values.put("tosUri", https(client.getAttribute(ClientModel.TOS_URI)));
        values.put("over", "");
        values.put("error", "");
        return values;
    }

    private static void putAccounts(
            Map<String, Object> values,
            CustomerAccounts accounts,
            Set<String> chosen,
            MultivaluedMap<String, String> form) {
        String search = AccountSelection.search(form);
        List<Account> found = accounts.all().stream()
                .filter(account -> account.matches(search))
                .toList();
        int pages = Math.max(1, (found.size() + AccountSelection.PAGE_SIZE - 1) / AccountSelection.PAGE_SIZE);
        int page = Math.min(pages, page(form));
        values.put(
                "accounts",
                found.stream()
                        .skip((long) (page - 1) * AccountSelection.PAGE_SIZE)
                        .limit(AccountSelection.PAGE_SIZE)
                        .map(account -> Map.of(
                                "id",
                                account.id(),
                                "name",
                                shown(account.name()),
                                "number",
                                shown(account.maskedNumber()),
                                "chosen",
                                chosen.contains(account.id())))
                        .toList());
        values.put("accountPage", page);
        values.put("accountPages", pages);
        values.put("accountTotal", accounts.all().size());
        values.put("accountsChosen", chosen.size());
        values.put("query", shown(search));
    }

    private static int page(MultivaluedMap<String, String> form) {
        try {
            return Math.max(
                    1, Integer.parseInt(Optional.ofNullable(form.getFirst("go")).orElse("1")));
        } catch (NumberFormatException notANumber) {
            return 1;
        }
    }

    private static List<Map<String, String>> fields(StoredConsent consent, ConsentPage page, Locale locale) {
        List<Map<String, String>> fields = new ArrayList<>();
        for (ConsentPage.Field field : page.fields().keySet()) {
            consent.type()
                    .say(consent.view().body(), field)
                    .map(said -> field.isDate() ? date(said, locale) : said)
                    .ifPresent(said -> fields.add(Map.of("key", field.key(), "value", seen(said))));
        }
        return fields;
    }

    /** Empty where the consent says nothing of it. */
    private static String said(StoredConsent consent, ConsentPage.Field field) {
        return consent.type()
                .say(consent.view().body(), field)
                .map(ConsentPageModel::shown)
                .orElse("");
    }

    private static String date(String said, Locale locale) {
        try {
            return said.length() > "2026-01-01".length()
                    ? date(OffsetDateTime.parse(said).toInstant(), locale)
                    : DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                            .withLocale(locale)
                            .format(LocalDate.parse(said));
        } catch (DateTimeParseException unusual) {
            return said;
        }
    }

    private static String date(Instant moment, Locale locale) {
        return DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG)
                .withLocale(locale)
                .format(moment.atOffset(ZoneOffset.UTC));
    }

    /** Whole: two payees must not look alike because they differ at the end. */
    private static String seen(String text) {
        return UNSEEN.matcher(text).replaceAll("").strip();
    }

    private static String shown(String text) {
        String seen = text == null ? "" : seen(text);
        return seen.codePointCount(0, seen.length()) > MAX_NAME_CHARACTERS
                ? seen.substring(0, seen.offsetByCodePoints(0, MAX_NAME_CHARACTERS)) + '\u2026'
                : seen;
    }

    /** Only what a browser may load or open from here. */
    private static String https(String uri) {
        return uri != null && uri.startsWith("https://") ? uri : "";
    }
}
