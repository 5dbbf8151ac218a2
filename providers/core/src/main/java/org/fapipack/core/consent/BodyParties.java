package org.fapipack.core.consent;

/**
 * What signed bodies call those who send and receive them.
 *
 * @param client who signs requests, and whom answers are for
 * @param server who signs answers
 * @param audience whom requests are for
 */
public record BodyParties(String client, String server, String audience) {}
