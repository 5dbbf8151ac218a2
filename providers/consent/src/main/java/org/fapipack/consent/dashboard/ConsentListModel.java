package org.fapipack.consent.dashboard;

import java.util.HashMap;
import java.util.Map;
import org.fapipack.consent.CustomerConsents;
import org.fapipack.consent.CustomerConsents.Section;
import org.fapipack.consent.ListedConsent;
import org.keycloak.models.RealmModel;

/**
 * What {@code fapi-consents.ftl} knows as {@code list}: {@code inForce} and {@code ended}, each with {@code consents} (maps of {@code name},
 * {@code state}, {@code since}, {@code end}, {@code changed}, {@code uri}), {@code page}, {@code pages}, {@code previous} and {@code next} (URIs, empty
 * where there is none), {@code capped} (there are more than can be shown) and {@code most} (how many that is).
 */
final class ConsentListModel {

    static final int PAGE_SIZE = 20;

    private final RealmModel realm;
    private final CustomerConsents consents;
    private final Links links;
    private final ShownTime times;

    ConsentListModel(RealmModel realm, CustomerConsents consents, Links links, ShownTime times) {
        this.realm = realm;
        this.consents = consents;
        this.links = links;
        this.times = times;
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
        model.put(
                "consents",
                consents.page(section, (page - 1) * PAGE_SIZE, PAGE_SIZE).stream()
                        .filter(consent -> consent.type().isPresent())
                        .map(this::line)
                        .toList());
        model.put("page", page);
        model.put("pages", pages(total));
        model.put("capped", total >= CustomerConsents.MAX_LISTED);
        model.put("most", CustomerConsents.MAX_LISTED);
        return model;
    }

    private Map<String, Object> line(ListedConsent consent) {
        return Map.of(
                "name", ConsentDetailsModel.name(realm.getClientById(consent.clientId())),
                "state", consent.view().state().key(),
                "since", times.day(consent.view().created()),
                "end", consent.view().end().map(times::day).orElse(""),
                "changed", times.day(consent.view().updated()),
                "uri", links.details(consent.view().id()).toString());
    }
}
