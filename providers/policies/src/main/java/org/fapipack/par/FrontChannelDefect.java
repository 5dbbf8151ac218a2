package org.fapipack.par;

/**
 * Why a browser is sent away from the authorization endpoint with an error page.
 *
 * @param reason stable code for events and logs, {@code snake_case}
 * @param error the OAuth error code for the event
 * @param messageKey what the page says
 */
public record FrontChannelDefect(String reason, String error, String messageKey) {}
