package org.fapipack.testkit.resource;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Locale.ROOT;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.http.Route;
import org.fapipack.testkit.http.SmallHttpsServer;
import org.fapipack.testkit.http.SmallHttpsServer.ClientCertificate;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.tls.TestPki;

/**
 * A bank's account API in small: {@code GET /accounts} over https, for sender-constrained tokens only; on loopback unless
 * told otherwise. Who has a token for a consent sees the accounts that the customer chose.
 *
 * <p>Every request is introspected with private_key_jwt, and with {@code Accept: application/token-introspection+jwt} unless told otherwise; an
 * answer that does not verify counts as no answer (503), never as an inactive token.
 */
public final class ResourceServer implements AutoCloseable {

    private static final int THREADS = 4;
    private static final String JSON = "application/json";

    private static final List<Map<String, Object>> ACCOUNTS =
            List.of(account("4711", "Current account", "1204.50"), account("4712", "Savings account", "8810.00"));

    /** Where a token is for a consent: the accounts that the customer chose. */
    private static final String CHOSEN = "consent_accounts";

    private final FapiClient introspector;
    private final IntrospectionResponseVerifier verifier;
    private final AccessGuard guard;
    private final boolean unsigned;
    private final String requiredScope;
    private final Optional<URI> publicUri;
    private final Consumer<Introspection> listener;
    private final SmallHttpsServer server;
    private final List<Introspection> introspections = Collections.synchronizedList(new ArrayList<>());

    private ResourceServer(Builder settings) {
        introspector = FapiClient.of(settings.pki, settings.issuer, settings.clientId)
                .authenticatesWith(settings.key)
                .route(settings.route)
                .build();
        verifier = settings.encryption.apply(IntrospectionResponseVerifier.signed(
                settings.issuer.toString(),
                settings.clientId,
                settings.responseAlgorithm,
                introspector::issuerKeys,
                settings.clock));
        unsigned = settings.unsigned;
        requiredScope = settings.requiredScope;
        publicUri = Optional.ofNullable(settings.publicUri);
        listener = settings.listener;
        guard = new AccessGuard(
                settings.issuer.toString(),
                settings.clientId,
                requiredScope,
                this::introspectForRequest,
                settings.clock);
        server = new SmallHttpsServer(
                "resource-server",
                THREADS,
                settings.pki.serverContext(new AnyClientCertificate()),
                ClientCertificate.WANTED,
                settings.bindAddress,
                settings.port,
                this::handle);
    }

    /**
     * A resource server that is registered as a client of the issuer.
     *
     * @param key for private_key_jwt at the introspection endpoint
     */
    public static Builder of(TestPki pki, URI issuer, String clientId, SigningKey key) {
        return new Builder(pki, issuer, clientId, key);
    }

    /** The address that clients use, and that their DPoP proofs must name. */
    public URI baseUri() {
        return publicUri.orElseGet(() -> URI.create("https://localhost:" + server.port()));
    }

    /** The protected resource. */
    public URI accounts() {
        return URI.create(baseUri() + "/accounts");
    }

    /** All introspections up to now, oldest first. */
    public List<Introspection> introspections() {
        synchronized (introspections) {
            return List.copyOf(introspections);
        }
    }

    /** Asks about a token and verifies the answer, without any request for a resource. */
    public Introspection introspect(String accessToken) {
        Exchange exchange = introspector
                .introspectionRequest(accessToken, unsigned ? JSON : IntrospectionResponseVerifier.MEDIA_TYPE)
                .send();
        Introspection introspection;
        try {
            introspection = new Introspection(
                    exchange, Optional.of(unsigned ? plain(exchange) : verifier.verify(exchange)), Optional.empty());
        } catch (IntrospectionRejection e) {
            introspection = new Introspection(exchange, Optional.empty(), Optional.of(e));
        }
        introspections.add(introspection);
        listener.accept(introspection);
        return introspection;
    }

    /** What TLS alone vouches for (RFC 7662). */
    private static TokenIntrospection plain(Exchange exchange) {
        if (exchange.status() != 200 || !exchange.mediaType().equals(JSON)) {
            throw new IntrospectionRejection(
                    IntrospectionRejection.Reason.STATUS, "status " + exchange.status() + ", " + exchange.mediaType());
        }
        Map<String, Object> members = exchange.json();
        return TokenIntrospection.of(Boolean.TRUE.equals(members.get("active")), members, "", Map.of(), Map.of());
    }

    @Override
    public void close() {
        server.close();
    }

    private TokenIntrospection introspectForRequest(String accessToken) {
        try {
            return introspect(accessToken).result().orElseThrow(AccessRefusal::cannotDecide);
        } catch (UncheckedIOException unreachable) {
            throw AccessRefusal.cannotDecide();
        }
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getRawPath().equals("/accounts")) {
                answer(exchange, 404, Map.of("error", "not_found"));
            } else if (!exchange.getRequestMethod().equals("GET")) {
                exchange.getResponseHeaders().set("Allow", "GET");
                answer(exchange, 405, Map.of("error", "method_not_allowed"));
            } else {
                answerForAccounts(exchange);
            }
        }
    }

    private void answerForAccounts(HttpExchange exchange) throws IOException {
        try {
            TokenIntrospection token = guard.admit(request(exchange));
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("accounts", accountsFor(token));
            token.text("client_id").ifPresent(client -> answer.put("requested_by", client));
            answer(exchange, 200, answer);
        } catch (AccessRefusal refusal) {
            String authorization = exchange.getRequestHeaders().getFirst("Authorization");
            boolean triedDpop =
                    authorization != null && authorization.toLowerCase(ROOT).startsWith("dpop");
            challenges(refusal, triedDpop)
                    .forEach(challenge -> exchange.getResponseHeaders().add("WWW-Authenticate", challenge));
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("error", refusal.error().isEmpty() ? "unauthorized" : refusal.error());
            body.put("error_description", refusal.getMessage());
            answer(exchange, refusal.status(), body);
        }
    }

    private static List<Map<String, Object>> accountsFor(TokenIntrospection token) {
        return token.members().get(CHOSEN) instanceof List<?> chosen
                ? ACCOUNTS.stream()
                        .filter(account -> chosen.contains(account.get("id")))
                        .toList()
                : ACCOUNTS;
    }

    private AccessGuard.Request request(HttpExchange exchange) {
        Headers headers = Headers.none();
        for (Map.Entry<String, List<String>> header :
                exchange.getRequestHeaders().entrySet()) {
            for (String value : header.getValue()) {
                headers = headers.add(header.getKey(), value);
            }
        }
        URI uri = URI.create(baseUri() + exchange.getRequestURI().getRawPath());
        return new AccessGuard.Request(
                exchange.getRequestMethod(), uri, headers, SmallHttpsServer.clientCertificate(exchange));
    }

    /** One challenge per scheme; the error goes to the scheme that was tried. */
    private List<String> challenges(AccessRefusal refusal, boolean triedDpop) {
        if (refusal.status() != 401 && refusal.status() != 403) {
            return List.of();
        }
        StringBuilder error = new StringBuilder();
        if (!refusal.error().isEmpty()) {
            error.append(", error=\"").append(refusal.error()).append('"');
            error.append(", error_description=\"").append(refusal.getMessage()).append('"');
        }
        if (refusal.error().equals("insufficient_scope")) {
            error.append(", scope=\"").append(requiredScope).append('"');
        }
        String algorithms = String.join(" ", new TreeSet<>(DpopProofVerifier.ALGORITHMS));
        return List.of(
                "DPoP algs=\"" + algorithms + "\"" + (triedDpop ? error : ""),
                "Bearer realm=\"accounts\"" + (triedDpop ? "" : error));
    }

    private static void answer(HttpExchange exchange, int status, Map<String, Object> json) throws IOException {
        byte[] body = Json.write(json).getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", JSON);
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    private static Map<String, Object> account(String id, String name, String balance) {
        Map<String, Object> account = new LinkedHashMap<>();
        account.put("id", id);
        account.put("name", name);
        account.put("balance", balance + " EUR");
        return account;
    }

    /** Settings of a resource server. */
    public static final class Builder {

        private final TestPki pki;
        private final URI issuer;
        private final String clientId;
        private final SigningKey key;
        private JWSAlgorithm responseAlgorithm = JWSAlgorithm.PS256;
        private Function<IntrospectionResponseVerifier, IntrospectionResponseVerifier> encryption = Function.identity();
        private boolean unsigned;
        private String requiredScope = "accounts";
        private Clock clock = Clock.systemUTC();
        private InetAddress bindAddress = InetAddress.getLoopbackAddress();
        private int port;
        private URI publicUri;
        private Route route = Route.direct();
        private Consumer<Introspection> listener = introspection -> {};

        private Builder(TestPki pki, URI issuer, String clientId, SigningKey key) {
            this.pki = pki;
            this.issuer = issuer;
            this.clientId = clientId;
            this.key = key;
        }

        /** The registered {@code introspection_signed_response_alg}; PS256 unless set. */
        public Builder responseAlgorithm(JWSAlgorithm value) {
            responseAlgorithm = value;
            return this;
        }

        /** Takes JSON for an answer, where the realm does not sign any. */
        public Builder unsignedResponses() {
            unsigned = true;
            return this;
        }

        /** Registered encryption; the private key decrypts. */
        public Builder encryption(JWEAlgorithm algorithm, EncryptionMethod method, JWK privateKey) {
            encryption = verifier -> verifier.encrypted(algorithm, method, privateKey);
            return this;
        }

        /** {@code accounts} unless set. */
        public Builder requiredScope(String value) {
            requiredScope = value;
            return this;
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

        /** The address that clients use, without a path; {@code https://localhost} with the port unless set. */
        public Builder publicUri(URI value) {
            publicUri = value;
            return this;
        }

        /** Where its introspection requests go; to the addresses of the issuer's metadata unless set. */
        public Builder route(Route value) {
            route = value;
            return this;
        }

        /** Told each introspection before the request that caused it is answered. */
        public Builder onIntrospection(Consumer<Introspection> value) {
            listener = value;
            return this;
        }

        public ResourceServer start() {
            return new ResourceServer(this);
        }
    }
}
