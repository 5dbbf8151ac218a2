package org.fapipack.demo.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.fapipack.httpsignatures.server.Mode;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.http.SmallHttpsServer;
import org.fapipack.testkit.jose.JwkSets;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.overlay.Parties;
import org.fapipack.testkit.resource.ResourceServer;
import org.fapipack.testkit.signature.RequestDraft;
import org.fapipack.testkit.signature.RequestDraft.Signed;
import org.fapipack.testkit.signature.ResponseSignature;
import org.fapipack.testkit.tls.TestPki;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The API over https with an issuer in small, which vouches for one token. Requests are signed, and answers verified, by the testkit, which shares no
 * code with the library that the API uses.
 */
class SignedMessagesTest {

    private static final String TOKEN = "the.access.token";
    private static final String ORDER = "{\"account\":\"4711\"}";
    private static final SigningKey API_KEY = SigningKey.generate(JWSAlgorithm.ES256);
    private static final SigningKey CLIENT_KEY = SigningKey.generate(JWSAlgorithm.PS256);
    private static final SigningKey DPOP_KEY = SigningKey.generate(JWSAlgorithm.ES256);

    @TempDir
    private static Path tls;

    private static TestPki pki;
    private static SmallHttpsServer issuer;
    private static HttpCaller http;
    private static FapiClient client;
    private static volatile Object clientKeys;

    @TempDir
    private Path folder;

    private ResourceServer api;

    @BeforeAll
    static void startIssuer() {
        pki = TestPki.in(tls);
        issuer = new SmallHttpsServer(
                "issuer",
                2,
                pki.serverContext(),
                SmallHttpsServer.ClientCertificate.WANTED,
                InetAddress.getLoopbackAddress(),
                0,
                SignedMessagesTest::answer);
        http = HttpCaller.over(pki.sslContext());
        client = FapiClient.of(pki, issuerUri(), "app")
                .authenticatesWith(CLIENT_KEY)
                .bindsTokensTo(DPOP_KEY)
                .build();
    }

    @AfterAll
    static void stopIssuer() {
        issuer.close();
    }

    @BeforeEach
    void startApi() {
        clientKeys = Json.object(SigningKey.publicJwks(CLIENT_KEY));
        api = start(Mode.REQUIRED, folder.resolve("evidence"));
    }

    @AfterEach
    void stopApi() {
        api.close();
    }

    private static ResourceServer start(Mode mode, Path evidence) {
        return ResourceServer.of(pki, issuerUri(), "accounts-api", API_KEY)
                .unsignedResponses()
                .messageProtection(
                        address -> new SignedMessages(address, API_KEY, mode, Optional.of(evidence), Clock.systemUTC()))
                .start();
    }

    private static URI issuerUri() {
        return URI.create("https://localhost:" + issuer.port() + "/realms/r");
    }

    private static void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            Map<String, Object> answer = new LinkedHashMap<>();
            if (exchange.getRequestURI().getPath().endsWith("/openid-configuration")) {
                answer.put("issuer", issuerUri().toString());
                answer.put("introspection_endpoint", issuerUri() + "/introspect");
            } else {
                answer.put("active", true);
                answer.put("iss", issuerUri().toString());
                answer.put("aud", "accounts-api");
                answer.put("scope", "accounts");
                answer.put("client_id", "app");
                answer.put("exp", Instant.now().getEpochSecond() + 300);
                answer.put("cnf", Map.of("jkt", DPOP_KEY.thumbprint()));
                answer.put(Parties.CLIENT_KEYS, clientKeys);
            }
            byte[] body = Json.write(answer).getBytes(UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private URI statements() {
        return URI.create(api.baseUri() + "/statements");
    }

    private RequestDraft read() {
        return draft("GET", api.accounts(), "");
    }

    private RequestDraft order(String json) {
        return draft("POST", statements(), json);
    }

    private static RequestDraft draft(String method, URI uri, String body) {
        Headers headers = Headers.of("Authorization", "DPoP " + TOKEN)
                .add("DPoP", client.dpopProof(method, uri, TOKEN).compact());
        return RequestDraft.of(
                method,
                uri,
                body.isEmpty() ? headers : headers.add("Content-Type", "application/json"),
                body,
                CLIENT_KEY);
    }

    private void assertSigned(Exchange answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        Exchange metadata = http.get(URI.create(api.baseUri() + "/.well-known/oauth-protected-resource"))
                .expect(200);
        assertThat(metadata.json())
                .containsEntry("resource", api.baseUri().toString())
                .containsEntry("authorization_servers", List.of(issuerUri().toString()));
        Exchange keys = http.get(URI.create((String) metadata.json().get("jwks_uri")));
        assertThat(keys.body()).doesNotContain("\"d\"");
        ResponseSignature signature =
                ResponseSignature.verify(answer, JwkSets.parse(keys.expect(200).body()));
        assertThat(signature.keyId()).isEqualTo(API_KEY.keyId());
    }

    private static void assertRefused(Exchange answer, String description) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.headers("WWW-Authenticate"))
                .containsExactly("DPoP error=\"invalid_request\", error_description=\"" + description + "\"");
        assertThat(answer.header("Accept-Signature").orElseThrow()).contains("tag=\"fapi-2-request\"");
        assertThat(answer.responseHeaders()).doesNotContainKeys("signature", "signature-input");
    }

    private List<Path> evidence() throws IOException {
        if (!Files.isDirectory(folder.resolve("evidence"))) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder.resolve("evidence"))) {
            return files.toList();
        }
    }

    @Test
    void aSignedCallIsAnsweredSignedAndKept() throws IOException {
        Exchange answer = read().sign().send(http);

        assertSigned(answer, 200);
        assertThat(answer.json()).containsEntry("requested_by", "app");
        assertThat(evidence()).hasSize(1);
        assertThat(Files.readString(evidence().get(0)))
                .contains(api.accounts().getPath())
                .doesNotContain(TOKEN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"account\":\"4711\"} | 201",
                "{\"account\":\"4713\"} | 404",
                "{\"account\":[]} | 400",
                "{\"account\" | 400",
                "[] | 400"
            })
    void anOrderIsAnsweredSignedWhateverItSays(String order, int status) {
        assertSigned(order(order).sign().send(http), status);
    }

    static Stream<Arguments> spoilt() {
        return Stream.of(
                spoilt("signature_missing", request -> request.with("Signature", null)),
                spoilt(
                        "signature_missing",
                        request -> request.with("Signature", null).with("Signature-Input", null)),
                spoilt("signature_invalid", request -> request.withBody("{\"account\":\"4712\"}")),
                spoilt("signature_invalid", request -> request.with("Content-Digest", null)),
                spoilt("signature_invalid", request -> request.withUri(URI.create(request.uri() + "?more"))),
                spoilt("signature_invalid", request -> request.with("Signature", "sig1=:AAAA:")),
                spoilt("signature_invalid", request -> request.with("Signature-Input", "(((")));
    }

    private static Arguments spoilt(String description, UnaryOperator<Signed> change) {
        return Arguments.of(description, change);
    }

    @ParameterizedTest
    @MethodSource("spoilt")
    void anOrderThatWasChangedOnItsWayIsRefused(String description, UnaryOperator<Signed> change) throws IOException {
        assertRefused(change.apply(order(ORDER).sign()).send(http), description);
        assertThat(evidence()).isEmpty();
        assertSigned(order(ORDER).sign().send(http), 201);
    }

    @ParameterizedTest
    @ValueSource(longs = {120, -120})
    void aSignatureOfAnotherTimeIsRefused(long secondsAgo) {
        assertRefused(read().age(secondsAgo).sign().send(http), "signature_invalid");
    }

    @Test
    void onlyTheKeysThatIntrospectionTellsCount() {
        assertRefused(read().by(SigningKey.generate(JWSAlgorithm.PS256)).sign().send(http), "signature_invalid");
        assertRefused(
                read().by(DPOP_KEY)
                        .parameter("keyid", '"' + DPOP_KEY.keyId() + '"')
                        .sign()
                        .send(http),
                "signature_invalid");
        assertSigned(read().sign().send(http), 200);

        for (Object noKeys : List.of(Map.of(), "no keys", Map.of("keys", List.of("no key")))) {
            clientKeys = noKeys;
            assertRefused(read().sign().send(http), "signature_invalid");
        }
    }

    @Test
    void theSignatureOfAnotherCallIsRefused() {
        Signed first = read().sign();
        assertSigned(first.send(http), 200);
        Signed second = read().sign();

        assertRefused(
                second.with("Signature", header(first, "Signature"))
                        .with("Signature-Input", header(first, "Signature-Input"))
                        .send(http),
                "signature_invalid");
        assertSigned(read().sign().send(http), 200);
    }

    private static String header(Signed request, String name) {
        return request.headers().lines().stream()
                .filter(line -> line.getKey().equals(name))
                .findFirst()
                .orElseThrow()
                .getValue();
    }

    @Test
    void aNonceCountsOnce() {
        assertSigned(read().parameter("nonce", "\"n\"").sign().send(http), 200);

        assertRefused(read().parameter("nonce", "\"n\"").sign().send(http), "signature_invalid");
    }

    @Test
    void theAccessTokenComesFirst() {
        Exchange used = read().sign().send(http);
        Signed again = new Signed("GET", api.accounts(), used.requestHeaders(), "");

        Exchange answer = again.send(http);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.headers("WWW-Authenticate").get(0))
                .isEqualTo(
                        "DPoP algs=\"ES256 EdDSA PS256\", error=\"invalid_dpop_proof\", error_description=\"the proof was used before\"");
    }

    @ParameterizedTest
    @CsvSource({"16384, 400", "16385, 413"})
    void contentHasALimit(int octets, int status) {
        Exchange answer = order("x".repeat(octets)).sign().send(http);

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.responseHeaders().containsKey("signature")).isEqualTo(status == 400);
    }

    @ParameterizedTest
    @CsvSource({"POST, /accounts, 405", "GET, /statements, 405", "POST, /jwks, 405", "GET, /, 404"})
    void whatIsNotThereNeedsNoSignature(String method, String path, int status) {
        Exchange answer =
                http.send(method, URI.create(api.baseUri() + path), Headers.none(), method.equals("GET") ? "" : "{}");

        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void aCallThatCannotBeKeptIsNotServed() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        try (ResourceServer full = start(Mode.REQUIRED, file.resolve("evidence"))) {
            Exchange answer = draft("GET", full.accounts(), "").sign().send(http);

            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.error()).contains("temporarily_unavailable");
        }
    }

    @Test
    void unsignedCallsMayBeAcceptedAndAreAnsweredSigned() {
        api.close();
        api = start(Mode.ACCEPTED, folder.resolve("evidence"));

        assertSigned(client.callApi(api.accounts(), TOKEN), 200);
        assertRefused(read().sign().with("Signature", "sig1=:AAAA:").send(http), "signature_invalid");
    }
}
