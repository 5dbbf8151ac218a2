package org.fapipack.testkit.resource;

import java.util.Optional;
import org.fapipack.testkit.http.Exchange;

/**
 * One question a resource server asked and what it made of the answer.
 *
 * @param result empty when the answer was rejected
 * @param rejection empty when the answer was believed
 */
public record Introspection(
        Exchange exchange, Optional<TokenIntrospection> result, Optional<IntrospectionRejection> rejection) {}
