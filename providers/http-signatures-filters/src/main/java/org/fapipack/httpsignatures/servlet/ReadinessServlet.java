package org.fapipack.httpsignatures.servlet;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.fapipack.httpsignatures.server.Readiness;

/** Answers a readiness probe: 200 when each request is verified, 503 when that is switched off or left to the client. */
public final class ReadinessServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient Supplier<Readiness> readiness;

    /** @param readiness of the guard: {@code guard::readiness} */
    public ReadinessServlet(Supplier<Readiness> readiness) {
        this.readiness = requireNonNull(readiness, "readiness");
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Readiness now = readiness.get();
        response.setStatus(now.status());
        response.setContentType("application/json");
        response.setHeader("Cache-Control", "no-store");
        response.getOutputStream().write(now.toJson().getBytes(StandardCharsets.UTF_8));
    }
}
