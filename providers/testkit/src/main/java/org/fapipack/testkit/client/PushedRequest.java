package org.fapipack.testkit.client;

import java.time.Duration;
import org.fapipack.testkit.http.Exchange;

/** A pushed authorization request that the server took (RFC 9126, section 2.2). */
public record PushedRequest(String requestUri, Duration expiresIn, Exchange exchange) {

    /** Reads the answer of the PAR endpoint; anything but 201 is an error. */
    public static PushedRequest from(Exchange exchange) {
        var json = exchange.expect(201).json();
        return new PushedRequest(
                (String) json.get("request_uri"),
                Duration.ofSeconds(((Number) json.get("expires_in")).longValue()),
                exchange);
    }
}
