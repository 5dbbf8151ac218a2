package org.fapipack.pages;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.fapipack.fixture.KeycloakUnderTest;

/**
 * What stands between a real browser and the nodes of a cluster, as a load balancer does: connections go to one node, and after {@link #turn} to the
 * next. It does not look into what it passes on.
 */
final class NodeSwitch implements AutoCloseable {

    private final URI address = KeycloakUnderTest.running().server().baseUri();
    private final List<URI> nodes = KeycloakUnderTest.running().nodes().stream()
            .map(route -> route.of(address))
            .toList();
    private final ServerSocket entrance;
    private final List<Socket> open = new ArrayList<>();
    private int current;

    private NodeSwitch(ServerSocket entrance) {
        this.entrance = entrance;
    }

    static NodeSwitch open() {
        try {
            NodeSwitch nodes = new NodeSwitch(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            inBackground(nodes::accept);
            return nodes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The rule that leads a browser here that opens the address of the server. */
    String resolverRule() {
        return "MAP " + address.getAuthority() + " 127.0.0.1:" + entrance.getLocalPort();
    }

    /** Whatever the browser asks from here on, the next node answers. */
    synchronized void turn() {
        current = (current + 1) % nodes.size();
        hangUp();
    }

    @Override
    public synchronized void close() {
        quietly(entrance);
        hangUp();
    }

    private void hangUp() {
        open.forEach(NodeSwitch::quietly);
        open.clear();
    }

    private void accept() {
        try {
            while (true) {
                connect(entrance.accept());
            }
        } catch (IOException closed) {
            return; // the end
        }
    }

    private synchronized void connect(Socket browser) {
        try {
            URI node = nodes.get(current);
            Socket server = new Socket(InetAddress.getLoopbackAddress(), node.getPort());
            open.add(browser);
            open.add(server);
            inBackground(() -> pass(browser, server));
            inBackground(() -> pass(server, browser));
        } catch (IOException unreachable) {
            quietly(browser);
        }
    }

    private static void pass(Socket from, Socket to) {
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException hungUp) {
            return; // by the browser, the server, or the switch
        }
    }

    private static void inBackground(Runnable work) {
        Thread thread = new Thread(work, "node-switch");
        thread.setDaemon(true);
        thread.start();
    }

    private static void quietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception alreadyGone) {
            return; // as wanted
        }
    }
}
