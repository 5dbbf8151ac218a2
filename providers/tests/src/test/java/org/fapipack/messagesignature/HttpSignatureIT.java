package org.fapipack.messagesignature;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static com.nimbusds.jose.JWSAlgorithm.EdDSA;
import static com.nimbusds.jose.JWSAlgorithm.PS256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.consent.ConsentRealm.CARDS;
import static org.fapipack.consent.ConsentRealm.SCOPE;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.fapipack.consent.ConsentRealm;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.http.Route;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.signature.RequestDraft;
import org.fapipack.testkit.signature.RequestDraft.Signed;
import org.fapipack.testkit.signature.ResponseSignature;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Signed requests to userinfo and to the consent API, and their signed answers; the other side is written without our library. */
class HttpSignatureIT {

    private static final String WISH = "{\"wish\":{\"terms\":{\"shelves\":[\"NOVELS\"]},\"note\":\"\u00e9\"}}";
    private static final String WANTED =
            "sig1=(\"@method\" \"@target-uri\" \"authorization\" \"dpop\"%s);created;tag=\"fapi-2-request\"";

    private static ConsentRealm consents;
    private static FapiRealm realm;
    private static HttpCaller http;
    private static SigningKey key;
    private static SigningKey psKey;
    private static SigningKey edKey;
    private static FapiClient strict;
    private static FapiClient lenient;
    private static FapiClient unheard;
    private static FapiClient untouched;
    private static String userToken;

    @BeforeAll
    static void prepareRealm() {
        consents = ConsentRealm.prepare();
        realm = consents.realm();
        http = HttpCaller.over(realm.pki().sslContext())
                .by(Route.alternating(KeycloakUnderTest.running().nodes()));
        realm.admin()
                .updateRealm(
                        realm.name(),
                        Map.of(
                                "enabledEventTypes",
                                List.of("USER_INFO_REQUEST_ERROR", "UPDATE_CONSENT_ERROR", "REVOKE_GRANT_ERROR")));
        addPolicy("strict", Map.of("requests", "required", "responses", "required"));
        addPolicy("lenient", Map.of("requests", "accepted", "responses", "accepted"));
        addPolicy("unheard", Map.of("requests", "off", "responses", "required", "response-algorithm", "ES256"));
        key = SigningKey.generate(ES256);
        psKey = SigningKey.generate(PS256);
        edKey = SigningKey.generate(EdDSA);
        strict = addClient("signer", "strict");
        lenient = addClient("lenient-signer", "lenient");
        unheard = addClient("unheard-signer", "unheard");
        untouched = addClient("no-signer", "nobody");
        userToken = realm.tokensFor(strict).accessToken();
    }

    private static void addPolicy(String name, Map<String, Object> settings) {
        realm.addPolicy(
                name,
                "signatures",
                name,
                List.of(Map.of("executor", "fapi-http-signatures", "configuration", settings)));
    }

    /** A client with one key for each algorithm. */
    private static FapiClient addClient(String clientId, String policy) {
        FapiClient client = consents.addReader(clientId);
        register(clientId, key, psKey, edKey);
        realm.admin().setClientAttribute(realm.name(), clientId, "signatures", policy);
        return client.toBuilder()
                .authenticatesWith(key)
                .signsRequestObjectsWith(key)
                .build();
    }

    private static void register(String clientId, SigningKey... keys) {
        realm.admin().setClientAttribute(realm.name(), clientId, "jwks.string", SigningKey.publicJwks(keys));
    }

    private static URI userinfo() {
        return strict.metadata().endpoint(ServerMetadata.USERINFO);
    }

    /** A correct request of {@link #strict}. */
    private static RequestDraft get(URI uri) {
        return draft(strict, userToken, "GET", uri, "");
    }

    private static RequestDraft draft(FapiClient client, String token, String method, URI uri, String body) {
        Headers headers = Headers.of("Authorization", "DPoP " + token)
                .add("DPoP", client.dpopProof(method, uri, token).compact());
        return RequestDraft.of(
                method, uri, body.isEmpty() ? headers : headers.add("Content-Type", "application/json"), body, key);
    }

    private static String consentToken(FapiClient client) {
        return client.clientCredentials(SCOPE).accessToken();
    }

    private static ResponseSignature verified(Exchange answer) {
        return ResponseSignature.verify(answer, strict.issuerKeys());
    }

    private static void assertRefused(Exchange answer, String description, String reason, String wanted) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.headers("www-authenticate"))
                .containsExactly("DPoP error=\"invalid_request\", error_description=\"" + description + "\"");
        assertThat(answer.headers("accept-signature")).containsExactly(wanted);
        // Keycloak's own annotation of the userinfo endpoint says no-cache.
        assertThat(answer.headers("cache-control")).containsAnyOf("no-store", "no-cache");
        assertThat(answer.error()).contains("invalid_request");
        assertThat(answer.errorDescription()).contains(description);
        assertIsUnsigned(answer);
        assertThat(realm.reasonOfTheLastEvent()).isEqualTo(reason);
    }

    private static void assertIsUnsigned(Exchange answer) {
        assertThat(answer.responseHeaders()).doesNotContainKeys("signature", "signature-input", "content-digest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ES256", "PS256", "EdDSA"})
    @Requirement({"HS-1", "HS-2", "HS-4", "HS-6"})
    void aSignedRequestIsAnsweredWithASignedResponse(String algorithm) {
        SigningKey used = Stream.of(key, psKey, edKey)
                .filter(candidate -> candidate.algorithm().equals(JWSAlgorithm.parse(algorithm)))
                .findFirst()
                .orElseThrow();
        Exchange answer = get(userinfo())
                .by(used)
                .parameter("keyid", '"' + used.keyId() + '"')
                .sign()
                .send(http);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json()).containsKey("sub");
        assertThat(answer.headers("cache-control")).contains("no-store");
        assertThat(verified(answer).components()).contains("\"content-type\"", "\"authorization\";req", "\"dpop\";req");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "?",
                "?a=b+c%20d%2Be&a=%2f%7e~",
                "?x=%C3%a9&y&&=;z?/",
                "?redirect=https://a.example/%2e%2e/b%3Fc=d",
            })
    @Requirement("HS-1")
    void theAddressCountsAsItWasSent(String query) {
        URI uri = URI.create(userinfo() + query);
        Exchange answer = get(uri).sign().send(http);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        verified(answer);
    }

    @Test
    @Requirement({"HS-1", "HS-5", "HS-6"})
    void consentsAreLodgedReadAndRevokedWithSignatures() {
        String token = consentToken(strict);
        Exchange lodged =
                draft(strict, token, "POST", consents.uri(CARDS), WISH).sign().send(http);
        assertThat(lodged.status()).as(lodged.body()).isEqualTo(201);
        assertThat(verified(lodged).components()).contains("\"content-digest\";req");
        Map<String, Object> card =
                Json.object(Json.object(lodged.json().get("wish")).get("server"));
        URI self = consents.uri(CARDS + "/" + card.get("number"));
        Exchange read = draft(strict, token, "GET", self, "").sign().send(http);
        assertThat(read.status()).as(read.body()).isEqualTo(200);
        assertThat(read.json()).isEqualTo(lodged.json());
        verified(read);
        Exchange revoked = draft(strict, token, "DELETE", self, "").sign().send(http);
        assertThat(revoked.status()).as(revoked.body()).isEqualTo(204);
        assertThat(verified(revoked).components()).doesNotContain("\"content-digest\"");
        for (String refused : List.of(CARDS + "/card.AAAAAAAAAAAAAAAAAAAAAAAAAAA", "no%20such%2fthing")) {
            Exchange unknown = draft(strict, token, "GET", consents.uri(refused), "")
                    .sign()
                    .send(http);
            assertThat(unknown.status()).as(unknown.body()).isEqualTo(404);
            verified(unknown);
        }
        Exchange malformed = draft(strict, token, "POST", consents.uri(CARDS), "{\"wish\":1}")
                .sign()
                .send(http);
        assertThat(malformed.status()).as(malformed.body()).isBetween(400, 422);
        verified(malformed);
    }

    @Test
    @Requirement({"HS-1", "HS-6"})
    void aTokenBoundToACertificateIsSignedForAsWell() {
        FapiClient pinned = consents.member(realm.addMtlsClient("pinned"));
        realm.admin().setClientAttribute(realm.name(), "pinned", "signatures", "strict");
        SigningKey own = SigningKey.generate(ES256);
        String token = consentToken(pinned);
        register("pinned", own);
        HttpCaller overTls =
                HttpCaller.over(realm.pki().sslContext(pinned.certificate().orElseThrow()));
        RequestDraft draft = RequestDraft.of(
                "POST",
                consents.uri(CARDS),
                Headers.of("Authorization", "Bearer " + token).add("Content-Type", "application/json"),
                WISH,
                own);
        Exchange unsigned = draft.sign().with("Signature", null).send(overTls);
        assertThat(unsigned.status()).isEqualTo(401);
        assertThat(unsigned.header("www-authenticate"))
                .contains("Bearer error=\"invalid_request\", error_description=\"signature_missing\"");
        assertThat(unsigned.header("accept-signature"))
                .contains("sig1=(\"@method\" \"@target-uri\" \"authorization\" \"content-digest\");created;"
                        + "tag=\"fapi-2-request\"");
        Exchange lodged = draft.sign().send(overTls);
        assertThat(lodged.status()).as(lodged.body()).isEqualTo(201);
        verified(lodged);
    }

    static Stream<Arguments> spoiltDrafts() {
        return Stream.of(
                spoilt("created_missing", draft -> draft.parameter("created", null)),
                spoilt("created_out_of_window", draft -> draft.age(71)),
                spoilt("created_out_of_window", draft -> draft.age(-60)),
                spoilt("expired", draft -> draft.parameter("expires", "1")),
                spoilt("parameter_type", draft -> draft.parameter("created", "\"1\"")),
                spoilt("tag_missing_or_wrong", draft -> draft.parameter("tag", null)),
                spoilt("tag_missing_or_wrong", draft -> draft.parameter("tag", "\"fapi-2-response\"")),
                spoilt("tag_missing_or_wrong", draft -> draft.parameter("tag", "\"FAPI-2-request\"")),
                spoilt("coverage_missing", draft -> draft.without("@method")),
                spoilt("coverage_missing", draft -> draft.without("@target-uri")),
                spoilt("coverage_missing", draft -> draft.without("authorization")),
                spoilt("coverage_missing", draft -> draft.without("dpop")),
                spoilt("coverage_missing", draft -> draft.covering(List.of())),
                spoilt("base_error", draft -> draft.covering(List.of("@method", "@method"))),
                spoilt("base_error", draft -> draft.covering(List.of("@status"))),
                spoilt("key_unknown", draft -> draft.parameter("keyid", "\"unknown\"")),
                spoilt("key_unknown", draft -> draft.parameter("keyid", null)),
                spoilt("algorithm_mismatch", draft -> draft.parameter("alg", "\"rsa-v1_5-sha256\"")),
                spoilt("algorithm_mismatch", draft -> draft.parameter("alg", "\"ES256\"")),
                spoilt("signature_invalid", draft -> draft.by(SigningKey.generate(ES256))),
                spoilt("signature_invalid", draft -> draft.by(psKey)));
    }

    private static Arguments spoilt(String reason, UnaryOperator<RequestDraft> change) {
        return Arguments.of(reason, change);
    }

    @ParameterizedTest
    @MethodSource("spoiltDrafts")
    @Requirement({"HS-1", "HS-2", "HS-3", "HS-4"})
    void aRequestThatIsNotSignedAsTheProfileWantsIsRefused(String reason, UnaryOperator<RequestDraft> change) {
        assertRefused(
                change.apply(get(userinfo())).sign().send(http), "signature_invalid", reason, WANTED.formatted(""));
    }

    static Stream<Arguments> changesOnTheWay() {
        return Stream.of(
                changed("signature_missing", request -> request.with("Signature", null)),
                changed("signature_missing", request -> request.with("Signature-Input", null)),
                changed("signature_missing", request -> request.with("Signature", "other=:AAAA:")),
                changed("signature_malformed", request -> request.with("Signature", "sig1=\"AAAA\"")),
                changed("signature_malformed", request -> request.with("Signature", "sig1=:")),
                changed("signature_malformed", request -> request.with("Signature-Input", "(((")),
                changed("signature_invalid", request -> request.with("Signature", "sig1=:AAAA:")),
                changed("signature_invalid", request -> request.with("Signature", "sig1=:" + "A".repeat(86) + "==:")),
                changed("signature_invalid", request -> request.withUri(URI.create(request.uri() + "?more"))),
                changed("signature_invalid", request -> request.withMethod("POST")));
    }

    private static Arguments changed(String reason, UnaryOperator<Signed> change) {
        return Arguments.of(reason, change);
    }

    @ParameterizedTest
    @MethodSource("changesOnTheWay")
    @Requirement({"HS-1", "HS-2"})
    void aRequestThatWasChangedOnItsWayIsRefused(String reason, UnaryOperator<Signed> change) {
        Signed request = change.apply(get(userinfo()).sign());
        // The proof has to stay good, so that it is the signature that is refused.
        Signed proven = request.method().equals("GET")
                ? request
                : request.with(
                        "DPoP",
                        strict.dpopProof(request.method(), userinfo(), userToken)
                                .compact());
        assertRefused(
                proven.send(http),
                reason.equals("signature_missing") ? "signature_missing" : "signature_invalid",
                reason,
                WANTED.formatted(""));
    }

    @ParameterizedTest
    @CsvSource({
        "digest_missing, ",
        "digest_mismatch, sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:",
        "digest_algorithm, md5=:Sd/dVLAcvNLSq16eXua5uQ==:",
        "digest_malformed, sha-256=47DEQpj8",
    })
    @Requirement("HS-5")
    void theDigestMustBeOfTheBodyThatArrives(String reason, String digest) {
        String token = consentToken(strict);
        RequestDraft draft = draft(strict, token, "POST", consents.uri(CARDS), WISH);
        Headers headers = draft.sign().with("Content-Digest", digest).headers();
        RequestDraft other = new RequestDraft(
                "POST",
                consents.uri(CARDS),
                new Headers(headers.lines().stream()
                        .filter(line -> !line.getKey().startsWith("Signature"))
                        .toList()),
                WISH,
                key,
                digest == null ? draft.without("content-digest").components() : draft.components(),
                draft.parameters());
        assertRefused(other.sign().send(http), "signature_invalid", reason, WANTED.formatted(" \"content-digest\""));
    }

    @Test
    @Requirement("HS-5")
    void anotherBodyUnderAGoodSignatureIsRefusedAndTheTokenStaysGood() {
        String token = consentToken(strict);
        URI cards = consents.uri(CARDS);
        Signed request = draft(strict, token, "POST", cards, WISH).sign();
        assertRefused(
                request.withBody(WISH + " ").send(http),
                "signature_invalid",
                "digest_mismatch",
                WANTED.formatted(" \"content-digest\""));
        Exchange unsignedDigest = draft(strict, token, "POST", cards, WISH)
                .without("content-digest")
                .sign()
                .send(http);
        assertRefused(unsignedDigest, "signature_invalid", "coverage_missing", WANTED.formatted(" \"content-digest\""));
        assertThat(draft(strict, token, "POST", cards, WISH).sign().send(http).status())
                .isEqualTo(201);
    }

    @Test
    @Requirement("HS-5")
    void aBodyThatIsTooLargeIsRefusedBeforeItIsVerified() {
        String large = "{\"wish\":\"" + "x".repeat(262_145) + "\"}";
        Exchange answer = draft(strict, consentToken(strict), "POST", consents.uri(CARDS), large)
                .sign()
                .send(http);
        assertThat(answer.status()).as(answer.body()).isEqualTo(413);
        assertIsUnsigned(answer);
        assertThat(realm.reasonOfTheLastEvent()).isEqualTo("content_too_large");
    }

    @Test
    @Requirement("HS-5")
    void aFormCannotBeVerifiedAndIsRefused() {
        RequestDraft draft = draft(strict, userToken, "POST", userinfo(), "a=b");
        Exchange answer = draft.sign()
                .with("Content-Type", "application/x-www-form-urlencoded")
                .send(http);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error()).contains("invalid_request");
        assertThat(answer.errorDescription()).contains("a signed request must not have a form as its body");
        assertThat(realm.reasonOfTheLastEvent()).isEqualTo("content_not_verifiable");
        Exchange bare = draft(strict, userToken, "POST", userinfo(), "").sign().send(http);
        assertThat(bare.status()).as(bare.body()).isEqualTo(200);
        verified(bare);
    }

    @Test
    @Requirement("HS-3")
    void theWindowIsOneMinuteAndTheSkew() {
        assertThat(get(userinfo()).age(40).sign().send(http).status()).isEqualTo(200);
        assertThat(get(userinfo()).age(-5).sign().send(http).status()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "DPoP"})
    @Requirement("HS-1")
    void moreThanOneCredentialIsAmbiguous(String header) {
        Signed request = get(userinfo()).sign();
        String value = request.headers().lines().stream()
                .filter(line -> line.getKey().equals(header))
                .findFirst()
                .orElseThrow()
                .getValue();
        Exchange answer = request.adding(header, value).send(http);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error()).contains("invalid_request");
        assertIsUnsigned(answer);
        assertThat(request.send(http).status()).isEqualTo(200);
    }

    @Test
    @Requirement("HS-7")
    void ofManyRequestsWithOneNonceOneSucceeds() throws Exception {
        String nonce = '"' + UUID.randomUUID().toString() + '"';
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Exchange>> calls = IntStream.range(0, 16)
                    .mapToObj(i -> threads.submit(() ->
                            get(userinfo()).parameter("nonce", nonce).sign().send(http)))
                    .toList();
            List<Integer> statuses = new ArrayList<>();
            for (Future<Exchange> call : calls) {
                statuses.add(call.get().status());
            }
            assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
            assertThat(statuses).filteredOn(status -> status == 401).hasSize(15);
        } finally {
            threads.shutdownNow();
        }
        assertRefused(
                get(userinfo()).parameter("nonce", nonce).sign().send(http),
                "signature_invalid",
                "replay",
                WANTED.formatted(""));
    }

    @Test
    @Requirement("HS-7")
    void aNonceOfARefusedRequestIsNotUsedUpNorIsItAnotherClients() {
        String nonce = "\"of two\"";
        RequestDraft draft = get(userinfo()).parameter("nonce", nonce);
        assertThat(draft.by(SigningKey.generate(ES256)).sign().send(http).status())
                .isEqualTo(401);
        assertThat(get(userinfo()).parameter("nonce", nonce).sign().send(http).status())
                .isEqualTo(200);
        String token = consentToken(lenient);
        RequestDraft others = draft(lenient, token, "GET", consents.uri(CARDS + "/x"), "");
        assertThat(others.parameter("nonce", nonce).sign().send(http).status()).isEqualTo(404);
    }

    @Test
    @Requirement("HS-4")
    void onlyTheKeysOfTheClientItselfCount() {
        SigningKey stranger = SigningKey.generate(ES256).withKeyId(key.keyId());
        FapiClient other = addClient("other-signer", "strict");
        register("other-signer", stranger);
        assertRefused(
                get(userinfo()).by(stranger).sign().send(http),
                "signature_invalid",
                "signature_invalid",
                WANTED.formatted(""));
        FapiClient own = other.toBuilder()
                .authenticatesWith(stranger)
                .signsRequestObjectsWith(stranger)
                .build();
        String token = consentToken(own);
        URI card = consents.uri(CARDS + "/x");
        assertThat(draft(own, token, "GET", card, "").sign().send(http).status())
                .isEqualTo(401);
        assertThat(draft(own, token, "GET", card, "")
                        .by(stranger)
                        .sign()
                        .send(http)
                        .status())
                .isEqualTo(404);
        SigningKey next = SigningKey.generate(ES256);
        register("other-signer", next);
        assertThat(draft(own, token, "GET", card, "")
                        .by(stranger)
                        .sign()
                        .send(http)
                        .status())
                .isEqualTo(401);
        RequestDraft rotated = draft(own, token, "GET", card, "").by(next);
        assertThat(rotated.parameter("keyid", '"' + next.keyId() + '"')
                        .sign()
                        .send(http)
                        .status())
                .isEqualTo(404);
    }

    @Test
    @Requirement({"HS-1", "HS-9"})
    void whereSignaturesAreAcceptedAnUnsignedRequestPassesAndABadSignatureDoesNot() {
        String token = consentToken(lenient);
        URI card = consents.uri(CARDS + "/x");
        Exchange unsigned = draft(lenient, token, "GET", card, "")
                .sign()
                .with("Signature", null)
                .with("Signature-Input", null)
                .send(http);
        assertThat(unsigned.status()).isEqualTo(404);
        assertIsUnsigned(unsigned);
        Exchange asked = draft(lenient, token, "GET", card, "")
                .sign()
                .with("Signature", null)
                .with("Signature-Input", null)
                .adding("Accept-Signature", "any=(\"@status\");created")
                .send(http);
        assertThat(asked.status()).isEqualTo(404);
        assertThat(verified(asked).components()).doesNotContain("\"signature\";req");
        assertRefused(
                draft(lenient, token, "GET", card, "")
                        .by(SigningKey.generate(ES256))
                        .sign()
                        .send(http),
                "signature_invalid",
                "signature_invalid",
                WANTED.formatted(""));
        Exchange signed = draft(lenient, token, "GET", card, "").sign().send(http);
        assertThat(signed.status()).isEqualTo(404);
        verified(signed);
    }

    @Test
    @Requirement({"HS-6", "HS-9"})
    void whereRequestsAreNotLookedAtResponsesCanBeSignedAllTheSame() {
        String token = consentToken(unheard);
        Exchange answer = draft(unheard, token, "GET", consents.uri(CARDS + "/x"), "")
                .sign()
                .with("Signature", null)
                .with("Signature-Input", "(((")
                .send(http);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.headers("signature")).hasSize(1);
    }

    /** The response could not be signed, which would be known only when the request had been carried out. */
    @Test
    @Requirement({"HS-6", "HS-9"})
    void aDigestThatNoSignatureCanCoverIsRefusedBeforeAnythingIsDone() {
        for (FapiClient client : List.of(lenient, unheard)) {
            String token = consentToken(client);
            Exchange lodged = draft(client, token, "POST", consents.uri(CARDS), WISH)
                    .sign()
                    .send(http)
                    .expect(201);
            Map<String, Object> card =
                    Json.object(Json.object(lodged.json().get("wish")).get("server"));
            URI uri = consents.uri(CARDS + "/" + card.get("number"));

            Exchange refused = draft(client, token, "DELETE", uri, "")
                    .sign()
                    .with("Signature", null)
                    .with("Signature-Input", null)
                    .adding("Accept-Signature", "any=(\"@status\");created")
                    .adding("Content-Digest", "sha-256=:\u00e9:")
                    .send(http);

            assertRefused(refused, "signature_invalid", "digest_malformed", WANTED.formatted(""));
            Exchange read =
                    draft(client, token, "GET", uri, "").sign().send(http).expect(200);
            assertThat(read.json()).as("not revoked").isEqualTo(lodged.json());
        }
    }

    @Test
    @Requirement("HS-8")
    void aClientWithoutThePolicyIsAnsweredAsEver() {
        String token = consentToken(untouched);
        Exchange answer = draft(untouched, token, "GET", consents.uri(CARDS + "/x"), "")
                .by(SigningKey.generate(ES256))
                .sign()
                .adding("Accept-Signature", "any=(\"@status\");created")
                .send(http);
        assertThat(answer.status()).isEqualTo(404);
        assertIsUnsigned(answer);
        Exchange tokens = lenient.clientCredentialsRequest(SCOPE)
                .header("Accept-Signature", "any=(\"@status\");created")
                .send();
        assertThat(tokens.status()).isEqualTo(200);
        assertIsUnsigned(tokens);
    }

    @Test
    @Requirement("HS-6")
    void whatRefusesTheTokenIsNotSigned() {
        String spoilt = userToken.substring(0, userToken.length() - 4) + "AAAA";
        Exchange answer = draft(strict, spoilt, "GET", userinfo(), "").sign().send(http);
        assertThat(answer.status()).as(answer.body()).isEqualTo(401);
        assertIsUnsigned(answer);
    }

    @Test
    @Requirement("HS-6")
    void theRealmsNewKeySignsAsSoonAsItIsThere() {
        String before = verified(get(userinfo()).sign().send(http)).keyId();
        String provider = realm.admin()
                .addKeyProvider(
                        realm.name(),
                        "newer-ps256",
                        "rsa-generated",
                        Map.of("algorithm", "PS256", "priority", "300", "keySize", "2048"));
        String after = verified(get(userinfo()).sign().send(http)).keyId();
        assertThat(after).isNotEqualTo(before);
        realm.admin().deleteComponent(realm.name(), provider);
        assertThat(verified(get(userinfo()).sign().send(http)).keyId()).isEqualTo(before);
    }
}
