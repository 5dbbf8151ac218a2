package org.fapipack.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.overlay.Sandbox;
import org.fapipack.testkit.server.DistributionKeycloak;
import org.fapipack.testkit.server.KeycloakStartException;
import org.fapipack.testkit.server.Versions;
import org.fapipack.testkit.tls.TestPki;

/** The program behind {@code providers/demo/run}. */
public final class Demo {

    private static final int OK = 0;
    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private static final Duration POLL_INTERVAL = Duration.ofMillis(500);

    private final Options options;
    private final Terminal terminal;
    private final PrintStream err;
    private final Style style;

    private Demo(Options options, Terminal terminal, PrintStream err) {
        this.options = options;
        this.err = err;
        this.terminal = terminal;
        this.style = terminal.style();
    }

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (Options.UsageException e) {
            err.println("demo: " + e.getMessage() + " (--help shows what there is)");
            System.exit(USAGE);
            return;
        }
        if (options.help()) {
            out.print(resource("help.txt"));
            return;
        }
        boolean isTerminal = Boolean.getBoolean("demo.terminal");
        Style style = Style.of(isTerminal, System.getenv("NO_COLOR"), System.getenv("TERM"), locale());
        StopSwitch stop = StopSwitch.install(err);
        int exitCode;
        try {
            exitCode = new Demo(options, new Terminal(out, style, style.colours()), err).run(stop);
        } catch (KeycloakStartException e) {
            exitCode = stop.isStopping() ? FAILED : fail(err, e.getMessage() + hint(e, options));
        } catch (ApiProcess.StartException e) {
            exitCode = stop.isStopping() ? FAILED : fail(err, e.getMessage());
        } catch (RuntimeException e) {
            exitCode = stop.isStopping()
                    ? FAILED
                    : fail(err, e.toString().lines().findFirst().orElse("unknown error"));
        }
        stop.exit(exitCode);
    }

    private static int fail(PrintStream err, String message) {
        err.println("demo: " + message);
        return FAILED;
    }

    private static String hint(KeycloakStartException e, Options options) {
        return e.getMessage().startsWith("port " + options.port()) ? "; choose another one with --port" : "";
    }

    private static String locale() {
        for (String variable : List.of("LC_ALL", "LC_CTYPE", "LANG")) {
            String value = System.getenv(variable);
            if (value != null && !value.isEmpty()) {
                return value;
            }
        }
        return null;
    }

    private int run(StopSwitch stop) {
        Versions versions = Versions.ofThisBuild();
        terminal.line();
        terminal.line(" " + style.bold("FAPI Pack for Keycloak") + " " + versions.pack()
                + style.dim("   on a stock Keycloak " + versions.keycloak()));
        terminal.line();
        long start = System.nanoTime();
        try (Stage stage = Stage.set(
                Path.of(System.getProperty("demo.target")),
                Path.of(System.getProperty("demo.repository")),
                options.port(),
                terminal)) {
            stop.closes(stage);
            List<String> problems = flows(stage, start);
            int exitCode = problems.isEmpty() ? OK : FAILED;
            problems.forEach(problem -> err.println("demo: " + problem));
            if (options.once()) {
                return exitCode;
            }
            stop.mayExitWith(exitCode);
            invite(stage);
            awaitEnd(stage, stop);
            return FAILED;
        }
    }

    /** Runs everything and gives one line for each thing that went wrong. */
    private List<String> flows(Stage stage, long start) {
        Duration setUp = Duration.ofNanos(System.nanoTime() - start);
        FapiClient dpopClient = stage.sandbox().dpopClient().build();
        FapiClient mtlsClient = stage.sandbox().mtlsClient().build();
        List<Summary.Column> columns = new ArrayList<>();
        columns.add(flow(
                "DPoP",
                "client " + Sandbox.DPOP_CLIENT + ", tokens bound to a key (RFC 9449), PS256",
                dpopClient,
                stage.sandbox()
                        .dpopClient()
                        .bindsTokensTo(SigningKey.generate(
                                dpopClient.dpopKey().orElseThrow().algorithm()))
                        .build(),
                stage));
        columns.add(flow(
                "mTLS",
                "client " + Sandbox.MTLS_CLIENT + ", tokens bound to a certificate (RFC 8705), ES256",
                mtlsClient,
                stage.sandbox()
                        .mtlsClient()
                        .bindsTokensTo(TestPki.selfSigned("CN=somebody else"))
                        .build(),
                stage));
        List<String> problems = new ArrayList<>();
        columns.forEach(column -> problems.addAll(column.problems()));
        if (problems.isEmpty()) {
            problems.addAll(refusals(dpopClient, stage));
        }
        new Summary(columns, setUp).lines(style).forEach(terminal::line);
        return problems;
    }

    private Summary.Column flow(String name, String who, FapiClient client, FapiClient thief, Stage stage) {
        headline(name, who);
        List<StepResult> results =
                new Walkthrough(client, thief, stage.browser(), stage.api(), stage.customer(), style).run(this::tell);
        return new Summary.Column(name, results);
    }

    private void headline(String name, String text) {
        terminal.line();
        int rest = Terminal.LINE_WIDTH - name.length() - text.length() - 6;
        terminal.line(" " + style.head(style.line(2) + " " + name) + "  " + text + " "
                + style.head(style.line(Math.max(2, rest))));
    }

    private void tell(Walkthrough.Told told) {
        StepResult result = told.result();
        terminal.line();
        terminal.line(terminal.withTime(
                " " + (result.passed() ? style.tick() : style.cross()) + " "
                        + style.bold(
                                result.step().number() + "  " + result.step().title()),
                result.took()));
        terminal.line("      " + style.dim(result.step().explanation()));
        told.lines().forEach(line -> terminal.line(line.isEmpty() ? "" : "      " + line));
        result.problem().ifPresent(problem -> terminal.line("      " + style.bad(problem)));
    }

    private List<String> refusals(FapiClient client, Stage stage) {
        headline("Refused", "what must not work");
        terminal.line();
        List<Refusals.Refusal> refusals = new Refusals(client, stage::browser, stage.customer()).attemptAll();
        for (Refusals.Refusal refusal : refusals) {
            terminal.line(" " + (refusal.refused() ? style.tick() : style.cross()) + " "
                    + String.format("%-44s", refusal.attempt()) + style.dim(refusal.answer()));
        }
        return refusals.stream()
                .filter(refusal -> !refusal.refused())
                .map(refusal -> refusal.attempt() + " was not refused as it should be: " + refusal.answer())
                .toList();
    }

    private void invite(Stage stage) {
        String base = stage.keycloak().baseUri().toString();
        terminal.line();
        terminal.line(" " + style.bold("Keycloak keeps running until Ctrl-C."));
        terminal.line();
        row(
                "Admin console",
                base + "/admin/",
                stage.keycloak().administrator().username() + " / "
                        + stage.keycloak().administrator().password());
        row(
                "Account console",
                base + "/realms/" + Stage.REALM + "/account/",
                stage.customer().name() + " / " + stage.customer().password());
        row("Discovery", base + "/realms/" + Stage.REALM + "/.well-known/openid-configuration", "");
        row("Account API", stage.api().accounts().toString(), "");
        row("Server log", stage.keycloak().logFile().toString(), "");
        row("API log", stage.api().logFile().toString(), "");
        terminal.line();
        terminal.line(
                style.dim("   The certificates come from a test authority: accept the browser's warning, or trust"));
        terminal.line(style.dim("   " + stage.pki().caPem()));
        terminal.line();
    }

    private void row(String name, String address, String login) {
        terminal.line(
                "   " + String.format("%-16s", name) + style.name(address) + (login.isEmpty() ? "" : "   " + login));
    }

    /** Returns only when Keycloak or the API is gone; a signal ends the whole process instead. */
    private void awaitEnd(Stage stage, StopSwitch stop) {
        DistributionKeycloak keycloak = stage.keycloak();
        try {
            while (keycloak.isRunning() && stage.api().isRunning()) {
                Thread.sleep(POLL_INTERVAL.toMillis());
            }
            if (!stop.isStopping()) {
                err.println(
                        keycloak.isRunning()
                                ? "demo: the account API ended by itself (log: "
                                        + stage.api().logFile() + ")"
                                : "demo: Keycloak ended by itself (log: " + keycloak.logFile() + ")");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String resource(String name) {
        try (InputStream in = Demo.class.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
