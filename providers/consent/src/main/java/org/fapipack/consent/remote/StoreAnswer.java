package org.fapipack.consent.remote;

/** What a store answered. */
final class StoreAnswer {

    private final boolean known;
    private final byte[] body;

    private StoreAnswer(boolean known, byte[] body) {
        this.known = known;
        this.body = body;
    }

    /** 200 with JSON. */
    static StoreAnswer of(byte[] body) {
        return new StoreAnswer(true, body);
    }

    /** 404, 409 or 422: there is no such consent, or it does not allow what is asked. */
    static StoreAnswer no() {
        return new StoreAnswer(false, new byte[0]);
    }

    boolean isNo() {
        return !known;
    }

    byte[] body() {
        return body;
    }
}
