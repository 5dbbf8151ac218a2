package org.fapipack.bench.signatures;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.nimbusds.jose.jwk.JWK;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.fapipack.bench.signatures.Connection.Answer;
import org.fapipack.httpsignatures.FieldLine;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.RequestSigner;
import org.fapipack.httpsignatures.RequestVerifier;
import org.fapipack.httpsignatures.ResponseSigner;
import org.fapipack.httpsignatures.ResponseVerifier;
import org.fapipack.httpsignatures.VerificationKeys;
import org.fapipack.httpsignatures.VerificationPolicy;
import org.fapipack.httpsignatures.jose.JoseMessageSigner;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;
import org.fapipack.httpsignatures.server.MessageGuard;
import org.fapipack.httpsignatures.servlet.HttpSignaturesFilter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A POST with 1 KiB of content that Jetty answers with 1 KiB of JSON over one loopback connection, with the servlet filter (which verifies the
 * request and signs the answer) and without. Both servlets and both requests are the same but for the path; the signature is made before, and the
 * server's clock stands still, so that it stays fresh.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class FilterBenchmark {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    private static final String PUBLIC_BASE_URL = "https://api.bank.example";
    private static final byte[] JSON = json();

    /** JOSE name, of the client's key and of the server's. */
    @Param({"PS256", "ES256", "EdDSA"})
    public String algorithm;

    private Server server;
    private Connection connection;
    private byte[] signedForFilter;
    private byte[] signedForNone;

    /** Starts the server, and sees to it that the filter does what is going to be measured. */
    @Setup
    public void start() throws Exception {
        JWK client = Keys.jwk(Keys.generate(algorithm), algorithm, "client");
        JWK bank = Keys.jwk(Keys.generate(algorithm), algorithm, "bank");
        connection = new Connection(listen(client, bank));
        RequestSigner signer = new RequestSigner(JoseMessageSigner.of(client), CLOCK);
        HttpMessage request = request("/filtered");
        HttpMessage signed = request.with(signer.sign(request).fields());
        signedForFilter = octets(signed);
        HttpMessage other = request("/plain");
        signedForNone = octets(other.with(signer.sign(other).fields()));

        require(connection.exchange(octets(request)).status() == 401, "an unsigned request passes the filter");
        require(!withoutFilter().head().contains("Signature"), "there is a filter where there should be none");
        Answer answer = withFilter();
        HttpMessage.Builder response =
                HttpMessage.response(answer.status(), signed).content(answer.content());
        answer.head().lines().skip(1).filter(line -> !line.isEmpty()).forEach(line -> {
            int colon = line.indexOf(':');
            response.field(line.substring(0, colon), line.substring(colon + 1).strip());
        });
        require(
                new ResponseVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), CLOCK)
                        .verify(response.build(), keys(bank))
                        .isAccepted(),
                "the answer's signature does not verify");
    }

    /** Stops the server. */
    @TearDown
    public void stop() throws Exception {
        connection.close();
        server.stop();
    }

    /** Verified and signed. */
    @Benchmark
    public Answer withFilter() throws IOException {
        return served(signedForFilter);
    }

    /** Neither. */
    @Benchmark
    public Answer withoutFilter() throws IOException {
        return served(signedForNone);
    }

    private Answer served(byte[] request) throws IOException {
        Answer answer = connection.exchange(request);
        require(answer.status() == 200 && Arrays.equals(answer.content(), JSON), "not the answer that was asked for");
        return answer;
    }

    private int listen(JWK client, JWK bank) throws Exception {
        VerificationKeys clientKeys = keys(client);
        MessageGuard guard = MessageGuard.at(PUBLIC_BASE_URL)
                .verifying(
                        new RequestVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), CLOCK),
                        clientId -> clientKeys)
                .signing(new ResponseSigner(JoseMessageSigner.of(bank), CLOCK))
                .build();
        server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addFilter(
                new FilterHolder(new HttpSignaturesFilter(guard, request -> Optional.of("client"))),
                "/filtered",
                EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new Application()), "/*");
        server.setHandler(context);
        server.start();
        return connector.getLocalPort();
    }

    private static HttpMessage request(String path) {
        return HttpMessage.request("POST", PUBLIC_BASE_URL + path)
                .field("Host", "api.bank.example")
                .field("Authorization", "DPoP " + "t".repeat(900))
                .field("DPoP", "p".repeat(500))
                .field("Content-Type", "application/json")
                .field("Content-Length", Integer.toString(JSON.length))
                .field("x-fapi-interaction-id", "6ba7b811-9dad-11d1-80b4-00c04fd430c8")
                .content(JSON)
                .build();
    }

    private static byte[] octets(HttpMessage request) {
        StringBuilder head = new StringBuilder("POST %s HTTP/1.1\r\n"
                .formatted(request.targetUri().orElseThrow().substring(PUBLIC_BASE_URL.length())));
        for (FieldLine line : request.fields()) {
            head.append(line.name()).append(": ").append(line.value()).append("\r\n");
        }
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        octets.writeBytes(head.append("\r\n").toString().getBytes(ISO_8859_1));
        octets.writeBytes(JSON);
        return octets.toByteArray();
    }

    private static VerificationKeys keys(JWK jwk) {
        return VerificationKeys.ofJwks(List.of(jwk.toPublicJWK().toJSONObject()));
    }

    /** 1024 octets. */
    private static byte[] json() {
        String account = "{\"accountId\":\"0123456789\",\"balance\":\"8810.00\"},";
        String begin = "{\"accounts\":[" + account.repeat(20) + "{\"note\":\"";
        String end = "\"}]}";
        return (begin + "x".repeat(1024 - begin.length() - end.length()) + end).getBytes(ISO_8859_1);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }

    private static final class Application extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
            request.getInputStream().readAllBytes();
            response.setContentType("application/json");
            response.setContentLength(JSON.length);
            response.getOutputStream().write(JSON);
        }
    }
}
