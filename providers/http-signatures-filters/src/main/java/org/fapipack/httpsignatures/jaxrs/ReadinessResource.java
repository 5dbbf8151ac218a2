package org.fapipack.httpsignatures.jaxrs;

import static java.util.Objects.requireNonNull;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.function.Supplier;
import org.fapipack.httpsignatures.server.Readiness;

/**
 * Answers a readiness probe at {@code /ready}: 200 when each request is verified, 503 when that is switched off or left to the client. Belongs
 * into an application of its own: behind the feature the probe itself would have to be signed.
 */
@Path("ready")
public final class ReadinessResource {

    private final Supplier<Readiness> readiness;

    /** @param readiness of the guard: {@code guard::readiness} */
    public ReadinessResource(Supplier<Readiness> readiness) {
        this.readiness = requireNonNull(readiness, "readiness");
    }

    @GET
    public Response ready() {
        Readiness now = readiness.get();
        return Response.status(now.status())
                .type(MediaType.APPLICATION_JSON)
                .header("Cache-Control", "no-store")
                .entity(now.toJson())
                .build();
    }
}
