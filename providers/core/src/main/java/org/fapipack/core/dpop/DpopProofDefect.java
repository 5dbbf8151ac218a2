package org.fapipack.core.dpop;

/**
 * Why a DPoP proof is refused with {@code invalid_dpop_proof}.
 *
 * @param reason stable code for events and logs, {@code snake_case}
 * @param description text for the client: says what to change, echoes no value of the request
 */
public record DpopProofDefect(String reason, String description) {}
