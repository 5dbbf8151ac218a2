package org.fapipack.consent;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.keycloak.models.RealmModel;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/** The history of a consent, for administrators who may see the realm's clients and users: {@code /admin/realms/{realm}/fapi-consents/{id}/history}. */
public class ConsentHistoryEndpoint {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9:._-]{1,128}");

    private final ConsentStore store;
    private final RealmModel realm;
    private final AdminPermissionEvaluator auth;

    ConsentHistoryEndpoint(ConsentStore store, RealmModel realm, AdminPermissionEvaluator auth) {
        this.store = store;
        this.realm = realm;
        this.auth = auth;
    }

    @GET
    @Path("{id}/history")
    public Response history(@PathParam("id") String id) {
        auth.clients().requireView();
        auth.users().requireView();
        if (!ID.matcher(id).matches() || store.row(realm, id).isEmpty()) {
            return answer(Response.Status.NOT_FOUND, Map.of("error", "not_found"));
        }
        List<Map<String, Object>> changes =
                store.history(id).stream().map(ConsentHistoryEndpoint::show).toList();
        return answer(Response.Status.OK, Map.of("id", id, "changes", changes));
    }

    private static Map<String, Object> show(ConsentEventEntity change) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("at", Instant.ofEpochSecond(change.happenedAt).toString());
        shown.put("by", change.actor);
        shown.put("byId", change.actorId);
        shown.put("from", change.fromState);
        shown.put("to", change.toState);
        shown.put("reason", change.reason);
        shown.values().removeIf(value -> value == null);
        return shown;
    }

    private static Response answer(Response.Status status, Map<String, ?> body) {
        return Response.status(status)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(body)
                .build();
    }
}
