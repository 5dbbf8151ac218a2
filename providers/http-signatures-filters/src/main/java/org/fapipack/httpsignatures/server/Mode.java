package org.fapipack.httpsignatures.server;

/** What is asked of requests. */
public enum Mode {
    /** Nothing is verified and nothing is signed; the readiness answer says so. */
    OFF,
    /** A request without signature fields goes through; one with them must be right. Answers are signed. */
    ACCEPTED,
    /** Each request must be signed. Answers are signed. */
    REQUIRED
}
