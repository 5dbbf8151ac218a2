package org.fapipack.core.consent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How a client has a consent in force last longer: with an access token of its customer, and without another decision on a page. All paths of
 * members are inside {@code data}, or inside of an entry of the list.
 *
 * @param path below a consent, where a client asks for it
 * @param listPath below a consent, where the client reads what it asked for
 * @param required members of {@code data} that a client must send
 * @param optional members of {@code data} that it may send; others are refused
 * @param maxDuration the longest time until the new end
 * @param same where a request has to say what the consent says, and nothing where that says nothing
 * @param severalApprovers customers who do not decide alone: where the member of a consent says what the attribute says
 * @param headers that a client must send, and the member of an entry that each is shown in
 * @param shown members of {@code data} that are shown in an entry
 * @param requested where an entry says when the client asked
 * @param previousEnd where an entry says when the consent would have ended
 * @param total where the list says how long it is; empty where it does not
 * @param pages where the list says how many pages it has, which is one
 * @param answers to refused requests, where they are others than those of the type
 */
record ExtensionRule(
        String path,
        String listPath,
        Set<String> required,
        Set<String> optional,
        Duration maxDuration,
        List<MemberPath> same,
        List<CustomerRule> severalApprovers,
        Map<String, MemberPath> headers,
        Set<String> shown,
        MemberPath requested,
        MemberPath previousEnd,
        Optional<MemberPath> total,
        Optional<MemberPath> pages,
        Map<ConsentDefect, ConsentAnswer> answers) {

    /** What may be otherwise than for other requests. */
    static final Set<ConsentDefect> DEFECTS = Set.of(
            ConsentDefect.WRONG_STATE,
            ConsentDefect.SEVERAL_APPROVERS,
            ConsentDefect.OTHER_CUSTOMER,
            ConsentDefect.INVALID_END);

    /** Characters of what is kept of a request, as JSON: with {@link ConsentType#MAX_EXTENSIONS}, what one consent can make the server keep. */
    static final int MAX_ENTRY = 4_096;

    private static final Pattern HEADER = Pattern.compile("[\\x20-\\x7E]{1,255}");

    /**
     * Reads what a client sends. Whether the end can be is another question, see {@link #checkEnd}.
     *
     * @param sent the values of a header of the request
     */
    ConsentExtension read(ConsentType type, byte[] json, Function<String, List<String>> sent) throws ConsentRefusal {
        ConsentMembers members = type.members();
        ObjectNode body = RequestJson.object(StrictJson.read(json), "the body");
        ObjectNode data = RequestJson.object(Optional.ofNullable(body.get(members.data())), members.data());
        RequestJson.checkNames(body.fieldNames(), members.data()::equals);
        RequestJson.checkNames(data.fieldNames(), this::isOfTheClient);
        RequestJson.checkPresence(data, required, members.data());
        for (MemberRule rule : type.wording().members()) {
            if (isOfTheClient(rule.member().first())) {
                rule.check(data);
            }
        }
        ObjectNode entry = JsonNodeFactory.instance.objectNode();
        for (String name : shown) {
            Optional.ofNullable(data.get(name)).ifPresent(value -> entry.set(name, value));
        }
        for (Map.Entry<String, MemberPath> header : headers.entrySet()) {
            header.getValue().put(entry, TextNode.valueOf(value(header.getKey(), sent.apply(header.getKey()))));
        }
        if (StrictJson.write(entry).length() > MAX_ENTRY) {
            throw new ConsentRefusal(
                    ConsentDefect.MALFORMED,
                    "what is shown of an extension must have at most " + MAX_ENTRY + " characters");
        }
        return new ConsentExtension(data, entry, RequestJson.end(members.end().orElseThrow(), data));
    }

    private static String value(String name, List<String> sent) throws ConsentRefusal {
        if (sent.isEmpty()) {
            throw new ConsentRefusal(ConsentDefect.MISSING, "the header " + name + " is missing");
        }
        if (sent.size() > 1
                || sent.get(0).isBlank()
                || !HEADER.matcher(sent.get(0)).matches()) {
            throw new ConsentRefusal(
                    ConsentDefect.MALFORMED, "the header " + name + " must have one value of 1 to 255 characters");
        }
        return sent.get(0).strip();
    }

    private boolean isOfTheClient(String name) {
        return required.contains(name) || optional.contains(name);
    }

    /**
     * Whether the state lets a consent last longer.
     *
     * @throws ConsentRefusal if not
     */
    void checkState(ConsentState state) throws ConsentRefusal {
        if (state == ConsentState.PARTIALLY_AUTHORISED) {
            throw needsOthers();
        }
        if (state != ConsentState.AUTHORISED) {
            throw refusal(ConsentDefect.WRONG_STATE, "a consent that is not in force cannot be extended");
        }
    }

    void checkNumber(long before) throws ConsentRefusal {
        if (before >= ConsentType.MAX_EXTENSIONS) {
            throw refusal(
                    ConsentDefect.WRONG_STATE,
                    "the consent was extended " + ConsentType.MAX_EXTENSIONS + " times; a new one is needed");
        }
    }

    ConsentRefusal needsOthers() {
        return refusal(ConsentDefect.SEVERAL_APPROVERS, "several customers have to agree, on a page");
    }

    /**
     * Checks for whom a request says that it is.
     *
     * @param stored data of the consent
     */
    void checkSame(ObjectNode stored, ConsentExtension wanted) throws ConsentRefusal {
        for (MemberPath member : same) {
            if (!member.in(stored).equals(member.in(wanted.data()))) {
                throw refusal(ConsentDefect.OTHER_CUSTOMER, "'" + member + "' must be what the consent says");
            }
        }
    }

    /** The end that the consent gets; empty where it has none from then on. */
    Optional<Instant> checkEnd(ConsentType type, ConsentExtension wanted, Instant now) throws ConsentRefusal {
        if (wanted.end().isEmpty()) {
            return type.maxDuration().map(now::plus);
        }
        Instant end = wanted.end().get();
        if (!end.isAfter(now) || end.isAfter(now.plus(maxDuration))) {
            throw refusal(
                    ConsentDefect.INVALID_END,
                    "the new end must lie ahead, at most " + maxDuration.toSeconds() + " seconds");
        }
        return wanted.end();
    }

    private ConsentRefusal refusal(ConsentDefect defect, String description) {
        return new ConsentRefusal(defect, Optional.ofNullable(answers.get(defect)), description);
    }

    /** An entry of the list, as text that is to be kept. */
    String entry(ConsentType type, ConsentExtension done, Instant at, Optional<Instant> end, Optional<Instant> oldEnd) {
        ObjectNode entry = done.entry().deepCopy();
        requested.put(entry, TextNode.valueOf(at.toString()));
        end.ifPresent(time -> type.members().end().orElseThrow().put(entry, TextNode.valueOf(time.toString())));
        oldEnd.ifPresent(time -> previousEnd.put(entry, TextNode.valueOf(time.toString())));
        return StrictJson.write(entry);
    }

    /** The answer that lists what was kept. */
    String list(ConsentType type, List<String> entries, String self, Instant now) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        ArrayNode list = body.putArray(type.members().data());
        entries.forEach(entry -> list.add(entryAsKept(entry)));
        type.wording().wrap(body, self, now);
        total.ifPresent(member -> member.put(body, IntNode.valueOf(entries.size())));
        pages.ifPresent(member -> member.put(body, IntNode.valueOf(1)));
        return StrictJson.write(body);
    }

    private static JsonNode entryAsKept(String entry) {
        return StrictJson.read(entry).orElseThrow();
    }
}
