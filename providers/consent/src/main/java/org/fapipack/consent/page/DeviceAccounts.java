package org.fapipack.consent.page;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.fapipack.consent.StoredConsent;
import org.fapipack.core.consent.ConsentPage.AccountChoice;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.util.JsonSerialization;

/** The accounts that a customer agrees to on a device of their own, where the page is not shown. */
public final class DeviceAccounts {

    private DeviceAccounts() {}

    /**
     * The accounts: the one that the client named where that binds, else those that the device says were chosen, else those of the customer's
     * decision before.
     *
     * @param said ids, as a JSON array; empty where the device says nothing of them
     * @return empty where there are none, or one that is not the customer's, or too many
     */
    public static Optional<Set<String>> of(
            RealmModel realm, UserModel customer, StoredConsent consent, Optional<String> said) {
        AccountChoice choice =
                consent.type().authorization().orElseThrow().page().accounts();
        if (choice == AccountChoice.NONE) {
            return Optional.of(Set.of());
        }
        Optional<String> bound = consent.type().boundAccount(consent.view().body());
        Set<String> own = KnownAccount.attributes(realm)
                .map(attribute -> CustomerAccounts.of(customer, attribute))
                .map(accounts -> bound.map(accounts::named).orElse(accounts))
                .flatMap(accounts -> accounts.ids().stream())
                .collect(Collectors.toSet());
        Set<String> chosen =
                bound.isPresent() ? own : said.map(DeviceAccounts::read).orElse(consent.accounts());
        boolean fits = !chosen.isEmpty()
                && chosen.size() <= (choice == AccountChoice.ONE ? 1 : AccountSelection.MAX_CHOSEN)
                && own.containsAll(chosen);
        return fits ? Optional.of(Set.copyOf(chosen)) : Optional.empty();
    }

    /** None where it is no such array. */
    private static Set<String> read(String json) {
        try {
            JsonNode array = JsonSerialization.mapper.readTree(json);
            Set<String> ids = new HashSet<>();
            for (JsonNode id : array) {
                if (!array.isArray() || !id.isTextual()) {
                    return Set.of();
                }
                ids.add(id.textValue());
            }
            return ids;
        } catch (JsonProcessingException notJson) {
            return Set.of();
        }
    }
}
