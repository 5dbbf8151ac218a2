package org.fapipack.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JWSAlgorithm;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.fapipack.testkit.client.RandomText;
import org.fapipack.testkit.server.Administrator;
import org.fapipack.testkit.server.ChildProcesses;
import org.fapipack.testkit.server.Database;
import org.fapipack.testkit.server.DistributionKeycloak;
import org.fapipack.testkit.server.JvmFlags;
import org.fapipack.testkit.server.KeycloakStartException;
import org.fapipack.testkit.server.PostgresServer;
import org.fapipack.testkit.server.Versions;
import org.fapipack.testkit.tls.TestPki;

/** The program behind {@code providers/bench/run}. */
public final class Benchmark {

    private static final int FAILED = 1;
    private static final int USAGE = 2;

    /** The whole run, servers included; whatever hangs is ended then. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    /** Kept free at the end of the limit for the tables and for stopping the servers. */
    private static final Duration RESERVE = Duration.ofSeconds(15);

    /** Slices of the warm-up of both servers; they take turns. */
    private static final int WARM_UP_SLICES = 3;

    /** Part of the warm-up that each further variant gets: it shares most of its code with the plain one, which is warm by then. */
    private static final int WARM_UP_SHARE = 4;

    /** Part of the warm-up that each variant of code flows and client credentials gets, which exercise a server in different ways. */
    private static final int FLOW_WARM_UP_SHARE = 2;

    /** How long a server may take to stop. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** How many consents are in the table, one after the other. */
    private static final List<Integer> CONSENTS = List.of(10, 100_000, 1_000_000);

    private static final int ADMIN_PASSWORD_OCTETS = 12;

    private final Options options;
    private final Path target;
    private final Path clientPolicies;
    private final PrintStream out;
    private final Deadline deadline = Deadline.in(LIMIT.minus(RESERVE));
    private final TestPki pki;
    private final List<String> report = new ArrayList<>();

    private Benchmark(Options options, Path target, Path clientPolicies, PrintStream out) {
        this.options = options;
        this.target = target;
        this.clientPolicies = clientPolicies;
        this.out = out;
        this.pki = TestPki.in(target.resolve("bench/tls"));
    }

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);
        Options options;
        try {
            options = Options.parse(arguments);
        } catch (Options.UsageException e) {
            err.println("bench: " + e.getMessage() + " (--help shows what there is)");
            System.exit(USAGE);
            return;
        }
        if (options.help()) {
            out.print(new String(resource("help.txt"), UTF_8));
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ChildProcesses.end(PATIENCE), "end-children"));
        endAfterLimit(err);
        try {
            new Benchmark(
                            options,
                            Path.of(System.getProperty("bench.target")),
                            Path.of(System.getProperty("bench.client-policies")),
                            out)
                    .run();
        } catch (Options.UsageException e) {
            err.println("bench: " + e.getMessage());
            System.exit(USAGE);
        } catch (WrongAnswer | KeycloakStartException | TooBusy e) {
            err.println("bench: " + e.getMessage());
            System.exit(FAILED);
        } catch (RuntimeException e) {
            err.println("bench: " + e);
            System.exit(FAILED);
        }
        // Selector threads of the HTTP clients would keep the process alive for a while.
        System.exit(0);
    }

    private static void endAfterLimit(PrintStream err) {
        Thread watchdog = new Thread(
                () -> {
                    try {
                        Thread.sleep(LIMIT.toMillis());
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        return;
                    }
                    err.println("bench: not finished after " + LIMIT.toMinutes() + " minutes");
                    System.exit(FAILED);
                },
                "limit");
        watchdog.setDaemon(true);
        watchdog.start();
    }

    private void run() {
        Path jar = theOne(target.resolve("provider"), "fapi-pack-for-keycloak-", ".jar");
        if (!options.without().isEmpty()) {
            try (MeasuredKeycloak keycloak = start("two", 2, jar);
                    Laboratory laboratory = new Laboratory(options.threads(), List.of(keycloak))) {
                say("making realms");
                flows("The pack's profile without one executor", flowVariants().leavingOut(keycloak), laboratory);
            }
            return;
        }
        if (options.workload() == Workload.CONSENTS) {
            consents(jar);
            return;
        }
        Path[] providers = options.control() ? new Path[0] : new Path[] {jar};
        try (MeasuredKeycloak one = start("one", 0);
                MeasuredKeycloak two = start("two", 2, providers);
                Laboratory laboratory = new Laboratory(options.threads(), List.of(one, two))) {
            say("making realms");
            switch (options.workload()) {
                case INTROSPECTION -> introspection(one, two, laboratory);
                case FLOW -> flows("Code flow", flowVariants().beside(one, two), laboratory);
                case CLIENT_CREDENTIALS ->
                    flows("Client credentials", flowVariants().beside(one, two), laboratory);
                case CONSENTS -> throw new IllegalStateException("has a server of its own");
            }
        }
    }

    /** One server and one database: there is nothing to take turns with, for the table only grows. */
    private void consents(Path jar) {
        say("starting PostgreSQL");
        PostgresServer database = PostgresServer.running();
        try (MeasuredKeycloak keycloak = start("two", 2, database.database(), jar);
                Laboratory laboratory = new Laboratory(options.threads(), List.of(keycloak))) {
            say("making a realm");
            ConsentBenchRealm realm = ConsentBenchRealm.create(keycloak, pki, database);
            realm.fillUpTo(CONSENTS.get(0));
            List<Variant> variants = realm.variants(options.threads());
            for (Variant variant : variants) {
                warmUp(variant, options.warmUp().dividedBy(variants.size()), laboratory);
            }
            List<Rounds> measured = new ArrayList<>();
            for (int count : CONSENTS) {
                say("filling up to " + count + " consents");
                realm.fillUpTo(count);
                measured.add(measure(variants, laboratory));
            }
            publish(conditions());
            List<String> lines = heading("Consents on PostgreSQL", measured.get(0));
            lines.addAll(ResultTable.growth(measured, CONSENTS));
            lines.addAll(
                    List.of("", "| Looked up among " + CONSENTS.get(CONSENTS.size() - 1) + " | How |", "|---|---|"));
            lines.addAll(realm.plans());
            publish(lines);
            say("results are also in " + result());
        }
    }

    private void introspection(MeasuredKeycloak one, MeasuredKeycloak two, Laboratory laboratory) {
        Variant stock = BenchRealm.withoutPolicy("stock, JSON", one, pki, options.privateKeyJwt());
        Variant plain = BenchRealm.withoutPolicy(
                options.control() ? "stock again, JSON" : "JAR, JSON", two, pki, options.privateKeyJwt());
        publish(conditions());
        publish(section(
                "Part 1: a realm that opted into nothing", plainOnly(stock, plain, laboratory), List.of(stock)));
        if (!options.control() && !options.plainOnly()) {
            publish(section(
                    "Part 2: a realm with the policy, on a server that serves it",
                    all(stock, plain, two, laboratory),
                    List.of(stock, plain)));
        }
        say("results are also in " + result());
    }

    private FlowVariants flowVariants() {
        return new FlowVariants(options, clientPolicies, pki);
    }

    private void flows(String title, Comparison comparison, Laboratory laboratory) {
        publish(conditions());
        List<Variant> variants = comparison.variants();
        for (Variant variant : variants) {
            warmUp(variant, options.warmUp().dividedBy(FLOW_WARM_UP_SHARE), laboratory);
        }
        Rounds rounds = measure(variants, laboratory);
        List<String> lines = heading(title, rounds);
        String unit = options.workload().unit();
        lines.addAll(ResultTable.absolute(rounds, unit));
        lines.add("");
        lines.addAll(ResultTable.beside(rounds, comparison.baselines(), unit));
        publish(lines);
        say("results are also in " + result());
    }

    /** Both servers see the same load. */
    private Rounds plainOnly(Variant stock, Variant plain, Laboratory laboratory) {
        for (int slice = 0; slice < WARM_UP_SLICES; slice++) {
            for (Variant variant : List.of(stock, plain)) {
                warmUp(variant, options.warmUp().dividedBy(WARM_UP_SLICES), laboratory);
            }
        }
        return measure(List.of(stock, plain), laboratory);
    }

    private Rounds all(Variant stock, Variant plain, MeasuredKeycloak keycloak, Laboratory laboratory) {
        say("making realms");
        List<Variant> ours = List.of(
                BenchRealm.plain("policy, JSON", keycloak, pki, options.privateKeyJwt()),
                BenchRealm.signed("policy, PS256", keycloak, pki, options.privateKeyJwt(), JWSAlgorithm.PS256),
                BenchRealm.signed("policy, ES256", keycloak, pki, options.privateKeyJwt(), JWSAlgorithm.ES256),
                BenchRealm.signed("policy, EdDSA", keycloak, pki, options.privateKeyJwt(), JWSAlgorithm.EdDSA));
        for (Variant variant : ours) {
            warmUp(variant, options.warmUp().dividedBy(WARM_UP_SHARE), laboratory);
        }
        List<Variant> variants = new ArrayList<>(List.of(stock, plain));
        variants.addAll(ours);
        return measure(variants, laboratory);
    }

    private Rounds measure(List<Variant> variants, Laboratory laboratory) {
        return Rounds.measure(variants, options.rounds(), options.window(), laboratory, deadline, this::say);
    }

    private void warmUp(Variant variant, Duration duration, Laboratory laboratory) {
        say("warming up: " + variant.label() + ", " + duration.toSeconds() + " s");
        laboratory.warmUp(variant, duration);
    }

    private MeasuredKeycloak start(String name, int portOffset, Path... providers) {
        return start(name, portOffset, Database.inMemory(), providers);
    }

    private MeasuredKeycloak start(String name, int portOffset, Database database, Path... providers) {
        DistributionKeycloak.Builder builder = DistributionKeycloak.in(theOne(target.resolve(name), "keycloak-", ""))
                .name(name)
                .database(database)
                .providers(providers)
                .tls(pki)
                .jvmFlags(JvmFlags.DEFAULT)
                .administrator(new Administrator("admin", RandomText.ofOctets(ADMIN_PASSWORD_OCTETS)))
                .logFolder(target.resolve("bench"))
                .onProgress(step -> say(name + ": " + step));
        if (options.port() > 0) {
            builder.httpsPort(options.port() + portOffset).managementPort(options.port() + portOffset + 1);
        }
        if (options.flightRecording()) {
            Path recording = target.resolve("bench/" + name + ".jfr");
            builder.javaOption("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + recording);
        }
        return MeasuredKeycloak.start(builder::start, pki);
    }

    private List<String> conditions() {
        Versions versions = Versions.ofThisBuild();
        return List.of(
                "FAPI Pack " + versions.pack() + " on Keycloak " + versions.keycloak() + ", "
                        + LocalDate.now(ZoneOffset.UTC),
                "Machine: " + Runtime.getRuntime().availableProcessors() + " processors, "
                        + System.getProperty("os.name") + " " + System.getProperty("os.arch") + "; Java "
                        + Runtime.version() + " (" + System.getProperty("java.vendor") + ")",
                "Load: " + options.threads() + " threads, "
                        + authentication()
                        + ", windows of "
                        + options.window().toSeconds() + " s, warm-up "
                        + options.warmUp().toSeconds() + " s for each "
                        + (options.workload() == Workload.INTROSPECTION ? "server" : "two variants"));
    }

    private String authentication() {
        return options.workload() != Workload.INTROSPECTION || options.privateKeyJwt()
                ? "private_key_jwt (ES256)"
                : "client_secret_basic";
    }

    private static List<String> section(String title, Rounds rounds, List<Variant> baselines) {
        List<String> lines = heading(title, rounds);
        lines.addAll(ResultTable.absolute(rounds, Workload.INTROSPECTION.unit()));
        lines.add("");
        lines.addAll(ResultTable.ratios(rounds, baselines));
        return lines;
    }

    private static List<String> heading(String title, Rounds rounds) {
        return new ArrayList<>(List.of(
                "### " + title,
                "",
                rounds.count() + " rounds; median (smallest-largest)"
                        + (rounds.others().isPresent()
                                ? "; others used "
                                        + Spread.number(100 * rounds.others().getAsDouble(), 0)
                                        + " % of the machine (median)"
                                : ""),
                ""));
    }

    /** Shows the lines and keeps them: what is measured is not lost when a later part fails. */
    private void publish(List<String> lines) {
        out.println();
        lines.forEach(out::println);
        out.println();
        report.addAll(lines);
        report.add("");
        try {
            Files.write(result(), report, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + result(), e);
        }
    }

    private Path result() {
        return target.resolve("bench/result.md");
    }

    private void say(String step) {
        Duration used = LIMIT.minus(RESERVE).minus(deadline.left());
        out.printf("%4d s  %s%n", used.toSeconds(), step);
    }

    private static Path theOne(Path folder, String prefix, String suffix) {
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> matching = entries.filter(
                            entry -> entry.getFileName().toString().startsWith(prefix))
                    .filter(entry -> entry.getFileName().toString().endsWith(suffix))
                    .filter(entry -> !entry.getFileName().toString().endsWith("-logs"))
                    .sorted()
                    .toList();
            if (matching.size() == 1) {
                return matching.get(0);
            }
            throw new KeycloakStartException(
                    "expected one " + prefix + "*" + suffix + " in " + folder + ", found " + matching.size());
        } catch (IOException e) {
            throw new KeycloakStartException("cannot read " + folder + ": run ./providers/bench/run", e);
        }
    }

    static byte[] resource(String name) {
        try (InputStream in = Benchmark.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
