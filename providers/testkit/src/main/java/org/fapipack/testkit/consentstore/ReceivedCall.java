package org.fapipack.testkit.consentstore;

import java.util.Map;
import java.util.Optional;

/**
 * A call that a store got.
 *
 * @param path raw, with the query
 * @param refusal why it was refused; empty where it was accepted
 * @param claims of its JWT, where that was accepted
 * @param certificate subject of the certificate it came with
 * @param interactionId of the client's request that it was made for, where it says so
 */
public record ReceivedCall(
        String method,
        String path,
        Optional<String> idempotencyKey,
        String body,
        Optional<String> refusal,
        Map<String, Object> claims,
        Optional<String> certificate,
        Optional<String> interactionId) {}
