package org.fapipack.consent.dashboard;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.fapipack.consent.ChosenAccounts;
import org.fapipack.consent.CustomerConsents;
import org.fapipack.consent.CustomerConsents.Section;
import org.fapipack.consent.ListedConsent;
import org.fapipack.consent.page.ShownAmount;
import org.fapipack.core.consent.ConsentPage.Field;
import org.keycloak.models.RealmModel;

/**
 * What {@code fapi-consents.ftl} knows as {@code list}: {@code inForce} and {@code ended}, each with {@code consents} (maps of {@code name},
 * {@code state}, {@code since} and {@code time} (of that day), {@code end}, {@code changed}, {@code amount} and {@code payee} (empty where nothing is
 * paid, or it does not say whom), {@code accounts} (maps of {@code name} and {@code number}) and {@code moreAccounts} (how many besides),
 * {@code uri}), {@code page}, {@code pages}, {@code previous} and {@code next} (URIs, empty where there is none), {@code capped} (there are more than
 * can be shown) and {@code most} (how many that is).
 */
final class ConsentListModel {

    static final int PAGE_SIZE = 20;

    private final RealmModel realm;
    private final CustomerConsents consents;
    private final Links links;
    private final ShownTime times;
    private final ShownAccounts accounts;
    private final Locale locale;

    ConsentListModel(RealmModel realm, Customer customer, CustomerConsents consents, Links links, Locale locale) {
        this.realm = realm;
        this.consents = consents;
        this.links = links;
        this.times = new ShownTime(locale);
        this.accounts = new ShownAccounts(realm, customer);
        this.locale = locale;
    }

    /** Pages begin with 1; one that is too far is the last. */
    Map<String, Object> page(int inForcePage, int endedPage) {
        int inForce = consents.count(Section.IN_FORCE);
        int ended = consents.count(Section.ENDED);
        int first = Math.min(inForcePage, pages(inForce));
        int second = Math.min(endedPage, pages(ended));
        Map<String, Object> inForceModel = section(Section.IN_FORCE, first, inForce);
        Map<String, Object> endedModel = section(Section.ENDED, second, ended);
        inForceModel.put("previous", first > 1 ? links.list(first - 1, second).toString() : "");
        inForceModel.put(
                "next", first < pages(inForce) ? links.list(first + 1, second).toString() : "");
        endedModel.put("previous", second > 1 ? links.list(first, second - 1).toString() : "");
        endedModel.put(
                "next", second < pages(ended) ? links.list(first, second + 1).toString() : "");
        return Map.of("inForce", inForceModel, "ended", endedModel);
    }

    private static int pages(int consents) {
        return Math.max(1, (consents + PAGE_SIZE - 1) / PAGE_SIZE);
    }

    private Map<String, Object> section(Section section, int page, int total) {
        Map<String, Object> model = new HashMap<>();
        List<ListedConsent> listed = consents.page(section, (page - 1) * PAGE_SIZE, PAGE_SIZE).stream()
                .filter(consent -> consent.type().isPresent())
                .toList();
        Map<String, ChosenAccounts> chosen = consents.accounts(listed);
        model.put(
                "consents",
                listed.stream()
                        .map(consent -> line(
                                consent,
                                Optional.ofNullable(chosen.get(consent.view().id()))))
                        .toList());
        model.put("page", page);
        model.put("pages", pages(total));
        model.put("capped", total >= CustomerConsents.MAX_LISTED);
        model.put("most", CustomerConsents.MAX_LISTED);
        return model;
    }

    private Map<String, Object> line(ListedConsent consent, Optional<ChosenAccounts> chosen) {
        Map<String, Object> line = new HashMap<>();
        line.put("name", ConsentDetailsModel.name(realm.getClientById(consent.clientId())));
        line.put("state", consent.view().state().key());
        line.put("since", times.day(consent.view().created()));
        line.put("time", times.time(consent.view().created()));
        line.put("end", consent.view().end().map(times::day).orElse(""));
        line.put("changed", times.day(consent.view().updated()));
        line.put("amount", ShownAmount.in(locale, said(consent, Field.AMOUNT), said(consent, Field.CURRENCY)));
        line.put("payee", payee(consent));
        line.put(
                "accounts",
                chosen.map(ChosenAccounts::ids).orElse(List.of()).stream()
                        .map(accounts::of)
                        .toList());
        line.put("moreAccounts", chosen.map(ChosenAccounts::more).orElse(0L));
        line.put("uri", links.details(consent.view().id()).toString());
        return line;
    }

    /** By name, or else by the end of the account number. */
    private static String payee(ListedConsent consent) {
        String name = said(consent, Field.PAYEE);
        String account = said(consent, Field.PAYEE_ACCOUNT);
        return name.isEmpty() && !account.isEmpty() ? ShownText.masked(account) : name;
    }

    private static String said(ListedConsent consent, Field field) {
        return consent.type()
                .flatMap(type -> type.say(consent.view().body(), field))
                .map(ShownText::of)
                .orElse("");
    }
}
