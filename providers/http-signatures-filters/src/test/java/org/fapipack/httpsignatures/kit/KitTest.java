package org.fapipack.httpsignatures.kit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.util.JSONObjectUtils;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.fapipack.httpsignatures.RequestVerifier;
import org.fapipack.httpsignatures.ResponseSigner;
import org.fapipack.httpsignatures.VerificationKeys;
import org.fapipack.httpsignatures.VerificationPolicy;
import org.fapipack.httpsignatures.jose.JoseMessageSigner;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;
import org.fapipack.httpsignatures.server.MessageGuard;
import org.fapipack.httpsignatures.server.Mode;
import org.fapipack.httpsignatures.servlet.HttpSignaturesFilter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kit against servers with and without the filter. */
class KitTest {

    private static final String URL = "https://api.example/bank/accounts?page=1";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    private JWK client;
    private JWK bank;
    private Server server;

    @BeforeEach
    void makeKeys() throws Exception {
        client = new ECKeyGenerator(Curve.P_256)
                .keyID("k1")
                .algorithm(JWSAlgorithm.ES256)
                .generate();
        bank = new ECKeyGenerator(Curve.P_256)
                .keyID("bank")
                .algorithm(JWSAlgorithm.ES256)
                .generate();
        Files.writeString(folder.resolve("client.jwk"), client.toJSONString());
        Files.writeString(folder.resolve("bank.jwks"), new JWKSet(bank).toString(true));
    }

    @AfterEach
    void stop() throws Exception {
        if (server != null) {
            server.stop();
        }
    }

    @ParameterizedTest
    @CsvSource({"false, false", "true, false", "false, true"})
    void aServerWithTheFilterDoesAllRight(boolean withContent, boolean withDpop) throws Exception {
        Files.writeString(folder.resolve("content.json"), "{\"amount\":\"12.50\"}");
        String address = start(Mode.REQUIRED);

        int exitCode = withContent
                ? run(address, "--body", folder.resolve("content.json").toString())
                : withDpop
                        ? run(
                                address,
                                "--dpop-key",
                                folder.resolve("client.jwk").toString())
                        : run(address);

        assertThat(exitCode).as(out.toString(UTF_8) + err.toString(UTF_8)).isZero();
        assertThat(out.toString(UTF_8))
                .contains("content-changed")
                .contains(" 0 failed")
                .doesNotContain("FAIL");
        Map<String, Object> report = JSONObjectUtils.parse(Files.readString(folder.resolve("report.json")));
        assertThat(report).containsEntry("passed", true).containsEntry("url", URL);
        assertThat(JSONObjectUtils.getJSONObjectArray(report, "requests")).hasSizeGreaterThan(45);
    }

    @Test
    void aServerThatDoesNotVerifyFailsEveryBadRequest() throws Exception {
        int exitCode = run(start(Mode.OFF));

        assertThat(exitCode).isEqualTo(1);
        Map<String, Object> report = JSONObjectUtils.parse(Files.readString(folder.resolve("report.json")));
        assertThat(report).containsEntry("passed", false);
        assertThat(JSONObjectUtils.getJSONObjectArray(report, "requests"))
                .allSatisfy(request -> assertThat(request).containsEntry("passed", false));
    }

    @Test
    void aServerThatTakesUnsignedRequestsFailsOneRequest() throws Exception {
        int exitCode = run(start(Mode.ACCEPTED));

        assertThat(exitCode).isEqualTo(1);
        assertThat(out.toString(UTF_8))
                .contains(" 1 failed")
                .containsPattern("FAIL +no-signature +401, challenge +200");
    }

    @Test
    void anAnswerThatSomebodyElseSignedFails() throws Exception {
        Files.writeString(
                folder.resolve("bank.jwks"),
                new JWKSet(new ECKeyGenerator(Curve.P_256)
                                .keyID("bank")
                                .algorithm(JWSAlgorithm.ES256)
                                .generate())
                        .toString(true));

        assertThat(run(start(Mode.REQUIRED))).isEqualTo(1);
        assertThat(out.toString(UTF_8))
                .contains("200, answer: signature_invalid")
                .contains(" 3 failed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--url|--url needs a value",
                "--colour red|unknown option --colour",
                "--key FILE --token t|--url is missing",
                "--url https://api.example/a --token t|--key is missing",
                "--url https://api.example/a --key FILE|one of --token and --token-file is needed",
                "--url api.example --key FILE --token t|--url needs an http or https address",
                "--url https://api.example/a --key no-file --token t|--key: no-file cannot be read",
                "--url https://api.example/a --url https://api.example/b|--url is given twice"
            })
    void aWrongCommandLineIsSaid(String commandLine, String message) {
        String[] arguments = commandLine
                .replace("FILE", folder.resolve("client.jwk").toString())
                .split(" ", -1);

        int exitCode = Kit.run(
                arguments, Clock.systemUTC(), new PrintStream(out, true, UTF_8), new PrintStream(err, true, UTF_8));

        assertThat(exitCode).isEqualTo(2);
        assertThat(err.toString(UTF_8))
                .startsWith("http-signatures-kit: " + message)
                .endsWith("(--help shows what there is)\n");
    }

    @Test
    void aServerThatIsNotThereIsSaid() throws Exception {
        String address = start(Mode.OFF);
        server.stop();

        assertThat(run(address)).isEqualTo(1);
        assertThat(err.toString(UTF_8)).contains("cannot be reached").doesNotContain("the-token");
    }

    @ParameterizedTest
    @CsvSource({"REQUIRED, 0, 0 failed", "OFF, 1, FAIL"})
    void theScriptReportsAndEndsAsTheProgram(Mode mode, int exitCode, String said) throws Exception {
        List<String> command = arguments(start(mode));
        command.add(0, script().toString());
        Path output = folder.resolve("output");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));

        Process process = builder.start();
        boolean ended = process.waitFor(2, TimeUnit.MINUTES);
        process.destroyForcibly();

        assertThat(ended).as("ended").isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isEqualTo(exitCode);
        assertThat(output).content().contains(said).doesNotContain("building");
        assertThat(JSONObjectUtils.parse(Files.readString(folder.resolve("report.json"))))
                .containsEntry("passed", exitCode == 0);
    }

    /** The script where the kit counts as built, with what this build packaged; the one of the repository would build again. */
    private Path script() throws IOException {
        Path module = Path.of("..", "http-signatures-kit").toAbsolutePath().normalize();
        assumeThat(module.resolve("target/lib")).as("what package makes").isDirectory();
        Path kit = folder.resolve("providers/http-signatures-kit");
        Path target = Files.createDirectories(kit.resolve("target"));
        Files.createDirectories(kit.resolve("src/main"));
        for (String source : List.of("http-signatures", "testkit")) {
            Files.createDirectories(folder.resolve("providers").resolve(source).resolve("src/main"));
        }
        Files.createFile(folder.resolve("pom.xml"));
        Files.createFile(kit.resolve("pom.xml"));
        for (String made : List.of("classes", "lib")) {
            Files.createSymbolicLink(
                    target.resolve(made), module.resolve("target").resolve(made));
        }
        Files.createFile(target.resolve("built"));
        return Files.copy(module.resolve("run"), kit.resolve("run"), StandardCopyOption.COPY_ATTRIBUTES);
    }

    private int run(String address, String... more) {
        List<String> arguments = arguments(address);
        arguments.addAll(List.of(more));
        return Kit.run(
                arguments.toArray(String[]::new),
                Clock.systemUTC(),
                new PrintStream(out, true, UTF_8),
                new PrintStream(err, true, UTF_8));
    }

    private List<String> arguments(String address) {
        return new ArrayList<>(List.of(
                "--url",
                URL,
                "--connect-to",
                address,
                "--key",
                folder.resolve("client.jwk").toString(),
                "--token",
                "the-token",
                "--server-jwks",
                folder.resolve("bank.jwks").toString(),
                "--report",
                folder.resolve("report.json").toString()));
    }

    private String start(Mode mode) throws Exception {
        MessageGuard guard = MessageGuard.at("https://api.example")
                .verifying(
                        new RequestVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), Clock.systemUTC()),
                        clientId -> VerificationKeys.ofJwks(
                                List.of(client.toPublicJWK().toJSONObject())))
                .signing(new ResponseSigner(JoseMessageSigner.of(bank), Clock.systemUTC()))
                .mode(mode)
                .build();
        server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler();
        context.addFilter(
                new FilterHolder(new HttpSignaturesFilter(guard, request -> Optional.of("client"))),
                "/*",
                EnumSet.of(DispatcherType.REQUEST));
        context.addServlet(new ServletHolder(new Accounts()), "/*");
        server.setHandler(context);
        server.start();
        return "http://127.0.0.1:" + connector.getLocalPort();
    }

    private static final class Accounts extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setContentType("application/json");
            response.getOutputStream().print("{}");
        }
    }
}
