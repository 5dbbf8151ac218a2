package org.fapipack.httpsignatures.servlet;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.fapipack.httpsignatures.server.FilterContract;
import org.fapipack.httpsignatures.server.MessageGuard;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The servlet filter in Jetty. */
class HttpSignaturesFilterTest extends FilterContract {

    private final List<Server> servers = new ArrayList<>();

    @Override
    protected URI start(MessageGuard guard) throws Exception {
        Server server = new Server();
        HttpConfiguration configuration = new HttpConfiguration();
        ServerConnector connector = new ServerConnector(
                server, new HttpConnectionFactory(configuration), new HTTP2CServerConnectionFactory(configuration));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        HttpSignaturesFilter filter =
                new HttpSignaturesFilter(guard, request -> client(request.getHeader("Authorization")));
        FilterHolder allButTheProbe = new FilterHolder((request, response, chain) -> {
            if (((HttpServletRequest) request).getRequestURI().equals("/ready")) {
                chain.doFilter(request, response);
            } else {
                filter.doFilter(request, response, chain);
            }
        });
        context.addFilter(allButTheProbe, "/*", EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new ReadinessServlet(guard::readiness)), "/ready");
        context.addServlet(new ServletHolder(new Application()), "/*");
        server.setHandler(context);
        server.start();
        servers.add(server);
        return URI.create("http://127.0.0.1:" + connector.getLocalPort());
    }

    @Override
    protected void stop() throws Exception {
        for (Server server : servers) {
            server.stop();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST"})
    void http2MakesNoDifference(String method) throws Exception {
        Answer answer = overHttp2(
                draft(method, "/echo", "alice").body(method.equals("POST") ? "{}".getBytes(UTF_8) : new byte[0]));

        assertThat(answer.response().version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.response().statusCode()).isEqualTo(200);
        assertSigned(answer);
    }

    @Test
    void theParametersOfAFormAreStillThere() throws Exception {
        Answer answer = overHttp2(draft("POST", "/form?a=1", "alice")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body("a=2&b=%C3%A9+x".getBytes(UTF_8)));

        assertThat(new String(answer.response().body(), UTF_8)).isEqualTo("a=[1, 2] b=[é x]");
        assertSigned(answer);
    }

    @Test
    void aFormInACharsetThatNobodyKnowsIsTheClientsMistake() throws Exception {
        Answer answer = overHttp2(draft("POST", "/form?a=1", "alice")
                .header("Content-Type", "application/x-www-form-urlencoded; charset=no-such-charset")
                .body("a=2&b=x".getBytes(UTF_8)));

        assertThat(answer.response().statusCode()).isEqualTo(415);
        assertThat(handled).hasValue(0);
    }

    @Test
    void aRedirectIsSigned() throws Exception {
        Answer answer = overHttp2(draft("GET", "/elsewhere", "alice"));

        assertThat(answer.response().statusCode()).isEqualTo(302);
        assertThat(answer.response().headers().firstValue("location")).hasValue("/accounts");
        assertSigned(answer);
    }

    private final class Application extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            handled.incrementAndGet();
            switch (request.getRequestURI()) {
                case "/accounts" -> {
                    response.setContentType("application/json");
                    response.getWriter().print("{\"balance\":\"8810.00 €\"}");
                }
                case "/payments" -> {
                    if (request.getMethod().equals("DELETE")) {
                        response.setStatus(204);
                    } else {
                        response.setStatus(request.getMethod().equals("POST") ? 201 : 200);
                        request.getInputStream().transferTo(response.getOutputStream());
                    }
                }
                case "/echo" -> request.getInputStream().transferTo(response.getOutputStream());
                case "/form" -> {
                    response.setContentType("text/plain;charset=utf-8");
                    response.getWriter()
                            .printf(
                                    "a=%s b=%s",
                                    List.of(request.getParameterValues("a")), List.of(request.getParameterValues("b")));
                }
                case "/unchanged" -> response.setStatus(304);
                case "/forbidden" -> {
                    response.setStatus(403);
                    response.setContentType("application/json");
                    response.getOutputStream().print("{\"error\":\"insufficient_scope\"}");
                    response.flushBuffer();
                }
                case "/zipped" -> {
                    response.setHeader("Content-Encoding", "gzip");
                    try (GZIPOutputStream gzip = new GZIPOutputStream(response.getOutputStream())) {
                        gzip.write("{\"balance\":\"8810.00\"}".getBytes(UTF_8));
                    }
                }
                case "/long" ->
                    response.getOutputStream().print("x".repeat(Integer.parseInt(request.getParameter("octets"))));
                case "/elsewhere" -> response.sendRedirect("/accounts");
                case "/fails" -> throw new IllegalStateException("on purpose");
                default -> response.sendError(404, "nothing here");
            }
        }
    }
}
