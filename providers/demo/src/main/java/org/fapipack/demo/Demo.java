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
import java.util.Optional;
import org.fapipack.demo.api.AccountsApi;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.overlay.EcosystemSample;
import org.fapipack.testkit.overlay.EcosystemSandbox;
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

    private static final String MESSAGE_SIGNING = "fapi2-message-signing";
    private static final String CUSTOMER = "alice";

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
            System.exit(usage(err, e));
            return;
        }
        if (options.help()) {
            out.print(resource("help.txt"));
            return;
        }
        boolean isTerminal = Boolean.getBoolean("demo.terminal");
        Style style = Style.of(isTerminal, System.getenv("NO_COLOR"), System.getenv("TERM"), locale());
        Terminal terminal = new Terminal(out, style, style.colours());
        if (options.evidence().isPresent()) {
            System.exit(verify(new EvidenceFiles(options.evidence().get()), terminal, err));
            return;
        }
        StopSwitch stop = StopSwitch.install(err);
        int exitCode;
        try {
            exitCode = new Demo(options, terminal, err).run(stop);
        } catch (KeycloakStartException e) {
            exitCode = stop.isStopping() ? FAILED : fail(err, e.getMessage() + hint(e, options));
        } catch (Options.UsageException e) {
            exitCode = usage(err, e);
        } catch (ApiProcess.StartException e) {
            exitCode = stop.isStopping() ? FAILED : fail(err, e.getMessage());
        } catch (RuntimeException e) {
            exitCode = stop.isStopping()
                    ? FAILED
                    : fail(err, e.toString().lines().findFirst().orElse("unknown error"));
        }
        stop.exit(exitCode);
    }

    /** What an auditor does: each file has to prove its message by itself. */
    private static int verify(EvidenceFiles evidence, Terminal terminal, PrintStream err) {
        Style style = terminal.style();
        List<EvidenceFiles.Verified> files = evidence.verify();
        for (EvidenceFiles.Verified file : files) {
            terminal.line(" " + (file.passed() ? style.tick() : style.cross()) + " " + file.what());
            terminal.line("      " + style.dim(file.file().toString()));
            if (!file.signer().isEmpty()) {
                terminal.line("      " + style.dim("key " + file.signer()));
            }
            if (!file.passed()) {
                terminal.line("      " + style.bad("refused: " + file.problem()));
            }
        }
        if (files.isEmpty()) {
            return fail(err, "no evidence in " + evidence.folder());
        }
        long refused = files.stream().filter(file -> !file.passed()).count();
        terminal.line(style.dim(
                "   Compare the keys with those that client and API registered; a file only says which key it was."));
        return refused == 0 ? OK : fail(err, refused + " of " + files.size() + " files are no evidence");
    }

    private static int usage(PrintStream err, Options.UsageException e) {
        err.println("demo: " + e.getMessage() + " (--help shows what there is)");
        return USAGE;
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
        Stage.Place place = new Stage.Place(
                Path.of(System.getProperty("demo.target")),
                Path.of(System.getProperty("demo.repository")),
                options.port(),
                terminal);
        Optional<EcosystemSample> sample = options.ecosystem().map(name -> sample(place, name));
        terminal.line();
        terminal.line(" " + style.bold("FAPI Pack for Keycloak") + " " + versions.pack()
                + style.dim("   on a stock Keycloak " + versions.keycloak()));
        terminal.line();
        return sample.map(ecosystem -> consents(place, ecosystem, stop)).orElseGet(() -> messageSigning(place, stop));
    }

    private static EcosystemSample sample(Stage.Place place, String name) {
        List<String> known = EcosystemSample.namesIn(place.templates());
        if (!known.contains(name)) {
            throw new Options.UsageException("unknown ecosystem " + name + "; there are " + String.join(", ", known));
        }
        return EcosystemSample.in(place.templates(), name);
    }

    private int messageSigning(Stage.Place place, StopSwitch stop) {
        long start = System.nanoTime();
        EvidenceFiles evidence = EvidenceFiles.startedAt(place.work().resolve("evidence"));
        try (Stage<Sandbox> stage = Stage.set(
                place,
                MESSAGE_SIGNING,
                CUSTOMER,
                (keycloak, admin, pki, password) ->
                        Sandbox.createIn(MESSAGE_SIGNING, keycloak, admin, pki, CUSTOMER, password),
                sandbox -> new Stage.ApiSettings(
                        sandbox.resourceServerKey(),
                        sandbox.resourceServerKey().algorithm().getName(),
                        Optional.of(evidence.requests())))) {
            stop.closes(stage);
            return end(
                    stage,
                    stop,
                    flows(stage, evidence, since(start)),
                    stage.keycloak().issuer(MESSAGE_SIGNING) + "/account/");
        }
    }

    /** Who is there in an ecosystem, and the client's own pages if a person decides. */
    private record Parties(EcosystemSandbox sandbox, Optional<ClientSite> site) {}

    private int consents(Stage.Place place, EcosystemSample sample, StopSwitch stop) {
        long start = System.nanoTime();
        try (Stage<Parties> stage = Stage.set(
                place,
                sample.name(),
                sample.customer(),
                (keycloak, admin, pki, password) -> {
                    Optional<ClientSite> site = options.once() ? Optional.empty() : Optional.of(ClientSite.open(pki));
                    return new Parties(
                            EcosystemSandbox.createIn(
                                    sample.name(),
                                    sample,
                                    keycloak,
                                    admin,
                                    pki,
                                    site.map(ClientSite::redirectUri).orElse(Sandbox.REDIRECT_URI),
                                    password),
                            site);
                },
                parties -> new Stage.ApiSettings(
                        parties.sandbox().resourceServerKey(), AccountsApi.UNSIGNED, Optional.empty()))) {
            stop.closes(stage);
            if (!options.once()) {
                stop.mayExitWith(FAILED);
            }
            return end(
                    stage,
                    stop,
                    consentFlow(stage, sample, since(start)),
                    stage.parties().sandbox().customersPage().toString());
        }
    }

    private List<String> consentFlow(Stage<Parties> stage, EcosystemSample sample, Duration setUp) {
        EcosystemSandbox sandbox = stage.parties().sandbox();
        ConsentWalkthrough.Decision decision = stage.parties()
                .site()
                .map(site -> ConsentWalkthrough.by(
                        site, () -> invite(site, stage), () -> stage.keycloak().isRunning()))
                .orElseGet(() -> ConsentWalkthrough.scripted(
                        sandbox.browser(), stage.customer(), sample.accounts().get(0)));
        headline(sample.name(), "client " + EcosystemSandbox.CLIENT + ", customer " + sample.customer());
        Summary.Column column = new Summary.Column(
                sample.name(), new ConsentWalkthrough(sandbox, stage.api(), decision, style).run(this::tell));
        new Summary(List.of(ConsentStep.values()), List.of(column), setUp)
                .lines(style)
                .forEach(terminal::line);
        return column.problems();
    }

    private void invite(ClientSite site, Stage<Parties> stage) {
        terminal.line();
        terminal.line(" " + style.bold("Open this in a browser, sign in, choose an account and decide:"));
        terminal.line();
        row("The app", site.address().toString(), "");
        row("Customer", stage.customer().name() + " / " + stage.customer().password(), "");
        terminal.line();
        certificates(stage);
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /** After the flows: the exit code, or nothing but Ctrl-C ends it. */
    private int end(Stage<?> stage, StopSwitch stop, List<String> problems, String customersPage) {
        int exitCode = problems.isEmpty() ? OK : FAILED;
        problems.forEach(problem -> err.println("demo: " + problem));
        if (options.once()) {
            return exitCode;
        }
        stop.mayExitWith(exitCode);
        invite(stage, customersPage);
        awaitEnd(stage, stop);
        return FAILED;
    }

    /** Runs everything and gives one line for each thing that went wrong. */
    private List<String> flows(Stage<Sandbox> stage, EvidenceFiles evidence, Duration setUp) {
        Sandbox sandbox = stage.parties();
        FapiClient dpopClient = sandbox.dpopClient().build();
        FapiClient mtlsClient = sandbox.mtlsClient().build();
        List<Summary.Column> columns = new ArrayList<>();
        columns.add(flow(
                "DPoP",
                "client " + Sandbox.DPOP_CLIENT + ", tokens bound to a key (RFC 9449), PS256",
                dpopClient,
                sandbox.dpopClient()
                        .bindsTokensTo(SigningKey.generate(
                                dpopClient.dpopKey().orElseThrow().algorithm()))
                        .build(),
                evidence,
                stage));
        columns.add(flow(
                "mTLS",
                "client " + Sandbox.MTLS_CLIENT + ", tokens bound to a certificate (RFC 8705), ES256",
                mtlsClient,
                sandbox.mtlsClient()
                        .bindsTokensTo(TestPki.selfSigned("CN=somebody else"))
                        .build(),
                evidence,
                stage));
        List<String> problems = new ArrayList<>();
        columns.forEach(column -> problems.addAll(column.problems()));
        if (problems.isEmpty()) {
            problems.addAll(refusals(dpopClient, evidence, stage));
        }
        new Summary(List.of(MessageSigningStep.values()), columns, setUp)
                .lines(style)
                .forEach(terminal::line);
        return problems;
    }

    private Summary.Column flow(
            String name,
            String who,
            FapiClient client,
            FapiClient thief,
            EvidenceFiles evidence,
            Stage<Sandbox> stage) {
        headline(name, who);
        List<StepResult> results = new Walkthrough(
                        client, thief, stage.parties().browser(), stage.api(), evidence, stage.customer(), style)
                .run(this::tell);
        return new Summary.Column(name, results);
    }

    private void headline(String name, String text) {
        terminal.line();
        int rest = Terminal.LINE_WIDTH - name.length() - text.length() - 6;
        terminal.line(" " + style.head(style.line(2) + " " + name) + "  " + text + " "
                + style.head(style.line(Math.max(2, rest))));
    }

    private void tell(Steps.Told told) {
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

    private List<String> refusals(FapiClient client, EvidenceFiles evidence, Stage<Sandbox> stage) {
        headline("Refused", "what must not work");
        terminal.line();
        List<Refusals.Refusal> refusals =
                new ArrayList<>(new Refusals(client, stage.parties()::browser, stage.customer()).attemptAll());
        refusals.addAll(new MessageRefusals(client, stage.api(), evidence, stage.parties()::browser, stage.customer())
                .attemptAll());
        for (Refusals.Refusal refusal : refusals) {
            terminal.line(" " + (refusal.refused() ? style.tick() : style.cross()) + " "
                    + String.format("%-44s", refusal.attempt()) + style.dim(refusal.answer()));
        }
        return refusals.stream()
                .filter(refusal -> !refusal.refused())
                .map(refusal -> refusal.attempt() + " was not refused as it should be: " + refusal.answer())
                .toList();
    }

    private void invite(Stage<?> stage, String customersPage) {
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
                "Customer's page",
                customersPage,
                stage.customer().name() + " / " + stage.customer().password());
        row("Discovery", base + "/realms/" + stage.realm() + "/.well-known/openid-configuration", "");
        row("Account API", stage.api().accounts().toString(), "");
        row("Server log", stage.keycloak().logFile().toString(), "");
        row("API log", stage.api().logFile().toString(), "");
        terminal.line();
        certificates(stage);
    }

    private void certificates(Stage<?> stage) {
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
    private void awaitEnd(Stage<?> stage, StopSwitch stop) {
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
