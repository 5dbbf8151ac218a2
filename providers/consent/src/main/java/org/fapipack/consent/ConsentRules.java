package org.fapipack.consent;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fapipack.core.consent.ConsentAuthorization;
import org.fapipack.core.consent.ConsentReference;
import org.fapipack.core.consent.ConsentType;
import org.fapipack.executor.AuthorizationDetailTypes;
import org.fapipack.executor.Rules;

/**
 * The types of consent a client may lodge. Where several policies hold for it, those that all of them describe alike; what one of them guards stays
 * guarded.
 *
 * @param guardedScopes that a client gets for a customer only by a consent
 */
record ConsentRules(List<ConsentType> types, Set<String> guardedScopes) implements Rules<ConsentRules> {

    /** The rules of one profile. */
    static ConsentRules of(List<ConsentType> types) {
        return new ConsentRules(
                types,
                types.stream()
                        .filter(type -> type.authorization().isPresent())
                        .flatMap(type -> type.guardedScopes().stream())
                        .collect(Collectors.toUnmodifiableSet()));
    }

    @Override
    public ConsentRules and(ConsentRules other) {
        return new ConsentRules(
                types.stream().filter(other.types::contains).toList(),
                Stream.concat(guardedScopes.stream(), other.guardedScopes.stream())
                        .collect(Collectors.toUnmodifiableSet()));
    }

    /** The type whose collection, or one of whose consents, or what belongs to one, has this path. */
    Optional<ConsentType> at(String path) {
        return types.stream()
                .filter(type -> type.isCollection(path)
                        || type.idIn(path).isPresent()
                        || type.extendedIn(path).isPresent()
                        || type.listedIn(path).isPresent())
                .findFirst();
    }

    /** The types of authorization details that name a consent. */
    AuthorizationDetailTypes authorizationDetailTypes() {
        return new AuthorizationDetailTypes(types.stream()
                .flatMap(type -> type.authorization().stream())
                .map(ConsentAuthorization::reference)
                .filter(ConsentReference::isDetails)
                .map(ConsentReference::name)
                .collect(Collectors.toUnmodifiableSet()));
    }
}
