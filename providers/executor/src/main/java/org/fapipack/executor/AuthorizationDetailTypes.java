package org.fapipack.executor;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Types of authorization details (RFC 9396) that another executor of the client checks. */
public record AuthorizationDetailTypes(Set<String> types) implements Rules<AuthorizationDetailTypes> {

    @Override
    public AuthorizationDetailTypes and(AuthorizationDetailTypes other) {
        return new AuthorizationDetailTypes(
                Stream.concat(types.stream(), other.types.stream()).collect(Collectors.toUnmodifiableSet()));
    }
}
