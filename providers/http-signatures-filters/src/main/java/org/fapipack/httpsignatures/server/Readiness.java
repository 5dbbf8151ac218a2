package org.fapipack.httpsignatures.server;

/**
 * What the server does with signatures, for a readiness probe: verification that is switched off passes every test with good requests, so it has
 * to be seen elsewhere.
 *
 * @param mode what is asked of requests
 */
public record Readiness(Mode mode) {

    /** Whether each request is verified. */
    public boolean isReady() {
        return mode == Mode.REQUIRED;
    }

    /** 200 when each request is verified, 503 otherwise. */
    public int status() {
        return isReady() ? 200 : 503;
    }

    /** A JSON object as health endpoints have it. */
    public String toJson() {
        return "{\"status\":\"%s\",\"checks\":[{\"name\":\"http-signatures\",\"status\":\"%s\",\"data\":{\"requests\":\"%s\",\"responses\":\"%s\"}}]}"
                .formatted(
                        isReady() ? "UP" : "DOWN",
                        isReady() ? "UP" : "DOWN",
                        switch (mode) {
                            case OFF -> "not verified";
                            case ACCEPTED -> "verified if signed";
                            case REQUIRED -> "verified";
                        },
                        mode == Mode.OFF ? "not signed" : "signed");
    }
}
