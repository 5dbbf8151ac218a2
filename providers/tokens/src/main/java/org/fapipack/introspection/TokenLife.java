package org.fapipack.introspection;

import java.util.Map;
import java.util.Optional;
import org.keycloak.representations.AccessToken;

/** What outside of a token and of its session can end it. */
@FunctionalInterface
public interface TokenLife {

    /** Nothing. */
    TokenLife OF_ITS_OWN = token -> Optional.of(Map.of());

    /**
     * Looks at a token that this realm signed.
     *
     * @return what is said of it besides its own claims; empty when it is not active
     */
    Optional<Map<String, String>> claims(AccessToken token);
}
