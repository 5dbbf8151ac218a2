package org.fapipack.consent;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentReference;
import org.fapipack.core.consent.ConsentState;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.admin.OperationType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/**
 * The consents of a realm for its staff, at {@code /admin/realms/{realm}/fapi-consents}: lists, one with its history, and the actions that its
 * type lets staff take. Who may not see the parties of a consent cannot tell whether there is one.
 */
public class StaffConsentsEndpoint {

    static final int DEFAULT_PAGE = 20;
    static final int MAX_PAGE = 100;

    /** In admin events. */
    private static final String RESOURCE_TYPE = "FAPI_CONSENT";

    private final KeycloakSession session;
    private final RealmModel realm;
    private final StaffAccess access;
    private final AdminEventBuilder adminEvent;
    private final ConsentStore store;
    private final StaffView view;

    StaffConsentsEndpoint(
            KeycloakSession session,
            RealmModel realm,
            AdminPermissionEvaluator permissions,
            AdminEventBuilder adminEvent) {
        this.session = session;
        this.realm = realm;
        this.access = new StaffAccess(permissions);
        this.adminEvent = adminEvent.resource(RESOURCE_TYPE);
        this.store = new ConsentStore(session);
        this.view = new StaffView(session, realm);
    }

    /**
     * Some consents, latest first.
     *
     * @param customer internal id of a user
     * @param client client id
     */
    @GET
    public Response list(
            @QueryParam("customer") String customer,
            @QueryParam("client") String client,
            @QueryParam("state") String state,
            @QueryParam("first") String first,
            @QueryParam("max") String max) {
        return answer(() -> {
            if (isUnreadable(customer) || isUnreadable(client)) {
                throw invalid("a parameter has a control character");
            }
            UserModel user = customer == null ? null : session.users().getUserById(realm, customer);
            ClientModel lodger = client == null ? null : realm.getClientByClientId(client);
            access.requireView(lodger, user);
            if ((customer != null && user == null) || (client != null && lodger == null)) {
                throw notFound();
            }
            if (user == null && lodger == null && state == null) {
                throw invalid("name a customer, a client or a state");
            }
            ConsentSearch search = search(user, lodger, state);
            int from = number("first", first, 0, 0, ConsentSearch.MAX_COUNTED);
            int most = number("max", max, DEFAULT_PAGE, 1, MAX_PAGE);
            int total = search.count();
            Map<String, Object> shown = new LinkedHashMap<>();
            shown.put("total", total);
            shown.put("totalIsExact", total < ConsentSearch.MAX_COUNTED);
            shown.put(
                    "consents",
                    view.show(new ConsentLists(session, realm, ConsentStore.now())
                            .of(search.page(from, most)).stream()
                                    .filter(consent -> state == null
                                            || consent.view().state().key().equals(state))
                                    .toList()));
            return shown;
        });
    }

    /** No database takes it; null is none. */
    private static boolean isUnreadable(String parameter) {
        return parameter != null && parameter.chars().anyMatch(Character::isISOControl);
    }

    private ConsentSearch search(UserModel customer, ClientModel client, String state) throws StaffRefusal {
        ConsentSearch search = new ConsentSearch(session, realm);
        if (customer != null) {
            search.ofCustomer(customer);
        }
        if (client != null) {
            search.ofClient(client);
        }
        if (state != null) {
            search.inState(ConsentState.of(state).orElseThrow(() -> invalid("there is no such state")));
        }
        return search;
    }

    @GET
    @Path("{id}")
    public Response one(@PathParam("id") String id) {
        return answer(() -> show(row(id, false)));
    }

    @GET
    @Path("{id}/history")
    public Response history(@PathParam("id") String id) {
        return answer(() -> {
            ConsentEntity row = row(id, false);
            listed(row);
            List<Map<String, Object>> changes = store.history(row.id).stream()
                    .map(ConsentChange::of)
                    .map(view::show)
                    .toList();
            return Map.of("id", row.id, "changes", changes);
        });
    }

    @POST
    @Path("{id}/{action}")
    public Response act(@PathParam("id") String id, @PathParam("action") String name, InputStream body) {
        return answer(() -> {
            ConsentEntity row = row(id, true);
            StaffAction action = StaffAction.of(name).orElseThrow(StaffConsentsEndpoint::notFound);
            Optional<String> comment = StaffComment.in(
                    body, session.getContext().getHttpRequest().getHttpHeaders().getMediaType());
            ListedConsent known = listed(row);
            ConsentState from = known.view().state();
            if (!isMoved(row, action, comment)) {
                throw new StaffRefusal(
                        Response.Status.CONFLICT, "invalid_state", "staff cannot do this in the state of the consent");
            }
            note(row, action, from, comment);
            return show(row);
        });
    }

    private boolean isMoved(ConsentEntity row, StaffAction action, Optional<String> comment) {
        Consents consents = Consents.of(session);
        return Optional.ofNullable(realm.getClientById(row.clientId))
                .flatMap(client -> consents.findOrRecall(client, row.id))
                .filter(consent -> action.isPossible(consent.type(), consent.state()))
                .flatMap(consent -> consents.move(consent, action.to(), ConsentActor.STAFF, access.actorId(), comment))
                .isPresent();
    }

    private void note(ConsentEntity row, StaffAction action, ConsentState from, Optional<String> comment) {
        Map<String, String> change = new LinkedHashMap<>();
        change.put("action", action.key());
        change.put("from", from.key());
        change.put("to", row.state);
        comment.ifPresent(text -> change.put("comment", text));
        adminEvent
                .operation(OperationType.ACTION)
                .resourcePath(session.getContext().getUri())
                .representation(change)
                .success();
    }

    /** Who may not see it gets 403, whether or not there is such a consent. */
    private ConsentEntity row(String id, boolean toAct) throws StaffRefusal {
        Optional<ConsentEntity> found = ConsentReference.isId(id) ? store.row(realm, id) : Optional.empty();
        ClientModel client = found.map(row -> realm.getClientById(row.clientId)).orElse(null);
        UserModel customer = found.map(row -> row.customerId)
                .map(customerId -> session.users().getUserById(realm, customerId))
                .orElse(null);
        if (toAct) {
            access.requireAct(client, customer);
        } else {
            access.requireView(client, customer);
        }
        return found.orElseThrow(StaffConsentsEndpoint::notFound);
    }

    private ListedConsent listed(ConsentEntity row) {
        return new ConsentLists(session, realm, ConsentStore.now())
                .of(List.of(row))
                .get(0);
    }

    private Map<String, Object> show(ConsentEntity row) {
        return view.show(listed(row), store.accounts(row.id).stream().sorted().toList());
    }

    @FunctionalInterface
    private interface Question {
        Map<String, ?> answer() throws StaffRefusal;
    }

    private static Response answer(Question question) {
        try {
            return json(Response.Status.OK, question.answer());
        } catch (StaffRefusal refused) {
            return json(refused.status(), Map.of("error", refused.error(), "error_description", refused.getMessage()));
        }
    }

    private static Response json(Response.Status status, Map<String, ?> body) {
        return Response.status(status)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(body)
                .build();
    }

    private static int number(String name, String text, int usual, int least, int most) throws StaffRefusal {
        if (text == null) {
            return usual;
        }
        if (text.matches("[0-9]{1,6}") && Integer.parseInt(text) >= least && Integer.parseInt(text) <= most) {
            return Integer.parseInt(text);
        }
        throw invalid("'%s' must be a number from %d to %d".formatted(name, least, most));
    }

    private static StaffRefusal invalid(String description) {
        return new StaffRefusal(Response.Status.BAD_REQUEST, OAuthErrorException.INVALID_REQUEST, description);
    }

    private static StaffRefusal notFound() {
        return new StaffRefusal(Response.Status.NOT_FOUND, "not_found", "there is no such resource");
    }
}
