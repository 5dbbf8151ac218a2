package org.fapipack.consent.dashboard;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fapipack.consent.ConsentChange;
import org.fapipack.consent.CustomerConsents;
import org.fapipack.consent.StoredConsent;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentAuthorization;
import org.fapipack.core.consent.ConsentPage;
import org.fapipack.core.consent.ConsentState;
import org.keycloak.models.ClientModel;
import org.keycloak.models.RealmModel;

/**
 * What {@code fapi-consents-details.ftl} and {@code fapi-consents-revoke.ftl} know as {@code consent}. Texts: {@code name}, {@code legalName},
 * {@code actsFor}, {@code type}, {@code state}, {@code since}, {@code changed}, {@code end} (empty where there is none), {@code uri},
 * {@code revokeUri}, {@code listUri}. Truth values: {@code payment}, {@code revocable}, {@code renewable}. Lists: {@code groups} of {@code name} and
 * {@code permissions}; {@code fields} of {@code key} and {@code value}; {@code accounts} of {@code name} and {@code number}, which is masked, one of
 * them may be empty; {@code changes} of {@code day}, {@code time},
 * {@code state} (or {@code lodged}, {@code resumed}, {@code extended}) and {@code actor}.
 */
final class ConsentDetailsModel {

    /** Accounts beyond this are counted, not listed. */
    private static final int MAX_ACCOUNTS = 50;

    private final RealmModel realm;
    private final Customer customer;
    private final CustomerConsents consents;
    private final Links links;
    private final ShownTime times;

    ConsentDetailsModel(RealmModel realm, Customer customer, CustomerConsents consents, Links links, ShownTime times) {
        this.realm = realm;
        this.customer = customer;
        this.consents = consents;
        this.links = links;
        this.times = times;
    }

    Map<String, Object> of(StoredConsent consent) {
        ClientModel client = realm.getClientById(consent.clientId());
        Optional<ConsentPage> page = consent.type().authorization().map(ConsentAuthorization::page);
        Map<String, Object> model = new HashMap<>();
        model.put("name", name(client));
        model.put("legalName", ShownText.of(client.getAttribute("fapi.legal.name")));
        model.put("actsFor", ShownText.of(client.getAttribute("fapi.acts.for")));
        model.put("type", consent.type().name());
        model.put("payment", page.map(ConsentPage::isPayment).orElse(false));
        model.put("state", consent.state().key());
        model.put("since", times.day(consent.view().created()));
        model.put("changed", times.day(consent.view().updated()));
        model.put("end", consent.view().end().map(times::day).orElse(""));
        model.put("revocable", CustomerConsents.isRevocable(consent));
        model.put("renewable", CustomerConsents.isRenewable(consent));
        model.put("groups", groups(consent, page));
        model.put("fields", page.map(shown -> fields(consent, shown)).orElse(List.of()));
        model.put("accounts", accounts(consent));
        model.put("moreAccounts", Math.max(0, consent.accounts().size() - MAX_ACCOUNTS));
        model.put(
                "changes", consents.history(consent).stream().map(this::change).toList());
        model.put("uri", links.details(consent.id()).toString());
        model.put("revokeUri", links.revoke(consent.id()).toString());
        model.put("listUri", links.list().toString());
        return model;
    }

    /** How a customer knows a client. */
    static String name(ClientModel client) {
        String name = ShownText.of(client.getName());
        return name.isEmpty() ? ShownText.of(client.getClientId()) : name;
    }

    private static List<Map<String, Object>> groups(StoredConsent consent, Optional<ConsentPage> page) {
        Set<String> granted = Set.copyOf(consent.permissions());
        return page.map(ConsentPage::groups).orElse(List.of()).stream()
                .map(group -> Map.<String, Object>of(
                        "name",
                        group.name(),
                        "permissions",
                        group.permissions().stream().filter(granted::contains).toList()))
                .filter(group -> !List.of().equals(group.get("permissions")))
                .toList();
    }

    private List<Map<String, String>> accounts(StoredConsent consent) {
        ShownAccounts shown = new ShownAccounts(realm, customer);
        return consent.accounts().stream()
                .sorted()
                .limit(MAX_ACCOUNTS)
                .map(shown::of)
                .toList();
    }

    private List<Map<String, String>> fields(StoredConsent consent, ConsentPage page) {
        return page.fields().keySet().stream()
                .flatMap(field -> consent.type().say(consent.view().body(), field).stream()
                        .map(said -> Map.of(
                                "key", field.key(), "value", ShownText.of(field.isDate() ? times.said(said) : said))))
                .toList();
    }

    private Map<String, String> change(ConsentChange change) {
        return Map.of(
                "day", times.day(change.at()),
                "time", times.time(change.at()),
                "state", word(change),
                "actor", actor(change));
    }

    private static String word(ConsentChange change) {
        if (change.from().isEmpty()) {
            return "lodged";
        }
        if (change.isExtension()) {
            return "extended";
        }
        return change.from().get() == ConsentState.SUSPENDED && change.to() == ConsentState.AUTHORISED
                ? "resumed"
                : change.to().key();
    }

    /** Two customers can share an account: what another did is not said to be this one's doing. */
    private String actor(ConsentChange change) {
        boolean another = change.by() == ConsentActor.CUSTOMER
                && !change.byId().equals(Optional.of(customer.user().getId()));
        return another ? "other-customer" : change.by().key();
    }
}
