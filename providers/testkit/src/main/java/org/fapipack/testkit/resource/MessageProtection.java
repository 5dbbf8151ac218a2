package org.fapipack.testkit.resource;

import java.util.Optional;

/** Verifies the messages of clients at the API and signs its answers, where the bank has that. Safe for concurrent use. */
public interface MessageProtection {

    /**
     * Decides on a request after its access token and what that is bound to.
     *
     * @param token what introspection says of its access token
     * @return the answer, when it goes no further
     */
    Optional<ApiAnswer> refuse(ApiRequest request, TokenIntrospection token);

    /**
     * Signs the answer to a request that was not refused.
     *
     * @return what is sent instead
     */
    ApiAnswer sign(ApiRequest request, ApiAnswer answer);

    /** The public keys with which answers are verified, as a JWK set in JSON. */
    String publicJwks();
}
