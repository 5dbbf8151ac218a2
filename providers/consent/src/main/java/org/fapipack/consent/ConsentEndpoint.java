package org.fapipack.consent;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentAnswer;
import org.fapipack.core.consent.ConsentDefect;
import org.fapipack.core.consent.ConsentExtension;
import org.fapipack.core.consent.ConsentRefusal;
import org.fapipack.core.consent.ConsentRequest;
import org.fapipack.core.consent.ConsentState;
import org.fapipack.core.consent.ConsentType;
import org.fapipack.core.consent.ConsentView;
import org.fapipack.core.http.AcceptHeader;
import org.fapipack.executor.RulesInForce;
import org.keycloak.OAuthErrorException;
import org.keycloak.common.util.Time;
import org.keycloak.events.Details;
import org.keycloak.events.Errors;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.ModelDuplicateException;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;

/**
 * The consent API of a realm: what is below {@code /realms/{realm}/fapi-consents}. Which paths there are, and the words in the bodies, come
 * from the types of consent that the policies of the calling client describe.
 */
public class ConsentEndpoint {

    /** Name of the event detail. */
    private static final String CONSENT_ID = "consent_id";

    private static final String CONSENT_TYPE = "consent_type";
    private static final String CONSENT_STATE = "consent_state";

    /** What every id of ours looks like; others need not be looked up. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9:._-]{1,128}");

    private final KeycloakSession session;
    private final RealmModel realm;
    private final ConsentAccess access;
    private final EventBuilder event;
    private final Optional<String> interactionId;
    private final ConsentStore store;

    /**
     * @param event with the details that every event of this request has
     * @param interactionId of the request, where it has one
     */
    public ConsentEndpoint(
            KeycloakSession session, ConsentAccess access, EventBuilder event, Optional<String> interactionId) {
        this.session = session;
        this.realm = session.getContext().getRealm();
        this.access = access;
        this.event = event;
        this.interactionId = interactionId;
        this.store = new ConsentStore(session);
    }

    @POST
    @Path("{path:.+}")
    public Response lodge(@PathParam("path") String path, InputStream body) {
        event.event(EventType.UPDATE_CONSENT);
        return answer(path, call -> {
            Optional<String> extended = call.type.extendedIn(path);
            if (extended.isPresent()) {
                return extend(call, path, extended.get(), body);
            }
            if (!call.type.isCollection(path)) {
                throw new RefusedCall(
                        Response.Status.METHOD_NOT_ALLOWED,
                        OAuthErrorException.INVALID_REQUEST,
                        "consents are lodged at the collection");
            }
            if (Consents.of(session).areKeptElsewhere(call.client)) {
                throw new RefusedCall(
                        Response.Status.FORBIDDEN,
                        Errors.ACCESS_DENIED,
                        "the consents of this client are lodged elsewhere");
            }
            checkMediaType(call);
            ConsentBodies.Received received = call.bodies.receive(bytes(body, call.type));
            ConsentRequest request = call.type.request(received.json(), now());
            ConsentView consent = lodge(call, received, request);
            event.detail(CONSENT_ID, consent.id())
                    .detail(CONSENT_STATE, consent.state().key())
                    .success();
            URI self = session.getContext()
                    .getUri()
                    .getAbsolutePathBuilder()
                    .path(consent.id())
                    .build();
            return call.bodies
                    .answer(Response.Status.CREATED.getStatusCode(), call.type.show(consent, self.toString(), now()))
                    .location(self)
                    .build();
        });
    }

    private ConsentView lodge(Call call, ConsentBodies.Received received, ConsentRequest request)
            throws ConsentRefusal, RefusedCall {
        Optional<String> key = key(call.type);
        received.useUp();
        byte[] body = received.json();
        IdempotencyKeys keys = new IdempotencyKeys(session);
        Optional<String> known = key.isEmpty() ? Optional.empty() : keys.find(call.client, call.type, key.get(), body);
        if (known.isPresent()) {
            return store.find(realm, call.client, call.type, known.get())
                    .orElseThrow(() -> new ConsentRefusal(
                            ConsentDefect.WRONG_STATE,
                            "the consent that was lodged under the idempotency key has been deleted"));
        }
        Consents.of(session).judge(call.client, call.type, request, interactionId);
        try {
            ConsentView consent = store.lodge(realm, call.client, call.type, request);
            key.ifPresent(value -> keys.note(call.client, call.type, value, body, consent.id()));
            return consent;
        } catch (ModelDuplicateException lodgedMeanwhile) {
            throw cameFirst();
        }
    }

    /** Without another decision on a page: the customer's access token stands for the customer. */
    private Response extend(Call call, String path, String id, InputStream body)
            throws ConsentRefusal, RefusedCall, RefusedAccess {
        ConsentBinding.Grant grant = call.caller
                .grant()
                .filter(found -> found.consentId().equals(id))
                .orElseThrow(() -> new RefusedCall(
                        Response.Status.FORBIDDEN, Errors.ACCESS_DENIED, "the access token is not for this consent"));
        UserModel customer = call.caller.customer().orElseThrow();
        event.detail(CONSENT_ID, id).user(customer);
        if (store.row(realm, id).filter(row -> row.sourceVersion != null).isPresent()) {
            throw new RefusedCall(
                    Response.Status.FORBIDDEN, Errors.ACCESS_DENIED, "the consent is extended where it is kept");
        }
        checkMediaType(call);
        ConsentBodies.Received received = call.bodies.receive(bytes(body, call.type));
        ConsentExtension wanted = call.type.extension(received.json(), this::header);
        StoredConsent found = Consents.of(session)
                .find(call.client, id)
                .filter(known -> known.grant() == grant.number())
                .filter(known -> known.customerId().equals(Optional.of(customer.getId())))
                .orElseThrow(() -> access.stale("the access token is of an earlier decision"));
        ConsentView consent = extend(call, path, found.view(), received, wanted, customer);
        event.detail(CONSENT_STATE, consent.state().key()).success();
        return call.bodies
                .answer(
                        Response.Status.CREATED.getStatusCode(),
                        call.type.show(
                                consent,
                                session.getContext().getUri().getAbsolutePath().toString(),
                                now()))
                .build();
    }

    /** A request that came before is answered as it was, and changes nothing. */
    private ConsentView extend(
            Call call,
            String path,
            ConsentView found,
            ConsentBodies.Received received,
            ConsentExtension wanted,
            UserModel customer)
            throws ConsentRefusal, RefusedCall {
        Optional<String> key = key(call.type);
        received.useUp();
        IdempotencyKeys keys = new IdempotencyKeys(session);
        byte[] request =
                (path + '\n' + new String(received.json(), StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
        if (key.isPresent()
                && keys.find(call.client, call.type, key.get(), request).isPresent()) {
            return found;
        }
        try {
            ConsentView extended = new ConsentExtensions(session, store)
                    .extend(call.type, found, wanted, customer, call.client.getId())
                    .orElseThrow(() -> new RefusedCall(
                            Response.Status.CONFLICT,
                            OAuthErrorException.INVALID_REQUEST,
                            "the consent changed at the same time; look at it, and send this again"));
            key.ifPresent(value -> keys.note(call.client, call.type, value, request, found.id()));
            return extended;
        } catch (ModelDuplicateException extendedMeanwhile) {
            throw cameFirst();
        }
    }

    private RefusedCall cameFirst() {
        session.getTransactionManager().setRollbackOnly();
        return new RefusedCall(
                Response.Status.CONFLICT,
                OAuthErrorException.INVALID_REQUEST,
                "a request with the same idempotency key came first; send this one again");
    }

    private Optional<String> key(ConsentType type) throws ConsentRefusal {
        if (type.idempotency().isEmpty()) {
            return Optional.empty();
        }
        return type.idempotency().get().key(header(type.idempotency().get().header()));
    }

    @GET
    @Path("{path:.+}")
    public Response read(@PathParam("path") String path) {
        event.event(EventType.UPDATE_CONSENT);
        return answer(path, call -> {
            String self = session.getContext().getUri().getAbsolutePath().toString();
            Optional<String> listed = call.type.listedIn(path);
            return call.bodies
                    .answer(
                            Response.Status.OK.getStatusCode(),
                            listed.isPresent()
                                    ? call.type.showExtensions(extensions(call, listed), self, now())
                                    : call.type.show(consent(call, path), self, now()))
                    .build();
        });
    }

    private List<String> extensions(Call call, Optional<String> id) throws ConsentRefusal {
        return new ConsentExtensions(session, store).entries(consent(call, id).id());
    }

    @DELETE
    @Path("{path:.+}")
    public Response revoke(@PathParam("path") String path) {
        event.event(EventType.REVOKE_GRANT);
        return answer(path, call -> {
            if (!call.type.isRevocable()) {
                throw new RefusedCall(
                        Response.Status.METHOD_NOT_ALLOWED,
                        OAuthErrorException.INVALID_REQUEST,
                        "clients do not revoke such consents");
            }
            ConsentView known = consent(call, path);
            ConsentView revoked = store.move(
                            realm, call.type, known, ConsentState.REVOKED, ConsentActor.CLIENT, call.client.getId())
                    .orElseThrow(() -> new ConsentRefusal(
                            ConsentDefect.WRONG_STATE, "a client cannot revoke a consent in this state"));
            event.detail(CONSENT_STATE, revoked.state().key()).success();
            return Response.noContent()
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .build();
        });
    }

    private record Call(ClientModel client, ConsentType type, ConsentCaller caller, ConsentBodies bodies) {}

    @FunctionalInterface
    private interface Action {
        Response on(Call call) throws ConsentRefusal, RefusedCall, RefusedAccess;
    }

    /** A refusal that HTTP has a status of its own for. */
    private static final class RefusedCall extends Exception {
        private static final long serialVersionUID = 1L;
        private final Response.Status status;
        private final String error;

        RefusedCall(Response.Status status, String error, String description) {
            super(description);
            this.status = status;
            this.error = error;
        }
    }

    private Response answer(String path, Action action) {
        try {
            ConsentCaller caller = access.caller();
            event.client(caller.client());
            Call call = call(caller, path);
            event.detail(CONSENT_TYPE, call.type.name());
            checkAccepts(call);
            return refusable(call, action);
        } catch (RefusedAccess refused) {
            event.detail(Details.REASON, refused.getMessage()).error(refused.error());
            return refused.answer();
        } catch (RefusedCall refused) {
            event.detail(Details.REASON, refused.getMessage()).error(refused.error);
            return plain(refused.status, refused.error, refused.getMessage()).build();
        } catch (ConsentsUnavailable unavailable) {
            event.detail(Details.REASON, unavailable.reason()).error(ConsentsUnavailable.ERROR);
            return unavailable.getResponse();
        }
    }

    private Response refusable(Call call, Action action) throws RefusedCall, RefusedAccess {
        try {
            return action.on(call);
        } catch (ConsentRefusal refused) {
            ConsentAnswer answer = call.type.answer(refused);
            event.detail(Details.REASON, refused.getMessage()).error(answer.code());
            return call.bodies
                    .answer(answer.status(), call.type.showError(answer.code(), refused.getMessage(), now()))
                    .build();
        }
    }

    private Call call(ConsentCaller caller, String path) throws RefusedCall, RefusedAccess {
        Optional<ConsentRules> found = RulesInForce.find(session, caller.client(), ConsentRules.class);
        boolean isExtension = found.flatMap(rules -> rules.at(path))
                .flatMap(type -> type.extendedIn(path))
                .isPresent();
        if (isExtension != caller.customer().isPresent()) {
            throw access.wrongGrant(isExtension ? "authorization code" : "client credentials");
        }
        ConsentRules rules = found.orElseThrow(() -> new RefusedCall(
                Response.Status.FORBIDDEN, Errors.ACCESS_DENIED, "no policy lets this client lodge consents"));
        ConsentType type = rules.at(path)
                .orElseThrow(
                        () -> new RefusedCall(Response.Status.NOT_FOUND, "not_found", "there is no such resource"));
        if (!isExtension && !caller.scopes().contains(type.clientScope())) {
            throw new RefusedAccess(
                    plain(
                                    Response.Status.FORBIDDEN,
                                    OAuthErrorException.INSUFFICIENT_SCOPE,
                                    "the access token does not have the scope")
                            .header(
                                    HttpHeaders.WWW_AUTHENTICATE,
                                    "Bearer error=\"%s\", scope=\"%s\""
                                            .formatted(OAuthErrorException.INSUFFICIENT_SCOPE, type.clientScope()))
                            .build(),
                    OAuthErrorException.INSUFFICIENT_SCOPE,
                    "the access token does not have the scope");
        }
        return new Call(caller.client(), type, caller, new ConsentBodies(session, caller.client(), type));
    }

    private ConsentView consent(Call call, String path) throws ConsentRefusal {
        return consent(call, call.type.idIn(path));
    }

    private ConsentView consent(Call call, Optional<String> named) throws ConsentRefusal {
        Optional<String> id = named.filter(text -> ID.matcher(text).matches());
        event.detail(CONSENT_ID, id.orElse(null));
        return id.flatMap(known -> store.find(realm, call.client, call.type, known))
                .orElseThrow(() -> new ConsentRefusal(ConsentDefect.NOT_FOUND, "there is no such consent"));
    }

    private void checkAccepts(Call call) throws RefusedCall {
        List<String> accept = headers().getRequestHeader(HttpHeaders.ACCEPT);
        if (AcceptHeader.of(accept == null ? List.of() : accept).quality(call.bodies.mediaType()) == 0) {
            throw new RefusedCall(
                    Response.Status.NOT_ACCEPTABLE,
                    OAuthErrorException.INVALID_REQUEST,
                    "answers are " + call.bodies.mediaType());
        }
    }

    private void checkMediaType(Call call) throws RefusedCall {
        MediaType sent = headers().getMediaType();
        if (sent == null
                || !MediaType.valueOf(call.bodies.mediaType()).equals(new MediaType(sent.getType(), sent.getSubtype()))
                || !"utf-8".equalsIgnoreCase(sent.getParameters().getOrDefault(MediaType.CHARSET_PARAMETER, "utf-8"))) {
            throw new RefusedCall(
                    Response.Status.UNSUPPORTED_MEDIA_TYPE,
                    OAuthErrorException.INVALID_REQUEST,
                    "the body must be " + call.bodies.mediaType());
        }
    }

    private static byte[] bytes(InputStream body, ConsentType type) throws RefusedCall, ConsentRefusal {
        byte[] bytes;
        try {
            bytes = body == null ? new byte[0] : body.readNBytes(type.maxBodyBytes() + 1);
        } catch (IOException unreadable) {
            throw new ConsentRefusal(ConsentDefect.MALFORMED, "the body cannot be read");
        }
        if (bytes.length > type.maxBodyBytes()) {
            throw new RefusedCall(
                    Response.Status.REQUEST_ENTITY_TOO_LARGE,
                    OAuthErrorException.INVALID_REQUEST,
                    "the body may have " + type.maxBodyBytes() + " bytes");
        }
        return bytes;
    }

    /** The values of a header, none where it is not there. */
    private List<String> header(String name) {
        return Optional.ofNullable(headers().getRequestHeader(name)).orElse(List.of());
    }

    private HttpHeaders headers() {
        return session.getContext().getHttpRequest().getHttpHeaders();
    }

    private static Response.ResponseBuilder plain(Response.Status status, String error, String description) {
        return Response.status(status)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(Map.of("error", error, "error_description", description));
    }

    private static Instant now() {
        return Instant.ofEpochMilli(Time.currentTimeMillis());
    }
}
