package org.fapipack.testkit.consentstore;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.jwk.JWKSet;
import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.http.SmallHttpsServer;
import org.fapipack.testkit.http.SmallHttpsServer.ClientCertificate;
import org.fapipack.testkit.tls.TestPki;

/**
 * A bank's store of consents in small, in memory, over https; on loopback unless told otherwise. It believes signed calls of one issuer only and
 * can be told to get into any {@link Trouble}.
 */
public final class ConsentStoreServer implements AutoCloseable {

    /** How long {@link Trouble#SILENT} lasts. */
    public static final int SLOW_SECONDS = 8;

    /** The size that {@link Trouble#TOO_LARGE} passes. */
    public static final int LARGE = 4096;

    private static final int THREADS = 32;
    private static final int ENDLESS_CHUNKS = 10_000;
    private static final long DRIP_MILLISECONDS = 300;
    private static final String BASE = "/bank";
    private static final Set<String> ENDS = Set.of("rejected", "revoked", "expired", "consumed");

    private final Map<String, KeptConsent> consents = new HashMap<>();
    private final Map<String, Done> done = new HashMap<>();
    private final List<ReceivedCall> calls = Collections.synchronizedList(new ArrayList<>());
    private final CallVerifier verifier;
    private final Consumer<ReceivedCall> listener;
    private final SmallHttpsServer server;
    private volatile Optional<UnaryOperator<Map<String, Object>>> judge;
    private Trouble trouble = Trouble.NONE;
    private int troubles;
    private boolean troubleAtChanges;

    /** The answer to a change, to be given again. */
    private record Done(String call, Answer answer) {}

    private record Answer(int status, Map<String, Object> body) {}

    private ConsentStoreServer(Builder settings) {
        listener = settings.listener;
        judge = settings.judge;
        server = new SmallHttpsServer(
                "consent-store",
                THREADS,
                settings.pki.serverContext(authority(settings.pki.caCertificate())),
                settings.certificateNeeded ? ClientCertificate.NEEDED : ClientCertificate.WANTED,
                settings.bindAddress,
                settings.port,
                this::handle);
        verifier = new CallVerifier(settings.issuer, url().toString(), settings.keys, settings.clock);
    }

    /**
     * A store for one issuer.
     *
     * @param keys of the issuer; asked at each call
     */
    public static Builder of(TestPki pki, URI issuer, Supplier<JWKSet> keys) {
        return new Builder(pki, issuer, keys);
    }

    /** What an administrator sets as the store's URL. */
    public URI url() {
        return URI.create("https://localhost:" + server.port() + BASE);
    }

    public void put(KeptConsent consent) {
        synchronized (consents) {
            consents.put(consent.id(), consent);
        }
    }

    public void remove(String id) {
        synchronized (consents) {
            consents.remove(id);
        }
    }

    public KeptConsent get(String id) {
        synchronized (consents) {
            return consents.get(id);
        }
    }

    /** From now on judges new consents; see {@link Builder#judge}. */
    public void judgeBy(UnaryOperator<Map<String, Object>> value) {
        judge = Optional.of(value);
    }

    /** From now on, until told otherwise. */
    public void getInto(Trouble next) {
        getInto(next, Integer.MAX_VALUE, false);
    }

    /** For the next calls, if they are changes; questions are answered. */
    public void getIntoAtChanges(Trouble next, int times) {
        getInto(next, times, true);
    }

    private synchronized void getInto(Trouble next, int times, boolean atChanges) {
        trouble = next;
        troubles = times;
        troubleAtChanges = atChanges;
    }

    private synchronized Trouble trouble(String method) {
        boolean concerned = trouble != Trouble.NONE && (!troubleAtChanges || method.equals("POST"));
        return concerned && troubles-- > 0 ? trouble : Trouble.NONE;
    }

    /** All calls up to now, oldest first. */
    public List<ReceivedCall> calls() {
        synchronized (calls) {
            return List.copyOf(calls);
        }
    }

    @Override
    public void close() {
        server.close();
    }

    private static TrustManager[] authority(X509Certificate certificate) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setCertificateEntry("ca", certificate);
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            return trust.getTrustManagers();
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            Trouble now = trouble(exchange.getRequestMethod());
            Answer answer = answer(exchange, body, now);
            send(exchange, answer, now);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Answer answer(HttpExchange exchange, byte[] body, Trouble now) {
        URI requested = exchange.getRequestURI();
        String origin = url().toString().replace(BASE, "");
        Map<String, Object> claims = Map.of();
        Optional<String> refusal = Optional.empty();
        try {
            claims = verifier.verify(
                    exchange.getRequestHeaders().getFirst("Authorization"),
                    exchange.getRequestMethod(),
                    URI.create(origin + requested),
                    body);
        } catch (CallVerifier.Refusal refused) {
            refusal = Optional.of(refused.getMessage());
        }
        Optional<String> key = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
        String text = new String(body, UTF_8);
        ReceivedCall call = new ReceivedCall(
                exchange.getRequestMethod(),
                requested.toString(),
                key,
                text,
                refusal,
                claims,
                SmallHttpsServer.clientCertificate(exchange)
                        .map(shown -> shown.getSubjectX500Principal().getName()),
                Optional.ofNullable(exchange.getRequestHeaders().getFirst("x-fapi-interaction-id")));
        calls.add(call);
        listener.accept(call);
        if (refusal.isPresent()) {
            return new Answer(401, Map.of("error", "unauthorized", "error_description", refusal.get()));
        }
        boolean spared = Set.of(Trouble.CUT, Trouble.ERROR_500, Trouble.ERROR_503, Trouble.SILENT, Trouble.NOTHING_DONE)
                .contains(now);
        if (requested.toString().equals(BASE + "/validate")
                && exchange.getRequestMethod().equals("POST")) {
            return judge.map(judging -> new Answer(200, judging.apply(Json.object(text))))
                    .orElseGet(() -> error(404));
        }
        String[] segments = requested.getRawPath().split("/", -1);
        if (segments.length < 4 || !segments[1].equals(BASE.substring(1)) || !segments[2].equals("consents")) {
            return error(404);
        }
        String id = URLDecoder.decode(segments[3].replace("+", "%2B"), UTF_8);
        if (segments.length == 4 && exchange.getRequestMethod().equals("GET")) {
            return find(id, parameter(requested, "client_id"));
        }
        if (segments.length == 5 && exchange.getRequestMethod().equals("POST") && key.isPresent()) {
            return spared ? find(id, Json.object(text).get("client_id")) : once(key.get(), segments[4], id, text);
        }
        return error(404);
    }

    private Answer find(String id, Object clientId) {
        KeptConsent consent = get(id);
        return consent != null && consent.clientId().equals(clientId) ? new Answer(200, consent.json()) : error(404);
    }

    /** The same change again gets the same answer; another change with the same key none. */
    private Answer once(String key, String operation, String id, String body) {
        synchronized (consents) {
            String call = operation + ' ' + id + ' ' + body;
            Done before = done.get(key);
            if (before != null) {
                return before.call().equals(call) ? before.answer() : error(422);
            }
            Answer answer = change(operation, id, Json.object(body));
            done.put(key, new Done(call, answer));
            return answer;
        }
    }

    private Answer change(String operation, String id, Map<String, Object> asked) {
        KeptConsent consent = consents.get(id);
        if (consent == null || !consent.clientId().equals(asked.get("client_id"))) {
            return error(404);
        }
        if (!("v" + consent.version()).equals(asked.get("version")) || ENDS.contains(consent.status())) {
            return error(409);
        }
        KeptConsent changed;
        switch (operation) {
            case "authorise" -> {
                String customer = (String) asked.get("customer");
                if (!consent.status().equals("awaiting")
                        || consent.customer()
                                .filter(known -> !known.equals(customer))
                                .isPresent()) {
                    return error(409);
                }
                List<String> accounts = new ArrayList<>();
                ((List<?>) asked.get("accounts")).forEach(account -> accounts.add((String) account));
                changed = consent.agreed(customer, accounts);
            }
            case "reject" -> changed = consent.become("rejected", (String) asked.get("by"));
            case "revoke" -> changed = consent.become("revoked", (String) asked.get("by"));
            default -> {
                return error(404);
            }
        }
        consents.put(id, changed);
        return new Answer(200, changed.json());
    }

    private static Answer error(int status) {
        String error = switch (status) {
            case 404 -> "not_found";
            case 409 -> "conflict";
            default -> "key_reused";
        };
        return new Answer(status, Map.of("error", error));
    }

    private void send(HttpExchange exchange, Answer answer, Trouble now) throws IOException, InterruptedException {
        Map<String, Object> body = new LinkedHashMap<>(answer.body());
        switch (now) {
            case NONE, NOTHING_DONE -> json(exchange, answer.status(), Json.write(body));
            case SILENT -> Thread.sleep(SLOW_SECONDS * 1000L);
            case CUT, CUT_WHEN_DONE -> exchange.close();
            case CUT_IN_BODY -> {
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.sendResponseHeaders(200, 5000);
                exchange.getResponseBody().write(Json.write(body).getBytes(UTF_8));
                exchange.getResponseBody().flush();
            }
            case DRIPPING -> drip(exchange, Json.write(body).getBytes(UTF_8));
            case ERROR_500 -> json(exchange, 500, "{\"error\":\"server_error\"}");
            case ERROR_503 -> json(exchange, 503, "{\"error\":\"maintenance\"}");
            case TOO_MANY_REQUESTS -> json(exchange, 429, "{\"error\":\"too_many\"}");
            case UNAUTHORIZED -> json(exchange, 401, "{\"error\":\"unauthorized\"}");
            case REDIRECT -> {
                exchange.getResponseHeaders()
                        .set("Location", url().toString().replace(BASE, "") + exchange.getRequestURI() + "&again=1");
                json(exchange, 307, "{}");
            }
            case HTML -> {
                exchange.getResponseHeaders().set("Content-Type", "text/html");
                raw(exchange, 200, Json.write(body).getBytes(UTF_8));
            }
            case BROKEN_JSON -> json(exchange, 200, Json.write(body).substring(0, 20));
            case MEMBER_TWICE ->
                json(exchange, 200, "{\"id\":\"x\"," + Json.write(body).substring(1));
            case MEMBER_MORE -> json(exchange, 200, Json.write(with(body, "more", 1L)));
            case TOO_LARGE -> json(exchange, 200, padded(body, LARGE + 1));
            case JUST_LARGE_ENOUGH -> json(exchange, 200, padded(body, LARGE));
            case ENDLESS -> endless(exchange);
            case HUGE_HEADER -> {
                exchange.getResponseHeaders().set("X-Filler", "x".repeat(20_000));
                json(exchange, 200, Json.write(body));
            }
            case OTHER_ID -> json(exchange, 200, Json.write(with(body, "id", "another")));
            case OTHER_CLIENT -> json(exchange, 200, Json.write(with(body, "client_id", "somebody-else")));
            case UNKNOWN_STATE -> json(exchange, 200, Json.write(with(body, "status", "golden")));
            case UNKNOWN_TYPE -> json(exchange, 200, Json.write(with(body, "type", "no-such-type")));
            case UNKNOWN_PERMISSION ->
                json(exchange, 200, Json.write(body).replace("\"NOVELS\"", "\"NOVELS\",\"EVERYTHING\""));
            case OTHER_ACCOUNTS -> json(exchange, 200, Json.write(with(body, "accounts", List.of("999"))));
            case COMPRESSED -> compressed(exchange, Json.write(body).getBytes(UTF_8));
        }
    }

    private static Map<String, Object> with(Map<String, Object> body, String member, Object value) {
        body.put(member, value);
        return body;
    }

    private static String padded(Map<String, Object> body, int size) {
        String json = Json.write(body);
        return json + " ".repeat(size - json.getBytes(UTF_8).length);
    }

    private static void drip(HttpExchange exchange, byte[] body) throws IOException, InterruptedException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, body.length);
        OutputStream out = exchange.getResponseBody();
        for (byte one : body) {
            out.write(one);
            out.flush();
            Thread.sleep(DRIP_MILLISECONDS);
        }
    }

    private static void endless(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, 0);
        byte[] chunk = new byte[8192];
        Arrays.fill(chunk, (byte) ' ');
        for (int i = 0; i < ENDLESS_CHUNKS; i++) {
            exchange.getResponseBody().write(chunk);
        }
    }

    private static void compressed(HttpExchange exchange, byte[] body) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(body);
        }
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        raw(exchange, 200, out.toByteArray());
    }

    private static void json(HttpExchange exchange, int status, String body) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        raw(exchange, status, body.getBytes(UTF_8));
    }

    private static void raw(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static String parameter(URI uri, String name) {
        for (String pair : Optional.ofNullable(uri.getRawQuery()).orElse("").split("&", -1)) {
            if (pair.startsWith(name + "=")) {
                return URLDecoder.decode(pair.substring(name.length() + 1), UTF_8);
            }
        }
        return "";
    }

    /** Settings of a store. */
    public static final class Builder {

        private final TestPki pki;
        private final String issuer;
        private final Supplier<JWKSet> keys;
        private Clock clock = Clock.systemUTC();
        private InetAddress bindAddress = InetAddress.getLoopbackAddress();
        private boolean certificateNeeded;
        private Consumer<ReceivedCall> listener = call -> {};
        private Optional<UnaryOperator<Map<String, Object>>> judge = Optional.empty();
        private int port;

        private Builder(TestPki pki, URI issuer, Supplier<JWKSet> keys) {
            this.pki = pki;
            this.issuer = issuer.toString();
            this.keys = keys;
        }

        public Builder clock(Clock value) {
            clock = value;
            return this;
        }

        /** 0, the default: any free port. */
        public Builder port(int value) {
            port = value;
            return this;
        }

        /** Loopback unless set. */
        public Builder bindAddress(InetAddress value) {
            bindAddress = value;
            return this;
        }

        /** Lets nobody in without a certificate from the authority. */
        public Builder certificateNeeded() {
            certificateNeeded = true;
            return this;
        }

        /**
         * What is answered about each new consent. Without it the store does not judge: there is nothing at that address.
         *
         * @param value the answer to what was asked, both as {@code docs/openapi/consent-store.yaml} has them
         */
        public Builder judge(UnaryOperator<Map<String, Object>> value) {
            judge = Optional.of(value);
            return this;
        }

        /** Told each call before it is answered. */
        public Builder onCall(Consumer<ReceivedCall> value) {
            listener = value;
            return this;
        }

        public ConsentStoreServer start() {
            return new ConsentStoreServer(this);
        }
    }
}
