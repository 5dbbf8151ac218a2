package org.fapipack.core.consent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** What all bodies that clients send have in common. */
final class RequestJson {

    /** Longest text that is looked at as a date. */
    private static final int MAX_DATE_CHARACTERS = 40;

    private RequestJson() {}

    static ObjectNode object(Optional<JsonNode> node, String what) throws ConsentRefusal {
        if (node.isPresent() && node.get() instanceof ObjectNode object) {
            return object;
        }
        throw malformed(what + " must be a JSON object, with no member twice");
    }

    static void checkNames(Iterator<String> names, Predicate<String> known) throws ConsentRefusal {
        while (names.hasNext()) {
            if (!known.test(names.next())) {
                throw malformed("the body has a member that is not known here");
            }
        }
    }

    static void checkPresence(ObjectNode data, Set<String> required, String nameOfData) throws ConsentRefusal {
        for (String name : required) {
            if (!data.hasNonNull(name)) {
                throw new ConsentRefusal(ConsentDefect.MISSING, "'" + nameOfData + '.' + name + "' is missing");
            }
        }
    }

    /** The wanted end, whether or not it can be; empty where there is none. */
    static Optional<Instant> end(MemberPath path, ObjectNode data) throws ConsentRefusal {
        JsonNode sent = path.in(data);
        if (sent.isMissingNode()) {
            if (path.isBlockedIn(data)) {
                throw malformed("'" + path + "' must be inside of an object");
            }
            return Optional.empty();
        }
        String text = sent.isTextual() ? sent.textValue() : "";
        try {
            if (text.length() <= MAX_DATE_CHARACTERS) {
                return Optional.of(
                        Instant.ofEpochSecond(OffsetDateTime.parse(text).toEpochSecond()));
            }
        } catch (DateTimeException notADate) {
            // answered below, as everything else that is no date
        }
        throw malformed("'" + path + "' must be a date and time with offset (RFC 3339)");
    }

    static ConsentRefusal malformed(String description) {
        return new ConsentRefusal(ConsentDefect.MALFORMED, description);
    }
}
