package org.fapipack.testkit.resource;

import java.net.URI;
import org.fapipack.testkit.http.Headers;

/**
 * A request as it arrived.
 *
 * @param uri the address that the client has to have meant: the API's public one, path and query as they came
 * @param headers all lines
 * @param content whole, not copied; empty when there was none
 */
@SuppressWarnings("ArrayRecordComponent") // handed on, never compared
public record ApiRequest(String method, URI uri, Headers headers, byte[] content) {}
