package org.fapipack.httpsignatures.jaxrs;

import static java.util.Objects.requireNonNull;

import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Feature;
import jakarta.ws.rs.core.FeatureContext;
import java.util.Optional;
import java.util.function.Function;
import org.fapipack.httpsignatures.server.MessageGuard;
import org.fapipack.httpsignatures.server.Mode;

/**
 * Verifies each request before a resource method is chosen, and signs each answer after all filters and interceptors of the application,
 * compression included, are done with it: register it once. Safe for concurrent use.
 *
 * <p>Filters that check the access token are {@code @PreMatching}, too, with a priority up to {@link Priorities#AUTHENTICATION}; writer interceptors have
 * one above 1. What the application throws and maps to nothing is answered with 500. Both bodies are
 * kept in memory up to the guard's limits. An answer above the limit becomes a 500 that is not signed.
 */
public final class HttpSignaturesFeature implements Feature {

    /** The request property with what proves the request, a {@code List} of {@link org.fapipack.httpsignatures.Evidence}. */
    public static final String EVIDENCE = HttpSignaturesFeature.class.getName() + ".evidence";

    private final MessageGuard guard;
    private final Function<ContainerRequestContext, Optional<String>> client;
    private final Function<ContainerRequestContext, String> requestTarget;

    /**
     * Takes path and query from {@code UriInfo.getRequestUri()}. Implementations that normalise or re-encode it make signatures of requests with
     * unusual URIs fail; give the raw request target by the other constructor then.
     *
     * @param client the client that the request's access token was issued to, which the token filter has found out; empty when the request has no
     *     token that is good
     */
    public HttpSignaturesFeature(MessageGuard guard, Function<ContainerRequestContext, Optional<String>> client) {
        this(guard, client, HttpSignaturesFeature::pathAndQuery);
    }

    /**
     * With another source of the raw request target.
     *
     * @param requestTarget path and query, octets as they arrived
     */
    public HttpSignaturesFeature(
            MessageGuard guard,
            Function<ContainerRequestContext, Optional<String>> client,
            Function<ContainerRequestContext, String> requestTarget) {
        this.guard = requireNonNull(guard, "guard");
        this.client = requireNonNull(client, "client");
        this.requestTarget = requireNonNull(requestTarget, "requestTarget");
    }

    @Override
    public boolean configure(FeatureContext context) {
        if (guard.mode() == Mode.OFF) {
            return false;
        }
        // Their priorities are annotations: not every implementation heeds those that are given here.
        context.register(new RequestFilter(guard, client, requestTarget));
        context.register(new ResponseFilter(guard));
        context.register(new FailureMapper());
        return true;
    }

    private static String pathAndQuery(ContainerRequestContext request) {
        var uri = request.getUriInfo().getRequestUri();
        return uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery());
    }
}
