package org.fapipack.core.consent;

/** An HTTP status and the error code in the body. */
public record ConsentAnswer(int status, String code) {}
