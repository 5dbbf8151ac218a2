package org.fapipack.consent.remote;

import java.net.URI;
import java.util.Optional;

/**
 * One call of a store.
 *
 * @param body JSON; empty in questions
 * @param idempotencyKey of a change: sent again it is the same change
 */
record StoreCall(String method, URI uri, String body, Optional<String> idempotencyKey) {

    static StoreCall question(URI uri) {
        return new StoreCall("GET", uri, "", Optional.empty());
    }

    static StoreCall change(URI uri, String body, String idempotencyKey) {
        return new StoreCall("POST", uri, body, Optional.of(idempotencyKey));
    }

    /** What is asked or told, in one word. */
    String operation() {
        return isChange() ? uri.getPath().substring(uri.getPath().lastIndexOf('/') + 1) : "fetch";
    }

    boolean isChange() {
        return idempotencyKey.isPresent();
    }
}
