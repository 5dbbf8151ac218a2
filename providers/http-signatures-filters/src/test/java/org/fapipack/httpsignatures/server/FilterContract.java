package org.fapipack.httpsignatures.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.fapipack.httpsignatures.Evidence;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.RequestVerifier;
import org.fapipack.httpsignatures.ResponseSigner;
import org.fapipack.httpsignatures.ResponseVerifier;
import org.fapipack.httpsignatures.Verification;
import org.fapipack.httpsignatures.VerificationKeys;
import org.fapipack.httpsignatures.VerificationPolicy;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;
import org.fapipack.httpsignatures.kit.PlainKey;
import org.fapipack.httpsignatures.kit.RequestDraft;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What both filters do, over real HTTP servers. Clients sign with a signer that shares no code with the library, for a public base URL that is not
 * the server's: a proxy with TLS and a prefix stands before it, so to speak.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class FilterContract {

    protected static final String PUBLIC_BASE_URL = "https://api.example/bank";
    protected static final int MAX_OCTETS = 4096;

    private static final byte[] PAYMENT = "{ \"amount\" : \"12.50\" }\n".getBytes(UTF_8);

    protected final TestClock clock = new TestClock();
    protected final AtomicInteger handled = new AtomicInteger();
    private final AtomicInteger fetched = new AtomicInteger();
    private final List<Evidence> kept = new ArrayList<>();
    private final PlainKey alice = PlainKey.generate("k1", "ES256");
    private final PlainKey bob = PlainKey.generate("k1", "EdDSA");
    private final PlainKey bank = PlainKey.generate("bank", "PS256");
    private final Map<String, List<PlainKey>> registered = new ConcurrentHashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

    private URI server;
    private URI serverThatIsOff;

    /** Starts a server behind whose filter the application of these tests runs; it counts in {@link #handled}. */
    protected abstract URI start(MessageGuard guard) throws Exception;

    /** Stops all. */
    protected abstract void stop() throws Exception;

    /** The client of a token that the "introspection" knows; the authorization's value is the token. */
    protected static Optional<String> client(String authorization) {
        return Optional.ofNullable(authorization)
                .map(value -> value.substring(value.indexOf(' ') + 1))
                .filter(token -> token.startsWith("token-of-"))
                .map(token -> token.substring("token-of-".length()));
    }

    @BeforeAll
    void startServers() throws Exception {
        ClientKeys source = clientId -> {
            fetched.incrementAndGet();
            if (clientId.equals("unreachable")) {
                throw new IOException("no answer from the server of the JWKS");
            }
            return VerificationKeys.ofJwks(registered.getOrDefault(clientId, List.of()).stream()
                    .map(PlainKey::jwk)
                    .toList());
        };
        MessageGuard.Builder settings = MessageGuard.at(PUBLIC_BASE_URL)
                .verifying(
                        new RequestVerifier(
                                VerificationPolicy.STRICT,
                                new JoseMessageVerifier(),
                                clock,
                                new InMemoryNonceStore(1000, clock)),
                        new CachedClientKeys(source, Duration.ofMinutes(5), Duration.ofSeconds(30), 100, clock))
                .signing(new ResponseSigner(new Signer(bank), clock))
                .maxRequestOctets(MAX_OCTETS)
                .maxResponseOctets(MAX_OCTETS)
                .keeping(proof -> {
                    synchronized (kept) {
                        kept.add(proof);
                    }
                });
        server = start(settings.build());
        serverThatIsOff = start(MessageGuard.at(PUBLIC_BASE_URL).mode(Mode.OFF).build());
    }

    @AfterAll
    void stopServers() throws Exception {
        stop();
    }

    @BeforeEach
    void registerClients() {
        registered.clear();
        registered.put("alice", List.of(alice));
        registered.put("bob", List.of(bob));
        clock.advance(Duration.ofMinutes(10));
        handled.set(0);
        fetched.set(0);
        kept.clear();
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /accounts, '', 200",
        "GET, /accounts, body, 200",
        "POST, /payments, body, 201",
        "POST, /payments, '', 201",
        "PUT, /payments, body, 200",
        "PUT, /payments, '', 200",
        "DELETE, /payments, '', 204",
        "DELETE, /payments, body, 204",
        "HEAD, /accounts, '', 200",
        "GET, /unchanged, '', 304",
        "GET, /forbidden, '', 403",
        "GET, /nowhere, '', 404",
        "GET, /fails, '', 500"
    })
    void aSignedRequestIsHandedOnAndItsAnswerIsSigned(String method, String path, String body, int status)
            throws Exception {
        RequestDraft request = draft(method, path, "alice").body(body.isEmpty() ? new byte[0] : PAYMENT);

        Answer answer = send(request, alice);

        assertThat(answer.status()).isEqualTo(status);
        assertSigned(answer);
        assertThat(kept).hasSize(1);
        if (method.equals("POST") || method.equals("PUT")) {
            assertThat(answer.body()).isEqualTo(request.body());
        }
    }

    @Test
    void anAnswersSignatureIsOneOfTheBareJdkToo() throws Exception {
        Answer answer = send(draft("GET", "/accounts", "alice"), alice);

        String input = answer.header("signature-input").substring("sig1=".length());
        StringBuilder base = new StringBuilder();
        for (String component : input.substring(1, input.indexOf(')')).split(" ", -1)) {
            base.append(component).append(": ").append(value(component, answer)).append('\n');
        }
        base.append("\"@signature-params\": ").append(input);
        String signature = answer.header("signature");
        var verifier = Signature.getInstance("RSASSA-PSS");
        verifier.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
        verifier.initVerify(bank.publicKey());
        verifier.update(base.toString().getBytes(UTF_8));
        assertThat(verifier.verify(
                        Base64.getDecoder().decode(signature.substring("sig1=:".length(), signature.length() - 1))))
                .isTrue();
        assertThat(answer.header("content-digest")).isEqualTo(RequestDraft.sha256(answer.body()));
    }

    @Test
    void chunkedContentArrivesAsItWasSent() throws Exception {
        byte[] body = "x".repeat(MAX_OCTETS).getBytes(UTF_8);
        RequestDraft request = draft("POST", "/payments", "alice").body(body);

        Answer answer = send(
                server,
                request,
                request.signed(alice, clock.instant()),
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)),
                HttpClient.Version.HTTP_1_1);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo(body);
        assertSigned(answer);
    }

    @Test
    void compressedContentIsDigestedAsItIsOnTheWire() throws Exception {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(PAYMENT);
        }
        Answer answer = send(
                draft("POST", "/payments", "alice")
                        .header("Content-Encoding", "gzip")
                        .header("Content-Type", "application/octet-stream")
                        .body(zipped.toByteArray()),
                alice);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body()).isEqualTo(decodes() ? PAYMENT : zipped.toByteArray());
        assertSigned(answer);
    }

    @Test
    void anAnswerThatTheApplicationCompressedIsSignedAsItIsOnTheWire() throws Exception {
        Answer answer = send(draft("GET", "/zipped", "alice").header("Accept-Encoding", "gzip"), alice);

        assertThat(answer.header("content-encoding")).isEqualTo("gzip");
        assertThat(answer.header("content-digest")).isEqualTo(RequestDraft.sha256(answer.body()));
        assertThat(new String(new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes(), UTF_8))
                .contains("balance");
        assertSigned(answer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/accounts?from=2026-01-01&to=", "/odd/a%20b+c/%c3%A9?q=a+b%20c&d=%2f&e"})
    void theTargetUriIsComparedOctetByOctet(String requestTarget) throws Exception {
        assertThat(send(draft("GET", requestTarget, "alice"), alice).status()).isIn(200, 404);
        assertRefused(
                send(
                        draft("GET", requestTarget, "alice").signedTargetUri(PUBLIC_BASE_URL + requestTarget + "x"),
                        alice),
                "signature_invalid");
    }

    @Test
    void forwardedHeadersDoNotCount() throws Exception {
        RequestDraft request = draft("GET", "/accounts", "alice")
                .header("X-Forwarded-Host", "other.example")
                .header("X-Forwarded-Proto", "http")
                .header("X-Forwarded-Prefix", "/other")
                .header("Forwarded", "host=other.example;proto=http");

        assertThat(send(request, alice).status()).isEqualTo(200);
        assertRefused(send(request.signedTargetUri("http://other.example/other/accounts"), alice), "signature_invalid");
    }

    @Test
    void anUnsignedRequestIsRefusedWithAChallengeAndAWish() throws Exception {
        RequestDraft request = draft("POST", "/payments", "alice").body(PAYMENT);

        Answer answer = send(server, request, List.of(Map.entry("Authorization", "Bearer token-of-alice")));

        assertRefused(answer, "signature_missing");
        assertThat(answer.header("www-authenticate"))
                .isEqualTo("Bearer error=\"invalid_request\", error_description=\"signature_missing\"");
        assertThat(answer.header("accept-signature"))
                .isEqualTo(
                        "sig1=(\"@method\" \"@target-uri\" \"authorization\" \"content-digest\");created;tag=\"fapi-2-request\"");
        assertThat(answer.header("cache-control")).isEqualTo("no-store");
        assertThat(new String(answer.body(), UTF_8))
                .isEqualTo("{\"error\":\"invalid_request\",\"error_description\":\"signature_missing\"}");
    }

    @Test
    void theChallengeOfADpopTokenIsOneForDpop() throws Exception {
        RequestDraft request = RequestDraft.of("GET", PUBLIC_BASE_URL + "/accounts");

        Answer answer = send(server, request, List.of(Map.entry("Authorization", "DPoP token-of-alice")));

        assertRefused(answer, "signature_missing");
        assertThat(answer.header("www-authenticate")).startsWith("DPoP error=");
        assertThat(answer.header("accept-signature"))
                .isEqualTo(
                        "sig1=(\"@method\" \"@target-uri\" \"authorization\" \"dpop\");created;tag=\"fapi-2-request\"");
    }

    @Test
    void changedContentIsRefused() throws Exception {
        RequestDraft request = draft("POST", "/payments", "alice").body(PAYMENT);
        var lines = request.signed(alice, clock.instant());

        Answer answer = send(
                server,
                request,
                lines,
                BodyPublishers.ofString("{ \"amount\" : \"99.50\" }\n"),
                HttpClient.Version.HTTP_1_1);

        assertRefused(answer, "signature_invalid");
        assertThat(send(server, request, lines).status())
                .as("the rightful owner")
                .isEqualTo(201);
    }

    @Test
    void contentThatWasAddedIsRefused() throws Exception {
        RequestDraft request = draft("DELETE", "/payments", "alice");

        assertRefused(
                send(
                        server,
                        request,
                        request.signed(alice, clock.instant()),
                        BodyPublishers.ofByteArray(PAYMENT),
                        HttpClient.Version.HTTP_1_1),
                "signature_invalid");
    }

    @Test
    void twoLinesOfAuthorizationAreABadRequest() throws Exception {
        RequestDraft request = draft("GET", "/accounts", "alice").header("Authorization", "Bearer token-of-bob");

        Answer answer = send(request, alice);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(new String(answer.body(), UTF_8)).contains("authorization_ambiguous");
        assertThat(handled).hasValue(0);
    }

    @Test
    void aTokenThatIsNotGoodIsRefused() throws Exception {
        Answer answer = send(
                RequestDraft.of("GET", PUBLIC_BASE_URL + "/accounts").header("Authorization", "Bearer stolen"), alice);

        assertRefused(answer, "invalid_token");
    }

    @ParameterizedTest
    @CsvSource({"-70, 200", "-71, 401", "10, 200", "11, 401", "70, 401"})
    void theClientsClockMayDifferThatMuch(int seconds, int status) throws Exception {
        RequestDraft request = draft("GET", "/accounts", "alice");

        assertThat(send(server, request, request.signed(alice, clock.instant().plusSeconds(seconds)))
                        .status())
                .isEqualTo(status);
    }

    @Test
    void aNewDpopProofNeedsANewSignature() throws Exception {
        RequestDraft first = RequestDraft.of("GET", PUBLIC_BASE_URL + "/accounts")
                .header("Authorization", "DPoP token-of-alice")
                .header("DPoP", "eyJ.proof-without-nonce.c2ln");
        RequestDraft retry = RequestDraft.of("GET", PUBLIC_BASE_URL + "/accounts")
                .header("Authorization", "DPoP token-of-alice")
                .header("DPoP", "eyJ.proof-with-nonce.c2ln");
        var newProofWithOldSignature = new ArrayList<>(first.signed(alice, clock.instant()));
        newProofWithOldSignature.replaceAll(
                line -> line.getKey().equals("DPoP") ? Map.entry("DPoP", "eyJ.proof-with-nonce.c2ln") : line);

        assertThat(send(first, alice).status()).isEqualTo(200);
        assertRefused(send(server, retry, newProofWithOldSignature), "signature_invalid");
        assertThat(send(retry, alice).status()).isEqualTo(200);
    }

    @Test
    void aKeyOfAnotherClientWithTheSameNameDoesNotCount() throws Exception {
        assertRefused(send(draft("GET", "/accounts", "alice"), bob), "signature_invalid");
        assertRefused(send(draft("GET", "/accounts", "bob"), alice), "signature_invalid");
        assertThat(send(draft("GET", "/accounts", "bob"), bob).status()).isEqualTo(200);
    }

    @Test
    void aNewKeyIsFoundByOneFetchAndUnknownOnesDoNotCauseMore() throws Exception {
        assertThat(send(draft("GET", "/accounts", "alice"), alice).status()).isEqualTo(200);
        PlainKey next = PlainKey.generate("k2", "ES256");
        registered.put("alice", List.of(alice, next));
        clock.advance(Duration.ofSeconds(30));

        assertThat(send(draft("GET", "/accounts", "alice"), next).status()).isEqualTo(200);
        assertThat(fetched).hasValue(2);

        for (int i = 0; i < 5; i++) {
            assertRefused(send(draft("GET", "/accounts", "alice"), next.named("unknown-" + i)), "signature_invalid");
        }
        assertThat(fetched).hasValue(2);
    }

    @Test
    void keysThatCannotBeFetchedAreNoFaultOfTheClient() throws Exception {
        Answer answer = send(draft("GET", "/accounts", "unreachable"), alice);

        assertThat(answer.status()).isEqualTo(503);
        assertThat(handled).hasValue(0);
    }

    /** Content above the limit would be answered with 413 when it is read. */
    @Test
    void contentIsNotReadBeforeThereIsAGoodToken() throws Exception {
        byte[] body = "x".repeat(MAX_OCTETS + 1).getBytes(UTF_8);
        RequestDraft request = RequestDraft.of("POST", PUBLIC_BASE_URL + "/payments")
                .header("Authorization", "Bearer stolen")
                .body(body);

        Answer answer = send(
                server,
                request,
                request.signed(alice, clock.instant()),
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)),
                HttpClient.Version.HTTP_1_1);

        assertRefused(answer, "invalid_token");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void contentAboveTheLimitIsRefused(boolean chunked) throws Exception {
        byte[] body = "x".repeat(MAX_OCTETS + 1).getBytes(UTF_8);
        RequestDraft request = draft("POST", "/payments", "alice").body(body);

        Answer answer = send(
                server,
                request,
                request.signed(alice, clock.instant()),
                chunked
                        ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
                        : BodyPublishers.ofByteArray(body),
                HttpClient.Version.HTTP_1_1);

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.headers()).doesNotContainKey("signature");
        assertThat(handled).hasValue(0);
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain; charset=no-such-charset",
        "application/x-www-form-urlencoded;charset=no-such-charset",
        "application/x-www-form-urlencoded; charset=%",
        "'application/json; Charset = \"x\"'"
    })
    void contentInACharsetThatNobodyKnowsIsRefused(String type) throws Exception {
        Answer answer = send(
                draft("POST", "/payments", "alice").header("Content-Type", type).body(PAYMENT), alice);

        assertThat(answer.status()).isEqualTo(415);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(new String(answer.body(), UTF_8))
                .isEqualTo("{\"error\":\"invalid_request\",\"error_description\":\"charset_unknown\"}");
        assertThat(answer.headers()).doesNotContainKey("signature");
        assertThat(handled).hasValue(0);
        assertThat(kept).isEmpty();
    }

    @Test
    void aSignatureThatIsWrongIsRefusedBeforeACharset() throws Exception {
        RequestDraft request = draft("POST", "/payments", "alice")
                .header("Content-Type", "text/plain; charset=x")
                .body(PAYMENT);

        assertRefused(send(request, bob), "signature_invalid");
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json; charset=utf-8", "text/plain;charset=\"ISO-8859-1\""})
    void contentInAKnownCharsetIsHandedOn(String type) throws Exception {
        Answer answer = send(
                draft("POST", "/payments", "alice").header("Content-Type", type).body(PAYMENT), alice);

        assertThat(answer.status()).isEqualTo(201);
        assertSigned(answer);
    }

    @Test
    void anAnswerUpToTheLimitIsSignedAndALongerOneIsNotSent() throws Exception {
        Answer longest = send(draft("GET", "/long?octets=" + MAX_OCTETS, "alice"), alice);
        Answer tooLong = send(draft("GET", "/long?octets=" + (MAX_OCTETS + 1), "alice"), alice);

        assertThat(longest.status()).isEqualTo(200);
        assertThat(longest.body()).hasSize(MAX_OCTETS);
        assertSigned(longest);
        assertThat(tooLong.status()).isEqualTo(500);
        assertThat(new String(tooLong.body(), UTF_8)).doesNotContain("xxxx");
    }

    @Test
    void ofSeveralRequestsWithOneNonceExactlyOneSucceeds() throws Exception {
        RequestDraft request = draft("POST", "/payments", "alice")
                .body(PAYMENT)
                .parameters(RequestDraft.parameters("k1", clock.instant()) + ";nonce=\"n-0S6\"");
        var lines = request.signed(alice, clock.instant());
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Callable<Integer>> calls = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                calls.add(() -> send(server, request, lines).status());
            }
            List<Integer> statuses = new ArrayList<>();
            for (Future<Integer> status : threads.invokeAll(calls)) {
                statuses.add(status.get());
            }
            assertThat(statuses).containsOnly(201, 401).containsOnlyOnce(201);
            assertThat(handled).hasValue(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void verificationThatIsSwitchedOffIsSeenInTheReadinessAnswer() throws Exception {
        RequestDraft probe = RequestDraft.of("GET", PUBLIC_BASE_URL + "/ready");
        RequestDraft unsigned = RequestDraft.of("GET", PUBLIC_BASE_URL + "/accounts");

        Answer on = send(readiness(server), probe, List.of());
        Answer off = send(readiness(serverThatIsOff), probe, List.of());

        assertThat(on.status()).isEqualTo(200);
        assertThat(new String(on.body(), UTF_8)).contains("\"status\":\"UP\"").contains("\"requests\":\"verified\"");
        assertThat(off.status()).isEqualTo(503);
        assertThat(new String(off.body(), UTF_8))
                .contains("\"status\":\"DOWN\"")
                .contains("not verified");
        assertThat(send(serverThatIsOff, unsigned, List.of()).status()).isEqualTo(200);
    }

    /** Whether the application's framework decodes content behind the filter. */
    protected boolean decodes() {
        return false;
    }

    /** Where the server at that address answers probes. */
    protected URI readiness(URI address) {
        return address;
    }

    protected final RequestDraft draft(String method, String path, String client) {
        return RequestDraft.of(method, PUBLIC_BASE_URL + path)
                .header("Authorization", "Bearer token-of-" + client)
                .header("X-Fapi-Interaction-Id", "c770aef3-6784-41f7-8e0e-ff5f97bddb3a");
    }

    protected final Answer send(RequestDraft request, PlainKey key) throws Exception {
        return send(server, request, request.signed(key, clock.instant()));
    }

    protected final Answer overHttp2(RequestDraft request) throws Exception {
        return send(
                server,
                request,
                request.signed(alice, clock.instant()),
                BodyPublishers.ofByteArray(request.body()),
                HttpClient.Version.HTTP_2);
    }

    private Answer send(URI to, RequestDraft request, List<Map.Entry<String, String>> lines) throws Exception {
        return send(
                to,
                request,
                lines,
                request.body().length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(request.body()),
                HttpClient.Version.HTTP_1_1);
    }

    private Answer send(
            URI to,
            RequestDraft request,
            List<Map.Entry<String, String>> lines,
            BodyPublisher body,
            HttpClient.Version version)
            throws Exception {
        HttpRequest.Builder sent = HttpRequest.newBuilder(
                        URI.create(to + request.targetUri().substring(PUBLIC_BASE_URL.length())))
                .version(version)
                .timeout(Duration.ofSeconds(60))
                .method(request.method(), body);
        lines.forEach(line -> sent.header(line.getKey(), line.getValue()));
        HttpResponse<byte[]> answer = http.send(sent.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(request, lines, answer);
    }

    protected final void assertSigned(Answer answer) {
        HttpMessage.Builder request =
                HttpMessage.request(answer.request().method(), answer.request().targetUri());
        answer.sent().forEach(line -> request.field(line.getKey(), line.getValue()));
        request.content(answer.request().body());
        HttpMessage.Builder response = HttpMessage.response(answer.status(), request.build());
        answer.headers().forEach((name, values) -> values.forEach(value -> response.field(name, value)));
        response.content(answer.body());
        Verification verification = new ResponseVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), clock)
                .verify(response.build(), VerificationKeys.ofJwks(List.of(bank.jwk())));
        assertThat(verification).isInstanceOf(Verification.Accepted.class);
    }

    private void assertRefused(Answer answer, String description) {
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.header("www-authenticate")).contains("error_description=\"" + description + "\"");
        assertThat(answer.headers()).containsKey("accept-signature").doesNotContainKey("signature");
        assertThat(answer.header("content-type")).startsWith("application/json");
    }

    private static String value(String component, Answer answer) {
        String name = component.substring(1, component.indexOf('"', 1));
        if (component.endsWith(";req")) {
            return switch (name) {
                case "@method" -> answer.request().method();
                case "@target-uri" -> answer.request().targetUri();
                default ->
                    answer.sent().stream()
                            .filter(line -> line.getKey().equalsIgnoreCase(name))
                            .map(Map.Entry::getValue)
                            .findFirst()
                            .orElseThrow();
            };
        }
        return name.equals("@status") ? Integer.toString(answer.status()) : answer.header(name);
    }

    /** A request as sent, and its answer. */
    protected record Answer(RequestDraft request, List<Map.Entry<String, String>> sent, HttpResponse<byte[]> response) {

        int status() {
            return response.statusCode();
        }

        byte[] body() {
            return response.body();
        }

        Map<String, List<String>> headers() {
            return response.headers().map();
        }

        String header(String name) {
            return response.headers()
                    .firstValue(name)
                    .orElseThrow(() -> new AssertionError("no " + name + " in " + headers()));
        }
    }
}
