/**
 * What a resource server does with HTTP signatures, whatever its HTTP layer is: {@link org.fapipack.httpsignatures.server.MessageGuard} verifies
 * requests and signs answers; the packages {@code servlet} and {@code jaxrs} bind it to filters.
 */
package org.fapipack.httpsignatures.server;
