package org.fapipack.consent;

import java.util.List;
import java.util.Optional;
import org.fapipack.core.consent.ConsentType;
import org.fapipack.executor.Rules;

/**
 * The types of consent a client may lodge. Where several policies hold for it, those that all of them describe alike.
 */
record ConsentRules(List<ConsentType> types) implements Rules<ConsentRules> {

    @Override
    public ConsentRules and(ConsentRules other) {
        return new ConsentRules(types.stream().filter(other.types::contains).toList());
    }

    /** The type whose collection, or one of whose consents, has this path. */
    Optional<ConsentType> at(String path) {
        return types.stream()
                .filter(type -> type.isCollection(path) || type.idIn(path).isPresent())
                .findFirst();
    }
}
