package org.fapipack.bench;

import java.util.function.Supplier;

/**
 * One way of using one server.
 *
 * @param label what the tables call it
 * @param samples what is sent, over and over; safe for use by several threads
 */
record Variant(String label, MeasuredKeycloak keycloak, Supplier<Sample> samples) {}
