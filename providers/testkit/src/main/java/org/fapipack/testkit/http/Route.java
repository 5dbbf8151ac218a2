package org.fapipack.testkit.http;

import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where requests really go. The nodes of a cluster answer for one address; a route picks the node, as a load balancer does, and tells it the
 * address by {@code X-Forwarded-Host}. Everything that is signed, compared or shown has the address and not the node.
 */
@FunctionalInterface
public interface Route {

    URI of(URI address);

    /** To the address itself. */
    static Route direct() {
        return address -> address;
    }

    /** What is for the first address goes to the host and port of the second; everything else goes where it says. */
    static Route toNode(URI shared, URI node) {
        return address -> shared.getAuthority().equals(address.getAuthority())
                ? URI.create(node.getScheme() + "://" + node.getAuthority()
                        + address.toString()
                                .substring((address.getScheme() + "://" + address.getRawAuthority()).length()))
                : address;
    }

    /** Each request takes the route after that of the one before. */
    static Route alternating(List<Route> routes) {
        AtomicInteger next = new AtomicInteger();
        return address ->
                routes.get(Math.floorMod(next.getAndIncrement(), routes.size())).of(address);
    }
}
