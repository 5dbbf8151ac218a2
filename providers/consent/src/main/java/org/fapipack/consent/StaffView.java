package org.fapipack.consent;

import com.fasterxml.jackson.core.type.TypeReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.fapipack.core.consent.ConsentType;
import org.fapipack.core.consent.ConsentView;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.util.JsonSerialization;

/** Consents as the admin API shows them. What is not known is left out. */
final class StaffView {

    private final KeycloakSession session;
    private final RealmModel realm;

    StaffView(KeycloakSession session, RealmModel realm) {
        this.session = session;
        this.realm = realm;
    }

    /** As the lines of a list. */
    List<Map<String, Object>> show(List<ListedConsent> listed) {
        Map<String, PendingDelivery> undelivered = ConsentDeliveries.of(
                session, listed.stream().map(consent -> consent.view().id()).toList());
        return listed.stream()
                .map(consent -> show(
                        consent,
                        Optional.ofNullable(undelivered.get(consent.view().id()))))
                .toList();
    }

    private Map<String, Object> show(ListedConsent listed, Optional<PendingDelivery> undelivered) {
        ConsentView consent = listed.view();
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("id", consent.id());
        shown.put("type", listed.typeName());
        shown.put("state", consent.state().key());
        shown.put("reason", consent.reason().orElse(null));
        shown.put("updatedBy", consent.updatedBy().key());
        shown.put("createdAt", consent.created().toString());
        shown.put("updatedAt", consent.updated().toString());
        shown.put("endsAt", consent.end().map(Instant::toString).orElse(null));
        client(listed.clientId()).ifPresent(client -> shown.put("clientId", client.getClientId()));
        listed.customerId().ifPresent(id -> shown.put("customerId", id));
        listed.customerId()
                .map(id -> session.users().getUserById(realm, id))
                .map(UserModel::getUsername)
                .ifPresent(name -> shown.put("customer", name));
        shown.put("delivery", undelivered.map(StaffView::show).orElse(null));
        shown.values().removeIf(value -> value == null);
        return shown;
    }

    private static Map<String, Object> show(PendingDelivery delivery) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("pendingSince", delivery.since().toString());
        shown.put("attempts", delivery.attempts());
        shown.put("reason", delivery.reason());
        shown.put("givenUp", delivery.next().isEmpty());
        delivery.next().ifPresent(next -> shown.put("nextAttemptAt", next.toString()));
        return shown;
    }

    /** With what the customer agreed to, and what staff may do now. */
    Map<String, Object> show(ListedConsent listed, Iterable<String> accounts) {
        Map<String, Object> shown =
                show(listed, ConsentDeliveries.of(session, listed.view().id()));
        listed.type().ifPresent(type -> {
            shown.put("permissions", type.permissions(listed.view().body()));
            shown.put("actions", actions(type, listed));
        });
        shown.put("accounts", accounts);
        return shown;
    }

    private List<String> actions(ConsentType type, ListedConsent listed) {
        ConsentView consent = listed.view();
        Consents consents = Consents.of(session);
        ClientModel client = client(listed.clientId()).orElseThrow(); // it has the type
        return Stream.of(StaffAction.values())
                .filter(action -> action.isPossible(type, consent.state()))
                .filter(action -> consents.canBecome(action.to(), client, consent.id()))
                .map(StaffAction::key)
                .toList();
    }

    Map<String, Object> show(ConsentChange change) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("at", change.at().toString());
        shown.put("by", change.by().key());
        shown.put("byId", change.byId().orElse(null));
        shown.put("from", change.from().map(state -> state.key()).orElse(null));
        shown.put("to", change.to().key());
        shown.put("reason", change.reason().orElse(null));
        shown.put("comment", change.comment().orElse(null));
        shown.put("extension", change.extension().map(StaffView::json).orElse(null));
        shown.values().removeIf(value -> value == null);
        return shown;
    }

    private static Map<String, Object> json(String extension) {
        try {
            return JsonSerialization.readValue(extension, new TypeReference<>() {});
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private Optional<ClientModel> client(String id) {
        return Optional.ofNullable(realm.getClientById(id));
    }
}
