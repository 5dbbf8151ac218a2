package org.fapipack.clientauth;

/**
 * Why a client certificate is refused.
 *
 * @param reason stable code for events and logs, {@code snake_case}
 * @param description text for the client: says what to change, echoes nothing of the certificate or the registration
 */
record ClientCertificateDefect(String reason, String description) {}
