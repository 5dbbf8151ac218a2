package org.fapipack.core.consent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a store elsewhere says of a new consent before it is made. Read strictly: what is no clear yes or no is nothing.
 *
 * @param refusal empty where the consent may be made; else with the status that the type has for it, and a code that the type knows
 */
public record ConsentVerdict(Optional<ConsentRefusal> refusal) {

    private static final Set<String> MEMBERS = Set.of("verdict", "code", "description");

    /** In any script; no control characters, and none that change the direction of writing or are not seen. */
    private static final Pattern DESCRIPTION = Pattern.compile("(?! )[\\p{L}\\p{M}\\p{N}\\p{P}\\p{S} ]{1,255}");

    private static final String NO_DESCRIPTION = "the consent is not accepted";

    /**
     * Reads an answer of a store.
     *
     * @param type of the consent
     * @return empty unless it is a verdict, and what it says can be said to a client
     */
    public static Optional<ConsentVerdict> read(byte[] json, ConsentType type) {
        return StrictJson.read(json)
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .flatMap(answer -> read(answer, type));
    }

    private static Optional<ConsentVerdict> read(ObjectNode answer, ConsentType type) {
        try {
            answer.fieldNames().forEachRemaining(name -> require(MEMBERS.contains(name)));
            Optional<String> code = text(answer, "code");
            Optional<String> description = text(answer, "description");
            switch (text(answer, "verdict").orElseThrow()) {
                case "accepted" -> {
                    require(code.isEmpty() && description.isEmpty());
                    return Optional.of(new ConsentVerdict(Optional.empty()));
                }
                case "refused" -> {
                    require(description.isEmpty()
                            || DESCRIPTION.matcher(description.get()).matches());
                    return Optional.of(new ConsentVerdict(Optional.of(new ConsentRefusal(
                            ConsentDefect.REFUSED_BY_STORE,
                            code.map(named -> answer(type, named)),
                            description.orElse(NO_DESCRIPTION)))));
                }
                default -> {
                    return Optional.empty();
                }
            }
        } catch (NoSuchElementException notAsDescribed) {
            return Optional.empty();
        }
    }

    /** Whatever the store names, the status is that of the type. */
    private static ConsentAnswer answer(ConsentType type, String code) {
        ConsentAnswer usual = type.answer(ConsentDefect.REFUSED_BY_STORE);
        require(usual.code().equals(code) || type.wording().refusalCodes().contains(code));
        return new ConsentAnswer(usual.status(), code);
    }

    /** Empty where it is missing; null is not. */
    private static Optional<String> text(ObjectNode answer, String member) {
        JsonNode value = answer.path(member);
        require(value.isMissingNode() || value.isTextual());
        return Optional.ofNullable(value.textValue());
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new NoSuchElementException();
        }
    }
}
