package org.fapipack.core.consent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One type of consent of one ecosystem, read from data: what it is called, what a client may ask for, and its life. Immutable.
 *
 * @param name tells it from the other types of a realm, and is stored with each consent
 * @param path of the collection, below {@code /realms/{realm}/fapi-consents/}
 * @param clientScope the scope that the access token of a client needs
 * @param idPrefix how ids begin
 * @param codes the ecosystem's word for each state it knows
 * @param actorCodes its word for each actor, where it has one
 * @param moves who may change what
 * @param permissions what may be asked for, and the scopes that go with each
 * @param unknownPermissionsDropped whether an unknown permission is left out, not refused
 * @param awaitingTimeout how long a customer has time to decide
 * @param timeoutState where the consent goes after that
 * @param maxDuration the longest time until the end of a consent; empty where it may have none
 * @param answers to refused requests, where they are not the usual ones
 * @param errorsAsList whether refusals are {@code {"errors":[...]}}
 */
public record ConsentType(
        String name,
        String path,
        String clientScope,
        String idPrefix,
        ConsentMembers members,
        Map<ConsentState, String> codes,
        Map<ConsentActor, String> actorCodes,
        List<ConsentMove> moves,
        Map<String, Set<String>> permissions,
        boolean unknownPermissionsDropped,
        int maxPermissions,
        int maxBodyBytes,
        Duration awaitingTimeout,
        ConsentState timeoutState,
        Optional<Duration> maxDuration,
        Map<ConsentDefect, ConsentAnswer> answers,
        boolean errorsAsList) {

    /**
     * Reads a JSON array of types.
     *
     * @throws InvalidConsentType if one of them is not complete, has a member that is not known, or one out of its bounds
     */
    public static List<ConsentType> readAll(String json) throws InvalidConsentType {
        return ConsentTypeReader.readAll(json);
    }

    /** The move, if this actor may make it. */
    public Optional<ConsentMove> move(ConsentState from, ConsentState to, ConsentActor by) {
        return moves.stream()
                .filter(move -> move.from() == from && move.to() == to && move.by() == by)
                .findFirst();
    }

    /** The change that time has brought about, if any; the moment itself counts as passed. */
    public Optional<ConsentMove> due(ConsentState state, Instant created, Optional<Instant> end, Instant now) {
        if (end.isPresent() && !now.isBefore(end.get())) {
            Optional<ConsentMove> ended = move(state, ConsentState.EXPIRED, ConsentActor.SERVER);
            if (ended.isPresent()) {
                return ended;
            }
        }
        return state == ConsentState.AWAITING && !now.isBefore(created.plus(awaitingTimeout))
                ? move(state, timeoutState, ConsentActor.SERVER)
                : Optional.empty();
    }

    /** Whether a customer may agree again, for example to choose other accounts, without the client lodging a new consent. */
    public boolean isReauthorisable(ConsentState state) {
        return state != ConsentState.AWAITING
                && state != ConsentState.PARTIALLY_AUTHORISED
                && move(state, ConsentState.AUTHORISED, ConsentActor.CUSTOMER).isPresent();
    }

    /** The scopes that go with permissions. */
    public Set<String> scopes(List<String> granted) {
        Set<String> scopes = new TreeSet<>();
        granted.forEach(permission -> scopes.addAll(permissions.getOrDefault(permission, Set.of())));
        return scopes;
    }

    /** How a refused request is answered. */
    public ConsentAnswer answer(ConsentDefect defect) {
        return answers.getOrDefault(defect, defect.answer());
    }

    /** Reads what a client lodges. */
    public ConsentRequest request(byte[] body, Instant now) throws ConsentRefusal {
        return ConsentRequest.read(this, body, now);
    }

    /** The consent as the ecosystem's API shows it: what the client lodged, and what the server says of it. */
    public String show(ConsentView consent) {
        ObjectNode body = (ObjectNode) StrictJson.read(consent.body()).orElseThrow();
        ObjectNode data = (ObjectNode) body.get(members.data());
        members.id().put(data, text(consent.id()));
        members.status().put(data, text(codes.get(consent.state())));
        members.created().put(data, text(consent.created().toString()));
        members.updated().put(data, text(consent.updated().toString()));
        members.end().ifPresent(path -> consent.end().ifPresent(end -> path.put(data, text(end.toString()))));
        consent.reason().ifPresent(reason -> {
            members.reason().ifPresent(path -> path.put(data, text(reason)));
            members.actor()
                    .ifPresent(path -> Optional.ofNullable(actorCodes.get(consent.updatedBy()))
                            .ifPresent(code -> path.put(data, text(code))));
        });
        return StrictJson.write(body);
    }

    /** The body of a refusal. */
    public String showError(String code, String description) {
        ObjectNode error = JsonNodeFactory.instance.objectNode();
        if (errorsAsList) {
            error.putArray("errors")
                    .addObject()
                    .put("code", code)
                    .put("title", code)
                    .put("detail", description);
        } else {
            error.put("error", code).put("error_description", description);
        }
        return StrictJson.write(error);
    }

    /** Whether the path is the collection of this type. */
    public boolean isCollection(String requested) {
        return path.equals(requested);
    }

    /** The id in a path of a single consent of this type; empty for other paths. */
    public Optional<String> idIn(String requested) {
        return Stream.of(requested)
                .filter(text -> text.startsWith(path + '/'))
                .map(text -> text.substring(path.length() + 1))
                .filter(id -> !id.isEmpty() && id.indexOf('/') < 0)
                .findFirst();
    }

    private static JsonNode text(String value) {
        return JsonNodeFactory.instance.textNode(value);
    }
}
