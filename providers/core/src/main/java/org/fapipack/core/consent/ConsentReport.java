package org.fapipack.core.consent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What a store elsewhere says of a consent. Read strictly: a store that answers something else is as good as one that does not answer.
 *
 * @param clientId the {@code client_id} of the client that lodged it
 * @param version changes with the consent; in the store's words
 * @param updatedBy who changed it last
 * @param customer whose consent it is, in the store's words; empty where nobody has decided and anybody may
 * @param accounts the customer chose; in the store's words
 * @param body what the client lodged; what a client may not lodge here, a store cannot say
 */
public record ConsentReport(
        ConsentType type,
        String id,
        String clientId,
        ConsentState state,
        String version,
        Instant created,
        Optional<Instant> end,
        ConsentActor updatedBy,
        Optional<String> reason,
        Optional<String> customer,
        Set<String> accounts,
        String body) {

    /** Longest account id, and most of them. */
    public static final int MAX_ACCOUNT_CHARACTERS = 128;

    public static final int MAX_ACCOUNTS = 10_000;

    private static final Pattern VERSION = Pattern.compile("[\\x21-\\x7E]{1,64}");
    private static final Pattern REASON = Pattern.compile("[\\x21-\\x7E]{1,100}");
    private static final int MAX_CUSTOMER_CHARACTERS = 255;
    private static final int MAX_DATE_CHARACTERS = 40;
    private static final Set<String> MEMBERS = Set.of(
            "id",
            "client_id",
            "type",
            "status",
            "version",
            "created",
            "end",
            "updated_by",
            "reason",
            "customer",
            "accounts",
            "consent");

    /**
     * Reads an answer of a store.
     *
     * @param types that the client may lodge
     * @param id of the consent that was asked for
     * @param clientId of the client it was asked for
     * @return empty unless it is about that consent of that client, complete, and of one of the types
     */
    public static Optional<ConsentReport> read(byte[] json, List<ConsentType> types, String id, String clientId) {
        return StrictJson.read(json)
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .flatMap(answer -> read(answer, types))
                .filter(report -> report.id.equals(id) && report.clientId.equals(clientId));
    }

    private static Optional<ConsentReport> read(ObjectNode answer, List<ConsentType> types) {
        try {
            answer.fieldNames().forEachRemaining(name -> require(MEMBERS.contains(name)));
            String named = text(answer, "type").orElseThrow();
            ConsentType type = types.stream()
                    .filter(known -> known.name().equals(named))
                    .findFirst()
                    .orElseThrow();
            ConsentState state =
                    ConsentState.of(text(answer, "status").orElseThrow()).orElseThrow();
            require(type.codes().containsKey(state));
            Instant created = time(answer, "created").orElseThrow();
            JsonNode lodged = answer.path("consent");
            require(lodged.isObject());
            byte[] body = StrictJson.write(lodged).getBytes(StandardCharsets.UTF_8);
            require(body.length <= type.maxBodyBytes());
            ConsentRequest request = type.request(body, created);
            Optional<Instant> end = time(answer, "end");
            return Optional.of(new ConsentReport(
                    type,
                    text(answer, "id").orElseThrow(),
                    text(answer, "client_id").orElseThrow(),
                    state,
                    text(answer, "version").filter(VERSION.asMatchPredicate()).orElseThrow(),
                    created,
                    end.isPresent() ? end : request.end(),
                    text(answer, "updated_by")
                            .map(name -> ConsentActor.of(name).orElseThrow())
                            .orElse(ConsentActor.SERVER),
                    text(answer, "reason").map(reason -> {
                        require(REASON.matcher(reason).matches());
                        return reason;
                    }),
                    text(answer, "customer").map(customer -> {
                        require(!customer.isBlank() && customer.length() <= MAX_CUSTOMER_CHARACTERS);
                        return customer;
                    }),
                    accounts(answer.path("accounts")),
                    request.body()));
        } catch (ConsentRefusal | NoSuchElementException | DateTimeException notAsDescribed) {
            return Optional.empty();
        }
    }

    private static Set<String> accounts(JsonNode list) {
        Set<String> accounts = new TreeSet<>();
        if (!list.isMissingNode()) {
            require(list.isArray() && list.size() <= MAX_ACCOUNTS);
            Set<String> seen = new HashSet<>();
            for (JsonNode account : list) {
                require(account.isTextual()
                        && !account.textValue().isBlank()
                        && account.textValue().length() <= MAX_ACCOUNT_CHARACTERS
                        && seen.add(account.textValue()));
                accounts.add(account.textValue());
            }
        }
        return Set.copyOf(accounts);
    }

    /** Empty where it is missing; null is not. */
    private static Optional<String> text(ObjectNode answer, String member) {
        JsonNode value = answer.path(member);
        require(value.isMissingNode() || value.isTextual());
        return Optional.ofNullable(value.textValue());
    }

    private static Optional<Instant> time(ObjectNode answer, String member) {
        return text(answer, member).map(text -> {
            require(text.length() <= MAX_DATE_CHARACTERS);
            return Instant.ofEpochSecond(OffsetDateTime.parse(text).toEpochSecond());
        });
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new NoSuchElementException();
        }
    }
}
