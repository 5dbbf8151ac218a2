package org.fapipack.core.par;

/**
 * Why the form of a pushed authorization request is refused with {@code invalid_request}.
 *
 * @param tooLarge whether 413 is the status; otherwise 400
 * @param reason stable code for events and logs, {@code snake_case}
 * @param description text for the client: says what to change, echoes names of parameters but no value
 */
public record PushedFormDefect(boolean tooLarge, String reason, String description) {}
