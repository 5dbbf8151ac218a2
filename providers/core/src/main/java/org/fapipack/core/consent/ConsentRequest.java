package org.fapipack.core.consent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

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

    static ConsentRequest read(ConsentType type, byte[] json, Instant now) throws ConsentRefusal {
        ConsentMembers members = type.members();
        ObjectNode body = RequestJson.object(StrictJson.read(json), "the body");
        ObjectNode data = RequestJson.object(Optional.ofNullable(body.get(members.data())), members.data());
        RequestJson.checkNames(
                body.fieldNames(),
                name -> name.equals(members.data()) || members.besideData().contains(name));
        RequestJson.checkNames(data.fieldNames(), members::isOfTheClient);
        RequestJson.checkPresence(data, members.required(), members.data());
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
            throw RequestJson.malformed(
                    "'" + path + "' must be a list of 1 to " + type.maxPermissions() + " permissions");
        }
        Set<String> seen = new LinkedHashSet<>();
        for (JsonNode permission : asked) {
            if (!permission.isTextual() || !seen.add(permission.textValue())) {
                throw RequestJson.malformed("'" + path + "' must be a list of texts, none of them twice");
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
        Optional<Instant> wanted = RequestJson.end(path.get(), data);
        if (wanted.isEmpty()) {
            return latest;
        }
        Instant end = wanted.get();
        if (!end.isAfter(now) || end.isAfter(latest.orElse(LAST_MOMENT))) {
            throw new ConsentRefusal(
                    ConsentDefect.INVALID_END,
                    "'" + path.get() + "' must lie ahead"
                            + type.maxDuration()
                                    .map(most -> ", at most " + most.toSeconds() + " seconds")
                                    .orElse(""));
        }
        return wanted;
    }
}
