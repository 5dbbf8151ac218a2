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
 * A bank's account API in small: {@code GET /accounts} and {@code POST /statements} over https, for sender-constrained tokens only; on loopback
 * unless told otherwise. Who has a token for a consent sees the accounts that the customer chose. What it is says its metadata (RFC 9728).
 *
 * <p>Every request is introspected with private_key_jwt, and with {@code Accept: application/token-introspection+jwt} unless told otherwise; an
 * answer that does not verify counts as no answer (503), never as an inactive token.
 */
public final class ResourceServer implements AutoCloseable {

    private static final int THREADS = 4;
    private static final String JSON = "application/json";

    private static final String ACCOUNTS_PATH = "/accounts";
    private static final String STATEMENTS_PATH = "/statements";
    private static final String METADATA = "/.well-known/oauth-protected-resource";
    private static final String KEYS = "/jwks";

    /** An order has some dozens. */
    private static final int MAX_CONTENT_OCTETS = 16_384;

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
    private final Optional<Function<URI, MessageProtection>> protectionAt;
    private final SmallHttpsServer server;
    private final List<Introspection> introspections = Collections.synchronizedList(new ArrayList<>());
    private MessageProtection protection;

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
        protectionAt = Optional.ofNullable(settings.protectionAt);
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
        return URI.create(baseUri() + ACCOUNTS_PATH);
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
            send(exchange, answer(exchange));
        }
    }

    private ApiAnswer answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        Optional<MessageProtection> protection = protection();
        if (path.equals(METADATA)) {
            return only("GET", exchange, () -> ApiAnswer.json(200, metadata()));
        }
        if (path.equals(KEYS) && protection.isPresent()) {
            return only(
                    "GET",
                    exchange,
                    () -> ApiAnswer.json(200, Json.object(protection.get().publicJwks())));
        }
        if (path.equals(ACCOUNTS_PATH)) {
            return only("GET", exchange, () -> admitted(exchange, ResourceServer::accounts));
        }
        if (path.equals(STATEMENTS_PATH)) {
            return only("POST", exchange, () -> admitted(exchange, ResourceServer::statement));
        }
        return ApiAnswer.json(404, Map.of("error", "not_found"));
    }

    private interface Answering {
        ApiAnswer answer() throws IOException;
    }

    private static ApiAnswer only(String method, HttpExchange exchange, Answering otherwise) throws IOException {
        return exchange.getRequestMethod().equals(method)
                ? otherwise.answer()
                : ApiAnswer.json(405, Map.of("error", "method_not_allowed")).adding("Allow", method);
    }

    /** What a client has to know of this API (RFC 9728, section 2). */
    private Map<String, Object> metadata() {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("resource", baseUri().toString());
        metadata.put("authorization_servers", List.of(introspector.issuer()));
        metadata.put("scopes_supported", List.of(requiredScope));
        metadata.put("bearer_methods_supported", List.of("header"));
        metadata.put("dpop_signing_alg_values_supported", List.copyOf(new TreeSet<>(DpopProofVerifier.ALGORITHMS)));
        metadata.put("tls_client_certificate_bound_access_tokens", true);
        if (protection().isPresent()) {
            metadata.put("jwks_uri", baseUri() + KEYS);
        }
        return metadata;
    }

    /** Made when the port is known. */
    private synchronized Optional<MessageProtection> protection() {
        if (protection == null && protectionAt.isPresent()) {
            protection = protectionAt.get().apply(baseUri());
        }
        return Optional.ofNullable(protection);
    }

    private interface Resource {
        ApiAnswer answer(TokenIntrospection token, ApiRequest request);
    }

    private ApiAnswer admitted(HttpExchange exchange, Resource resource) throws IOException {
        byte[] content = exchange.getRequestBody().readNBytes(MAX_CONTENT_OCTETS + 1);
        if (content.length > MAX_CONTENT_OCTETS) {
            return ApiAnswer.json(413, Map.of("error", "invalid_request", "error_description", "content_too_long"))
                    .adding("Connection", "close");
        }
        ApiRequest request = request(exchange, content);
        TokenIntrospection token;
        try {
            token = guard.admit(new AccessGuard.Request(
                    request.method(), request.uri(), request.headers(), SmallHttpsServer.clientCertificate(exchange)));
        } catch (AccessRefusal refusal) {
            return answer(refusal, exchange.getRequestHeaders().getFirst("Authorization"));
        }
        Optional<MessageProtection> protection = protection();
        if (protection.isEmpty()) {
            return resource.answer(token, request);
        }
        return protection
                .get()
                .refuse(request, token)
                .orElseGet(() -> protection.get().sign(request, resource.answer(token, request)));
    }

    private ApiAnswer answer(AccessRefusal refusal, String authorization) {
        boolean triedDpop =
                authorization != null && authorization.toLowerCase(ROOT).startsWith("dpop");
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error", refusal.error().isEmpty() ? "unauthorized" : refusal.error());
        body.put("error_description", refusal.getMessage());
        ApiAnswer answer = ApiAnswer.json(refusal.status(), body);
        for (String challenge : challenges(refusal, triedDpop)) {
            answer = answer.adding("WWW-Authenticate", challenge);
        }
        return answer;
    }

    private static ApiAnswer accounts(TokenIntrospection token, ApiRequest request) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("accounts", accountsFor(token));
        token.text("client_id").ifPresent(client -> answer.put("requested_by", client));
        return ApiAnswer.json(200, answer);
    }

    /** The statement of one account, which the body names: {@code {"account":"4711"}}. */
    private static ApiAnswer statement(TokenIntrospection token, ApiRequest request) {
        Optional<String> id;
        try {
            id = Json.text(Json.object(new String(request.content(), UTF_8)), "account");
        } catch (IllegalArgumentException notJson) {
            id = Optional.empty();
        }
        if (id.isEmpty()) {
            return ApiAnswer.json(
                    400, Map.of("error", "invalid_request", "error_description", "JSON with an account is needed"));
        }
        for (Map<String, Object> account : accountsFor(token)) {
            if (account.get("id").equals(id.get())) {
                Map<String, Object> answer = new LinkedHashMap<>();
                answer.put("statement", account);
                token.text("client_id").ifPresent(client -> answer.put("ordered_by", client));
                return ApiAnswer.json(201, answer);
            }
        }
        return ApiAnswer.json(404, Map.of("error", "not_found"));
    }

    private static List<Map<String, Object>> accountsFor(TokenIntrospection token) {
        return token.members().get(CHOSEN) instanceof List<?> chosen
                ? ACCOUNTS.stream()
                        .filter(account -> chosen.contains(account.get("id")))
                        .toList()
                : ACCOUNTS;
    }

    private ApiRequest request(HttpExchange exchange, byte[] content) {
        Headers headers = Headers.none();
        for (Map.Entry<String, List<String>> header :
                exchange.getRequestHeaders().entrySet()) {
            for (String value : header.getValue()) {
                headers = headers.add(header.getKey(), value);
            }
        }
        URI target = exchange.getRequestURI();
        String query = target.getRawQuery() == null ? "" : "?" + target.getRawQuery();
        return new ApiRequest(
                exchange.getRequestMethod(), URI.create(baseUri() + target.getRawPath() + query), headers, content);
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

    private static void send(HttpExchange exchange, ApiAnswer answer) throws IOException {
        answer.headers().lines().forEach(line -> exchange.getResponseHeaders().add(line.getKey(), line.getValue()));
        byte[] body = answer.body().getBytes(UTF_8);
        exchange.sendResponseHeaders(answer.status(), body.length);
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
        private Function<URI, MessageProtection> protectionAt;

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

        /** How messages are verified and signed at the address that clients use; not at all unless set. */
        public Builder messageProtection(Function<URI, MessageProtection> value) {
            protectionAt = value;
            return this;
        }

        public ResourceServer start() {
            return new ResourceServer(this);
        }
    }
}
