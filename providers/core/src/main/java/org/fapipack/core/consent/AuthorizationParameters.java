package org.fapipack.core.consent;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The parameters of an authorization request that can name a consent, as they were sent.
 *
 * @param scope RFC 6749 section 3.3
 * @param claims OpenID Connect Core section 5.5
 * @param authorizationDetails RFC 9396 section 2
 */
public record AuthorizationParameters(
        Optional<String> scope, Optional<String> claims, Optional<String> authorizationDetails) {

    /** The values of the scope parameter, in their order. */
    public Set<String> scopes() {
        Set<String> scopes = new LinkedHashSet<>(Arrays.asList(scope.orElse("").split(" ", -1)));
        scopes.remove("");
        return scopes;
    }
}
