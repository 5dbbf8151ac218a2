package org.fapipack.introspection;

import java.util.Map;
import java.util.Optional;

/** What outside of a token and of its session can end it. */
@FunctionalInterface
public interface TokenLife {

    /** Nothing. */
    TokenLife OF_ITS_OWN = token -> Optional.of(Map.of());

    /**
     * Looks at a text that is said to be a token. One that is none, or that this realm did not sign, is Keycloak's to refuse.
     *
     * @return what is said of it besides its own claims; empty when it is not active
     */
    Optional<Map<String, String>> claims(String token);
}
