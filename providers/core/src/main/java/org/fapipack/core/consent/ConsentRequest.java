package org.fapipack.core.consent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a client lodges, checked against the type of consent.
 *
 * @param body as the client sent it, without permissions that were dropped
 * @param permissions at least one, none twice
 * @param end when the consent ends; empty when it has no end
 */
public record ConsentRequest(String body, List<String> permissions, Optional<Instant> end) {

    /** The last moment that every ecosystem's date format can write. */
    private static final Instant LAST_MOMENT = Instant.parse("9999-12-31T23:59:59Z");

    /** Longest text that is looked at as a date. */
    private static final int MAX_DATE_CHARACTERS = 40;

    static ConsentRequest read(ConsentType type, byte[] json, Instant now) throws ConsentRefusal {
        ConsentMembers members = type.members();
        ObjectNode body = object(StrictJson.read(json), "the body");
        ObjectNode data = object(Optional.ofNullable(body.get(members.data())), members.data());
        checkNames(
                body.fieldNames(),
                name -> name.equals(members.data()) || members.besideData().contains(name));
        checkNames(data.fieldNames(), members::isOfTheClient);
        for (String name : members.required()) {
            if (!data.hasNonNull(name)) {
                throw new ConsentRefusal(ConsentDefect.MISSING, "'" + members.data() + '.' + name + "' is missing");
            }
        }
        type.wording().checkMembers(data);
        List<String> permissions = type.permissions().keySet().stream().sorted().toList();
        if (members.permissions().isPresent()) {
            MemberPath path = members.permissions().get();
            permissions = permissions(type, path.in(data), path);
            ArrayNode kept = JsonNodeFactory.instance.arrayNode();
            permissions.forEach(kept::add);
            path.put(data, kept);
            type.wording().checkPermissions(permissions, data);
        }
        Optional<Instant> end = end(type, data, now);
        return new ConsentRequest(StrictJson.write(body), permissions, end);
    }

    private static List<String> permissions(ConsentType type, JsonNode asked, MemberPath path) throws ConsentRefusal {
        if (!asked.isArray() || asked.isEmpty() || asked.size() > type.maxPermissions()) {
            throw malformed("'" + path + "' must be a list of 1 to " + type.maxPermissions() + " permissions");
        }
        Set<String> seen = new LinkedHashSet<>();
        for (JsonNode permission : asked) {
            if (!permission.isTextual() || !seen.add(permission.textValue())) {
                throw malformed("'" + path + "' must be a list of texts, none of them twice");
            }
        }
        List<String> known = new ArrayList<>(seen);
        known.retainAll(type.permissions().keySet());
        seen.removeAll(type.wording().unofferedPermissions());
        if (!known.containsAll(seen) && !type.unknownPermissionsDropped()) {
            throw new ConsentRefusal(
                    ConsentDefect.UNKNOWN_PERMISSION, "'" + path + "' has a permission that is not known here");
        }
        if (known.isEmpty()) {
            throw new ConsentRefusal(
                    ConsentDefect.NO_PERMISSIONS, "'" + path + "' has no permission that is offered here");
        }
        return List.copyOf(known);
    }

    private static Optional<Instant> end(ConsentType type, ObjectNode data, Instant now) throws ConsentRefusal {
        Optional<Instant> latest = type.maxDuration().map(now::plus);
        Optional<MemberPath> path = type.members().end();
        if (path.isEmpty()) {
            return latest;
        }
        JsonNode sent = path.get().in(data);
        if (sent.isMissingNode()) {
            if (path.get().isBlockedIn(data)) {
                throw malformed("'" + path.get() + "' must be inside of an object");
            }
            return latest;
        }
        Instant end = instant(sent, path.get());
        if (!end.isAfter(now) || end.isAfter(latest.orElse(LAST_MOMENT))) {
            throw new ConsentRefusal(
                    ConsentDefect.INVALID_END,
                    "'" + path.get() + "' must lie ahead"
                            + type.maxDuration()
                                    .map(most -> ", at most " + most.toSeconds() + " seconds")
                                    .orElse(""));
        }
        return Optional.of(end);
    }

    private static Instant instant(JsonNode sent, MemberPath path) throws ConsentRefusal {
        String text = sent.isTextual() ? sent.textValue() : "";
        try {
            if (text.length() <= MAX_DATE_CHARACTERS) {
                return Instant.ofEpochSecond(OffsetDateTime.parse(text).toEpochSecond());
            }
        } catch (DateTimeException notADate) {
            // answered below, as everything else that is no date
        }
        throw malformed("'" + path + "' must be a date and time with offset (RFC 3339)");
    }

    private static ObjectNode object(Optional<JsonNode> node, String what) throws ConsentRefusal {
        if (node.isPresent() && node.get() instanceof ObjectNode object) {
            return object;
        }
        throw malformed(what + " must be a JSON object, with no member twice");
    }

    private static void checkNames(Iterator<String> names, Predicate<String> known) throws ConsentRefusal {
        while (names.hasNext()) {
            if (!known.test(names.next())) {
                throw malformed("the body has a member that is not known here");
            }
        }
    }

    private static ConsentRefusal malformed(String description) {
        return new ConsentRefusal(ConsentDefect.MALFORMED, description);
    }
}
