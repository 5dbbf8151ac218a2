package org.fapipack.testkit.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;

/** The https of a party in small: TLS 1.2 or 1.3, client certificates, and threads that do not keep the process alive. */
public final class SmallHttpsServer implements AutoCloseable {

    private final HttpsServer server;
    private final ExecutorService threads;

    /** Whether a client has to show a certificate, or may. */
    public enum ClientCertificate {
        WANTED,
        NEEDED
    }

    /**
     * Listens.
     *
     * @param name of the threads, and in the message when the port is taken
     * @param port 0 for any free one
     */
    public SmallHttpsServer(
            String name,
            int threadCount,
            SSLContext tls,
            ClientCertificate certificate,
            InetAddress address,
            int port,
            HttpHandler handler) {
        threads = Executors.newFixedThreadPool(threadCount, task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
        try {
            server = HttpsServer.create(new InetSocketAddress(address, port), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("the " + name.replace('-', ' ') + " cannot listen on port " + port, e);
        }
        server.setHttpsConfigurator(new HttpsConfigurator(tls) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters settings = getSSLContext().getDefaultSSLParameters();
                settings.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
                if (certificate == ClientCertificate.NEEDED) {
                    settings.setNeedClientAuth(true);
                } else {
                    settings.setWantClientAuth(true);
                }
                parameters.setSSLParameters(settings);
            }
        });
        server.setExecutor(threads);
        server.createContext("/", handler);
        server.start();
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** The certificate that a client showed, if it did. */
    public static Optional<X509Certificate> clientCertificate(HttpExchange exchange) {
        try {
            return Optional.of(
                    (X509Certificate) ((HttpsExchange) exchange).getSSLSession().getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException noneSent) {
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
