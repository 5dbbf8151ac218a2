package org.fapipack.core.consent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/**
 * What a client sends to have a consent last longer, as far as its form is good.
 *
 * @param data as the client sent them
 * @param entry what the list will show of it, without times
 * @param end the wanted one; empty where the consent is to have none
 */
public record ConsentExtension(ObjectNode data, ObjectNode entry, Optional<Instant> end) {}
