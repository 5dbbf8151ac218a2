package org.fapipack.senderconstraint;

/**
 * Why a request without a good sender constraint is refused.
 *
 * @param error the OAuth error code: {@code invalid_dpop_proof}, {@code use_dpop_nonce} or {@code invalid_request}
 * @param reason stable code for events and logs, {@code snake_case}
 * @param description text for the client: says what to change, echoes no value of the request
 */
public record SenderConstraintDefect(String error, String reason, String description) {}
