package org.fapipack.consent.remote;

import java.net.URI;
import java.util.Optional;

/**
 * One call of a store.
 *
 * @param body JSON, or empty
 * @param idempotencyKey of a change: sent again it is the same change
 * @param interactionId of the client's request that the call is made for
 */
record StoreCall(String method, URI uri, String body, Optional<String> idempotencyKey, Optional<String> interactionId) {

    static StoreCall question(URI uri) {
        return new StoreCall("GET", uri, "", Optional.empty(), Optional.empty());
    }

    static StoreCall question(URI uri, String body, Optional<String> interactionId) {
        return new StoreCall("POST", uri, body, Optional.empty(), interactionId);
    }

    static StoreCall change(URI uri, String body, String idempotencyKey) {
        return new StoreCall("POST", uri, body, Optional.of(idempotencyKey), Optional.empty());
    }

    /** What is asked or told, in one word. */
    String operation() {
        return hasBody() ? uri.getPath().substring(uri.getPath().lastIndexOf('/') + 1) : "fetch";
    }

    boolean hasBody() {
        return !body.isEmpty();
    }

    boolean isChange() {
        return idempotencyKey.isPresent();
    }
}
