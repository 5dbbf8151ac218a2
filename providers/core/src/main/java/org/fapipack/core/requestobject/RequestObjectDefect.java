package org.fapipack.core.requestobject;

/**
 * Why a request object is refused.
 *
 * @param reason stable code for events and logs, {@code snake_case}
 * @param description text for the client: says what to change, echoes no value of the request
 */
public record RequestObjectDefect(String reason, String description) {

    /** The reason of a request object whose {@code exp} has passed; the front channel answers it with another error code. */
    public static final String EXPIRED = "request_object_expired";
}
