package org.fapipack.httpsignatures.kit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.ResponseVerifier;
import org.fapipack.httpsignatures.Verification;
import org.fapipack.httpsignatures.VerificationPolicy;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;

/** The program behind {@code providers/http-signatures-kit/run}. */
public final class Kit {

    private static final int FAILED = 1;
    private static final int USAGE = 2;

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final Options options;
    private final Clock clock;
    private final HttpClient http;
    private final Optional<Dpop> dpop;

    Kit(Options options, Clock clock) {
        this.options = options;
        this.clock = clock;
        HttpClient.Builder client = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(TIMEOUT);
        if (options.authority().isPresent() || options.certificate().isPresent()) {
            client.sslContext(tls(options));
        }
        this.http = client.build();
        this.dpop = options.dpopKey().map(Dpop::new);
    }

    public static void main(String[] arguments) {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, UTF_8);
        System.exit(run(arguments, Clock.systemUTC(), out, err));
    }

    /** The exit code: 0 when the server did all right, 1 when not or when it cannot be reached, 2 for a wrong command line. */
    static int run(String[] arguments, Clock clock, PrintStream out, PrintStream err) {
        if (List.of(arguments).contains("--help") || List.of(arguments).contains("-h")) {
            out.print(help());
            return 0;
        }
        try {
            Options options = Options.parse(arguments);
            Report report = new Kit(options, clock).report();
            out.print(report.table());
            Files.writeString(options.report(), report.json());
            out.println("report: " + options.report().toAbsolutePath());
            return report.passed() ? 0 : FAILED;
        } catch (Options.UsageException wrong) {
            err.println("http-signatures-kit: " + wrong.getMessage() + " (--help shows what there is)");
            return USAGE;
        } catch (UncheckedIOException unreachable) {
            err.println("http-signatures-kit: " + unreachable.getMessage());
            return FAILED;
        } catch (IOException unwritable) {
            err.println("http-signatures-kit: the report cannot be written: " + unwritable.getMessage());
            return FAILED;
        }
    }

    private Report report() {
        List<Report.Line> lines = new ArrayList<>();
        if (dpop.isPresent()) {
            learnNonce();
        }
        lines.add(accepted("signed-well", good()));
        lines.add(accepted("signed-well-with-more-covered", covering()));
        // The time of each: a slow server must not make the later ones too old.
        for (String defect : Defects.of(good(), options.key(), clock.instant()).keySet()) {
            lines.add(refused(
                    defect, Defects.of(good(), options.key(), clock.instant()).get(defect)));
        }
        lines.add(accepted("signed-well-after-all", good()));
        return new Report(options.url().toString(), clock.instant().toString(), lines);
    }

    /** Some servers want a nonce of theirs in each proof; a request that fails for that tells nothing of its signature. */
    private void learnNonce() {
        RequestDraft first = good();
        send(first, first.signed(options.key(), clock.instant()));
    }

    private RequestDraft good() {
        RequestDraft request = RequestDraft.of(options.method(), options.url().toString())
                .header("Authorization", (dpop.isPresent() ? "DPoP " : "Bearer ") + options.token());
        if (dpop.isPresent()) {
            request = request.header(
                    "DPoP", dpop.get().proof(options.method(), options.url(), options.token(), clock.instant()));
        }
        return options.body().length == 0
                ? request
                : request.header("Content-Type", options.contentType()).body(options.body());
    }

    private RequestDraft covering() {
        RequestDraft request = good().header("X-Fapi-Interaction-Id", "c770aef3-6784-41f7-8e0e-ff5f97bddb3a");
        List<String> more = request.demanded();
        more.add("\"x-fapi-interaction-id\"");
        return request.covering(more);
    }

    private Report.Line accepted(String name, RequestDraft request) {
        List<Map.Entry<String, String>> lines = request.signed(options.key(), clock.instant());
        HttpResponse<byte[]> answer = send(request, lines);
        boolean wanted = answer.statusCode() >= 200 && answer.statusCode() < 300;
        String found = Integer.toString(answer.statusCode());
        String expected = "2xx";
        if (options.serverKeys().isPresent()) {
            expected += ", signed answer";
            Verification verification = verify(request, lines, answer);
            if (verification instanceof Verification.Refused refused) {
                wanted = false;
                found += ", answer: " + refused.reason().code();
            } else {
                found += ", signed answer";
            }
        }
        return new Report.Line(name, expected, found, wanted);
    }

    private Report.Line refused(String name, Defects.Attempt attempt) {
        HttpResponse<byte[]> answer = send(attempt.request(), attempt.lines());
        boolean challenged = answer.headers().firstValue("www-authenticate").isPresent();
        String found = answer.statusCode() + (challenged ? ", challenge" : "");
        return new Report.Line(name, "401, challenge", found, answer.statusCode() == 401 && challenged);
    }

    private Verification verify(
            RequestDraft sent, List<Map.Entry<String, String>> lines, HttpResponse<byte[]> received) {
        HttpMessage.Builder request = HttpMessage.request(sent.method(), sent.targetUri());
        lines.forEach(line -> request.field(line.getKey(), line.getValue()));
        HttpMessage.Builder response = HttpMessage.response(
                received.statusCode(), request.content(sent.body()).build());
        received.headers().map().forEach((name, values) -> values.forEach(value -> response.field(name, value)));
        return new ResponseVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), clock)
                .verify(
                        response.content(received.body()).build(),
                        options.serverKeys().orElseThrow());
    }

    private HttpResponse<byte[]> send(RequestDraft draft, List<Map.Entry<String, String>> lines) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address())
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(TIMEOUT)
                .method(
                        draft.method(),
                        draft.body().length == 0
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(draft.body()));
        lines.forEach(line -> request.header(line.getKey(), line.getValue()));
        try {
            HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            dpop.ifPresent(proofs -> answer.headers().firstValue("dpop-nonce").ifPresent(proofs::nonce));
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(address() + " cannot be reached: " + e, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UncheckedIOException(new IOException("interrupted"));
        }
    }

    private URI address() {
        URI url = options.url();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return options.connectTo()
                .map(other -> URI.create(other + url.getRawPath() + query))
                .orElse(url);
    }

    private static SSLContext tls(Options options) {
        try {
            TrustManagerFactory trust = null;
            if (options.authority().isPresent()) {
                trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                trust.init(authorities(options.authority().get()));
            }
            KeyManagerFactory keys = null;
            if (options.certificate().isPresent()) {
                char[] password = options.certificate().get().password().toCharArray();
                keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
                keys.init(
                        KeyStore.getInstance(options.certificate().get().file().toFile(), password), password);
            }
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    keys == null ? null : keys.getKeyManagers(), trust == null ? null : trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new Options.UsageException(
                    "--ca or --client-p12 cannot be used: no certificates, or another password");
        }
    }

    private static KeyStore authorities(Path file) throws IOException, GeneralSecurityException {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        try (InputStream pem = Files.newInputStream(file)) {
            int number = 0;
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                trusted.setCertificateEntry("ca-" + number++, certificate);
            }
        }
        return trusted;
    }

    private static String help() {
        try (InputStream text = Kit.class.getResourceAsStream("help.txt")) {
            return new String(text.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
