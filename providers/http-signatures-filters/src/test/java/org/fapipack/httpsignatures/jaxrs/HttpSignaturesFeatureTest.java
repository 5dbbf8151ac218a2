package org.fapipack.httpsignatures.jaxrs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.fapipack.httpsignatures.server.FilterContract;
import org.fapipack.httpsignatures.server.MessageGuard;
import org.glassfish.jersey.jdkhttp.JdkHttpHandlerContainer;
import org.glassfish.jersey.message.GZipEncoder;
import org.glassfish.jersey.server.ContainerFactory;
import org.glassfish.jersey.server.ResourceConfig;
import org.glassfish.jersey.server.filter.EncodingFilter;

/** The JAX-RS feature in Jersey on the JDK's server. */
class HttpSignaturesFeatureTest extends FilterContract {

    private final List<HttpServer> servers = new ArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<URI, URI> probes = new HashMap<>();

    @Override
    protected URI start(MessageGuard guard) throws Exception {
        URI probe = serve(new ResourceConfig().register(new ReadinessResource(guard::readiness)));
        URI address = serve(new ResourceConfig()
                .register(new Application(handled))
                .register(new HttpSignaturesFeature(guard, request -> client(request.getHeaderString("Authorization"))))
                .registerClasses(EncodingFilter.class, GZipEncoder.class));
        probes.put(address, probe);
        return address;
    }

    private URI serve(ResourceConfig application) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", ContainerFactory.createContainer(JdkHttpHandlerContainer.class, application));
        server.start();
        servers.add(server);
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @Override
    protected URI readiness(URI address) {
        return probes.get(address);
    }

    @Override
    protected boolean decodes() {
        return true;
    }

    @Override
    protected void stop() {
        servers.forEach(server -> server.stop(0));
        threads.shutdownNow();
    }

    /** The application. */
    @Path("/")
    public static final class Application {

        private final AtomicInteger handled;

        Application(AtomicInteger handled) {
            this.handled = handled;
        }

        @GET
        @Path("accounts")
        public Response accounts() {
            handled.incrementAndGet();
            return Response.ok(Map.of("balance", "8810.00 €").toString(), MediaType.APPLICATION_JSON_TYPE)
                    .build();
        }

        @GET
        @Path("zipped")
        public Response zipped() {
            return accounts();
        }

        @POST
        @Path("payments")
        public Response pay(byte[] content) {
            handled.incrementAndGet();
            return Response.status(201)
                    .entity(content)
                    .type(MediaType.APPLICATION_OCTET_STREAM)
                    .build();
        }

        @PUT
        @Path("payments")
        public Response replace(byte[] content) {
            handled.incrementAndGet();
            StreamingOutput stream = output -> output.write(content);
            return Response.ok(stream, MediaType.APPLICATION_OCTET_STREAM).build();
        }

        @DELETE
        @Path("payments")
        public void delete() {
            handled.incrementAndGet();
        }

        @GET
        @Path("unchanged")
        public Response unchanged() {
            return Response.notModified("v1").build();
        }

        @GET
        @Path("forbidden")
        public Response forbidden() {
            return Response.status(403)
                    .entity("{\"error\":\"insufficient_scope\"}")
                    .type(MediaType.APPLICATION_JSON)
                    .build();
        }

        @GET
        @Path("long")
        public byte[] longAnswer(@QueryParam("octets") int octets) {
            return "x".repeat(octets).getBytes(UTF_8);
        }

        @GET
        @Path("fails")
        public String fail() {
            throw new IllegalStateException("on purpose");
        }
    }
}
