package org.fapipack.core.clientassertion;

/**
 * Why a client assertion is refused.
 *
 * @param reason stable code for events and logs, {@code snake_case}
 * @param description text for the client: says what to change, echoes no value of the request
 */
public record ClientAssertionDefect(String reason, String description) {}
