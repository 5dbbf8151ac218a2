package org.fapipack.core.consent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
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
 * @param othersTimeout how long the other customers have time after one agreed
 * @param useWithin how long a consent can be used after a customer agreed; empty where its end decides
 * @param maxDuration the longest time until the end of a consent; empty where it may have none
 * @param answers to refused requests, where they are not the usual ones
 * @param errorsAsList whether refusals are {@code {"errors":[...]}}
 * @param authorization how a customer comes to decide; empty where no customer can
 * @param extension how a client has a consent last longer; empty where it cannot
 * @param wording the finer points of bodies
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
        Duration othersTimeout,
        Optional<Duration> useWithin,
        Optional<Duration> maxDuration,
        Map<ConsentDefect, ConsentAnswer> answers,
        boolean errorsAsList,
        Optional<ConsentAuthorization> authorization,
        Optional<ExtensionRule> extension,
        ConsentWording wording) {

    /** How often a consent may come to last longer: daily for almost three years. All of it is kept. */
    public static final int MAX_EXTENSIONS = 1_000;

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

    /**
     * The change that time has brought about, if any; the moment itself counts as passed.
     *
     * @param agreed when a customer agreed last; of interest where the consent is in force, or others have to agree, too
     */
    public Optional<ConsentMove> due(
            ConsentState state, Instant created, Instant agreed, Optional<Instant> end, Instant now) {
        if (isTooLate(state, agreed, now) || (end.isPresent() && !now.isBefore(end.get()))) {
            Optional<ConsentMove> ended = move(state, ConsentState.EXPIRED, ConsentActor.SERVER);
            if (ended.isPresent()) {
                return ended;
            }
        }
        return state == ConsentState.AWAITING && !now.isBefore(created.plus(awaitingTimeout))
                ? move(state, timeoutState, ConsentActor.SERVER)
                : Optional.empty();
    }

    /** Whether it was not used, or the others did not agree, in time after a customer did. */
    private boolean isTooLate(ConsentState state, Instant agreed, Instant now) {
        Optional<Duration> within = switch (state) {
            case AUTHORISED -> useWithin;
            case PARTIALLY_AUTHORISED -> Optional.of(othersTimeout);
            case AWAITING, REJECTED, SUSPENDED, REVOKED, EXPIRED, CONSUMED -> Optional.empty();
        };
        return within.filter(time -> !now.isBefore(agreed.plus(time))).isPresent();
    }

    /** Whether the consent is as good as deleted for its client, and for everybody who wants to use it. */
    public boolean isForgotten(ConsentState state, ConsentActor updatedBy) {
        return moves.stream().anyMatch(move -> move.forgets() && move.to() == state && move.by() == updatedBy);
    }

    /** Whether a client can revoke a consent in any state. */
    public boolean isRevocable() {
        return moves.stream().anyMatch(move -> move.to() == ConsentState.REVOKED && move.by() == ConsentActor.CLIENT);
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

    /** All scopes that need a consent of this type. */
    public Set<String> guardedScopes() {
        return scopes(List.copyOf(permissions.keySet()));
    }

    /** The permissions in a stored body; where clients cannot choose any, all there are. */
    public List<String> permissions(String body) {
        if (members.permissions().isEmpty()) {
            return permissions.keySet().stream().sorted().toList();
        }
        List<String> granted = new ArrayList<>();
        members.permissions().get().in(data(body)).forEach(permission -> granted.add(permission.textValue()));
        return List.copyOf(granted);
    }

    /** What a stored body says besides permissions, as text; empty where it says nothing. */
    public Optional<String> say(String body, ConsentPage.Field field) {
        return authorization
                .flatMap(
                        decision -> Optional.ofNullable(decision.page().fields().get(field)))
                .flatMap(path -> say(body, path));
    }

    /** The account that a stored body names, where it is the only one that a customer may agree to. */
    public Optional<String> boundAccount(String body) {
        return authorization
                .map(ConsentAuthorization::page)
                .filter(page -> page.namedAccountBinds() && page.accounts() != ConsentPage.AccountChoice.NONE)
                .flatMap(page -> say(body, ConsentPage.Field.DEBTOR_ACCOUNT));
    }

    /** What a stored body says of the customer, where the rule looks; empty where it says nothing. */
    public Optional<String> say(String body, CustomerRule rule) {
        return say(body, rule.member());
    }

    /** A text or a number, as text. */
    private Optional<String> say(String body, MemberPath path) {
        return Optional.of(path.in(data(body)))
                .filter(node -> node.isTextual() || node.isNumber())
                .map(JsonNode::asText);
    }

    private ObjectNode data(String body) {
        return (ObjectNode) StrictJson.read(body).orElseThrow().get(members.data());
    }

    /** How a refused request is answered. */
    public ConsentAnswer answer(ConsentRefusal refused) {
        return refused.answer().orElseGet(() -> answer(refused.defect()));
    }

    ConsentAnswer answer(ConsentDefect defect) {
        ConsentDefect known = answers.containsKey(defect) ? defect : defect.likeness();
        return answers.getOrDefault(known, known.answer());
    }

    /** Where clients can lodge the same again and get what they lodged. */
    public Optional<IdempotencyRule> idempotency() {
        return wording.idempotency();
    }

    /** Where bodies are signed. */
    public Optional<SignedBodies> signedBodies() {
        return wording.signedBodies();
    }

    /** Reads what a client lodges. */
    public ConsentRequest request(byte[] body, Instant now) throws ConsentRefusal {
        return ConsentRequest.read(this, body, now);
    }

    /**
     * Reads what a client sends to have a consent last longer. For types that have an {@link #extension}, as all that is about it.
     *
     * @param headers the values of a header of the request
     */
    public ConsentExtension extension(byte[] body, Function<String, List<String>> headers) throws ConsentRefusal {
        return extension.orElseThrow().read(this, body, headers);
    }

    /**
     * Checks that a stored consent may last longer.
     *
     * @param before how often it came to last longer before
     * @param attributes of the customer whose access token the client has, by their names
     * @return the new end; empty where it has none from then on
     */
    public Optional<Instant> extend(
            ConsentView consent,
            long before,
            ConsentExtension wanted,
            Function<String, List<String>> attributes,
            Instant now)
            throws ConsentRefusal {
        ExtensionRule rule = extension.orElseThrow();
        rule.checkState(consent.state());
        rule.checkNumber(before);
        for (CustomerRule together : rule.severalApprovers()) {
            if (say(consent.body(), together)
                    .filter(attributes.apply(together.userAttribute())::contains)
                    .isPresent()) {
                throw rule.needsOthers();
            }
        }
        rule.checkSame(data(consent.body()), wanted);
        return rule.checkEnd(this, wanted, now);
    }

    /** What the list will show of an extension, as text that is to be kept. */
    public String entry(ConsentExtension done, Instant at, Optional<Instant> end, Optional<Instant> oldEnd) {
        return extension.orElseThrow().entry(this, done, at, end, oldEnd);
    }

    /**
     * The answer that lists extensions.
     *
     * @param entries as they were kept, latest first
     * @param self where the list can be read
     */
    public String showExtensions(List<String> entries, String self, Instant now) {
        return extension.orElseThrow().list(this, entries, self, now);
    }

    /**
     * The answer of the ecosystem's API: what the client lodged, and what the server says of it.
     *
     * @param self where the consent can be read
     */
    public String show(ConsentView consent, String self, Instant now) {
        ObjectNode body = (ObjectNode) StrictJson.read(consent.body()).orElseThrow();
        ObjectNode data = (ObjectNode) body.get(members.data());
        members.id().put(data, text(consent.id()));
        members.status().put(data, text(codes.get(consent.state())));
        members.created().put(data, text(consent.created().toString()));
        members.updated().put(data, text(consent.updated().toString()));
        members.end().ifPresent(path -> consent.end().ifPresent(end -> path.put(data, text(end.toString()))));
        consent.reason().ifPresent(reason -> {
            members.reason().ifPresent(path -> path.put(data, text(reason)));
            members.reasonDetail()
                    .ifPresent(
                            path -> Optional.ofNullable(wording.reasonDetails().get(reason))
                                    .ifPresent(detail -> path.put(data, text(detail))));
            members.reasons().ifPresent(path -> path.put(data, wording.reasons(reason)));
            members.actor()
                    .ifPresent(path -> Optional.ofNullable(actorCodes.get(consent.updatedBy()))
                            .ifPresent(code -> path.put(data, text(code))));
        });
        wording.wrap(body, self, now);
        return StrictJson.write(body);
    }

    /** The body of a refusal. */
    public String showError(String code, String description, Instant now) {
        return StrictJson.write(wording.error(code, description, now).orElseGet(() -> usualError(code, description)));
    }

    private ObjectNode usualError(String code, String description) {
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
        return error;
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

    /** The id in a path where a consent of this type is extended; empty for other paths. */
    public Optional<String> extendedIn(String requested) {
        return extension.flatMap(rule -> idBefore(rule.path(), requested));
    }

    /** The id in a path where the extensions of a consent of this type are listed; empty for other paths. */
    public Optional<String> listedIn(String requested) {
        return extension.flatMap(rule -> idBefore(rule.listPath(), requested));
    }

    private Optional<String> idBefore(String last, String requested) {
        return Optional.of(requested)
                .filter(text -> text.endsWith('/' + last))
                .flatMap(text -> idIn(text.substring(0, text.length() - last.length() - 1)));
    }

    private static JsonNode text(String value) {
        return JsonNodeFactory.instance.textNode(value);
    }
}
