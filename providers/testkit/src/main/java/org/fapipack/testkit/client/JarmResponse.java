package org.fapipack.testkit.client;

import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import org.fapipack.testkit.http.Json;

/**
 * A JARM response whose signature and claims were verified.
 *
 * @param compact the JWT as it arrived
 */
public record JarmResponse(String compact, Map<String, Object> header, Map<String, Object> claims) {

    /** The authorization code; an error response has none. */
    public String code() {
        return Json.text(claims, "code")
                .orElseThrow(() -> new NoSuchElementException("no code, but "
                        + error().orElse("no error either")
                        + errorDescription().map(text -> ": " + text).orElse("")));
    }

    public Optional<String> error() {
        return Json.text(claims, "error");
    }

    public Optional<String> errorDescription() {
        return Json.text(claims, "error_description");
    }

    public Optional<String> state() {
        return Json.text(claims, "state");
    }

    @Override
    public String toString() {
        return "JarmResponse" + claims.keySet();
    }
}
