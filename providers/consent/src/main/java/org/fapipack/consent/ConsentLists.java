package org.fapipack.consent;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.fapipack.core.consent.ConsentType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Brings rows up to date for a list: what time has changed is changed, all of them as of one moment. */
final class ConsentLists {

    private final RealmModel realm;
    private final Consents consents;
    private final Instant now;

    ConsentLists(KeycloakSession session, RealmModel realm, Instant now) {
        this.realm = realm;
        this.consents = Consents.of(session);
        this.now = now;
    }

    List<ListedConsent> of(List<ConsentEntity> rows) {
        return rows.stream().map(this::listed).toList();
    }

    private ListedConsent listed(ConsentEntity row) {
        Optional<ConsentType> type = type(row);
        type.ifPresent(known -> consents.upToDate(known, row, now));
        return new ListedConsent(type, row.type, row.view(), row.clientId, Optional.ofNullable(row.customerId));
    }

    private Optional<ConsentType> type(ConsentEntity row) {
        ClientModel client = realm.getClientById(row.clientId);
        return client == null
                ? Optional.empty()
                : consents.typesOf(client).stream()
                        .filter(type -> type.name().equals(row.type))
                        .findFirst();
    }
}
