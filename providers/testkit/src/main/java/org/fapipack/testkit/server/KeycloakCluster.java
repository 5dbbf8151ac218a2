package org.fapipack.testkit.server;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.fapipack.testkit.http.Route;

/**
 * Nodes of one Keycloak cluster on loopback, from one distribution and on one database server. All of them answer for the address of the
 * first, so an issuer is the same whichever node answers; {@link #node} tells how to reach one of them.
 *
 * <p>Started means that all of them are ready and see each other.
 */
public final class KeycloakCluster implements KeycloakServer {

    private static final Duration JOIN_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);

    /** JGroups listens there for the failure detector of other nodes; its own default is 50000, which wraps round. */
    private static final int FAILURE_DETECTION_OFFSET = 1;

    private final DistributionKeycloak.Builder builder;
    private final List<Integer> httpsPorts;
    private final List<DistributionKeycloak> nodes = new ArrayList<>();

    private KeycloakCluster(DistributionKeycloak.Builder builder, List<Integer> httpsPorts) {
        this.builder = builder;
        this.httpsPorts = httpsPorts;
    }

    /**
     * Starts the nodes one after the other: those that start together on an empty database may each found a cluster of their own.
     *
     * @param builder what the nodes have in common, with a database that several servers can share
     */
    public static KeycloakCluster start(DistributionKeycloak.Builder builder, int size) {
        KeycloakCluster cluster = new KeycloakCluster(
                builder,
                IntStream.range(0, size).mapToObj(index -> Ports.free()).toList());
        builder.startOption("--cache=ispn")
                .startOption("--cache-embedded-network-bind-address=127.0.0.1")
                .startOption("--hostname=" + cluster.baseUri())
                .startOption("--proxy-headers=xforwarded")
                .startOption("--proxy-trusted-addresses=127.0.0.1")
                .javaOption("-Djgroups.fd.port-offset=" + FAILURE_DETECTION_OFFSET);
        try {
            for (int index = 0; index < size; index++) {
                cluster.nodes.add(cluster.startNode(index));
                cluster.awaitView(index + 1);
            }
            return cluster;
        } catch (KeycloakStartException failed) {
            cluster.close();
            throw failed;
        }
    }

    private DistributionKeycloak startNode(int index) {
        return builder.name("node-" + (index + 1))
                .httpsPort(httpsPorts.get(index))
                .startOption(
                        "--cache-embedded-network-bind-port=" + Ports.freeWithAnotherAbove(FAILURE_DETECTION_OFFSET))
                .start();
    }

    private void awaitView(int size) {
        long deadline = System.nanoTime() + JOIN_TIMEOUT.toNanos();
        for (DistributionKeycloak node : nodes) {
            while (ServerLog.clusterSize(node.logFile()) != size) {
                if (System.nanoTime() > deadline) {
                    throw new KeycloakStartException("after " + JOIN_TIMEOUT.toSeconds() + " s " + node + " sees "
                            + ServerLog.clusterSize(node.logFile()) + " instead of " + size + " nodes (log: "
                            + node.logFile() + ")");
                }
                sleep();
            }
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(POLL_INTERVAL.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KeycloakStartException("interrupted while the nodes of a cluster met", e);
        }
    }

    /** The address of all nodes, and the first node's own. */
    @Override
    public URI baseUri() {
        return address(0);
    }

    @Override
    public Administrator administrator() {
        return nodes.get(0).administrator();
    }

    public int size() {
        return httpsPorts.size();
    }

    /** The route of requests that one node is to answer, counted from 0. */
    public Route node(int index) {
        return Route.toNode(baseUri(), address(index));
    }

    /** Where each node's own metrics and health are. */
    public List<Integer> managementPorts() {
        return nodes.stream().map(DistributionKeycloak::managementPort).toList();
    }

    private URI address(int index) {
        return URI.create("https://localhost:" + httpsPorts.get(index));
    }

    /** Kills a node; returns when the others have noticed. */
    public void lose(int index) {
        nodes.remove(index).kill();
        awaitView(nodes.size());
    }

    /** Starts a lost node again. */
    public void bringBack(int index) {
        nodes.add(index, startNode(index));
        awaitView(nodes.size());
    }

    @Override
    public void close() {
        nodes.forEach(DistributionKeycloak::close);
    }
}
