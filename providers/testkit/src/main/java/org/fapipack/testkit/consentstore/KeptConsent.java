package org.fapipack.testkit.consentstore;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fapipack.testkit.http.Json;

/**
 * A consent as a store keeps it. Immutable.
 *
 * @param body what the client lodged
 */
public record KeptConsent(
        String id,
        String clientId,
        String type,
        String status,
        int version,
        Instant created,
        Optional<Instant> end,
        String updatedBy,
        Optional<String> customer,
        List<String> accounts,
        Map<String, Object> body) {

    /** A new one that awaits a customer. */
    public static KeptConsent lodged(String id, String clientId, String type, String body) {
        return new KeptConsent(
                id,
                clientId,
                type,
                "awaiting",
                1,
                Instant.ofEpochSecond(Instant.now().getEpochSecond()),
                Optional.empty(),
                "client",
                Optional.empty(),
                List.of(),
                Json.object(body));
    }

    public KeptConsent endingAt(Instant value) {
        return new KeptConsent(
                id, clientId, type, status, version, created, Optional.of(value), updatedBy, customer, accounts, body);
    }

    /** Only this customer may decide. */
    public KeptConsent of(String value) {
        return new KeptConsent(
                id, clientId, type, status, version, created, end, updatedBy, Optional.of(value), accounts, body);
    }

    KeptConsent agreed(String by, List<String> chosen) {
        return new KeptConsent(
                id, clientId, type, "authorised", version + 1, created, end, "customer", Optional.of(by), chosen, body);
    }

    /** The next version, in another state. */
    public KeptConsent become(String state, String by) {
        return new KeptConsent(id, clientId, type, state, version + 1, created, end, by, customer, accounts, body);
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", id);
        json.put("client_id", clientId);
        json.put("type", type);
        json.put("status", status);
        json.put("version", "v" + version);
        json.put("created", created.toString());
        end.ifPresent(value -> json.put("end", value.toString()));
        json.put("updated_by", updatedBy);
        customer.ifPresent(value -> json.put("customer", value));
        json.put("accounts", new ArrayList<>(accounts));
        json.put("consent", body);
        return json;
    }
}
