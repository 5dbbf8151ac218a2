package org.fapipack.bench;

import java.net.http.HttpRequest;
import java.util.function.Supplier;

/**
 * One way of asking one server.
 *
 * @param label what the tables call it
 * @param requests what is sent, over and over; safe for use by several threads
 */
record Variant(String label, MeasuredKeycloak keycloak, Supplier<HttpRequest> requests, AnswerCheck check) {}
