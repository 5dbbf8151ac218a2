package org.fapipack.requestobject;

import static com.nimbusds.jose.JWSAlgorithm.EdDSA;
import static com.nimbusds.jose.JWSAlgorithm.PS256;
import static com.nimbusds.jose.JWSAlgorithm.RS256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSAEncrypter;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A signed request object is demanded, and fully checked, when it is pushed. */
class RequestObjectIT {

    private static FapiRealm realm;
    private static FapiClient client;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addDpopClient("request-objects");
    }

    @AfterEach
    void theRightfulOwnerGoesOn() {
        assertThat(client.pushedAuthorizationRequest(client.requestObject(client.begin()))
                        .send()
                        .status())
                .isEqualTo(201);
    }

    @Test
    @Requirement("MS-5.3.1-1")
    void refusesAPushWithoutRequestObject() {
        Exchange answer = client.pushedAuthorizationRequest(client.plainParameters(client.begin()))
                .send();
        assertRefused(answer, "invalid_request", "the request parameter with a signed request object is required");
    }

    @Test
    @Requirement("MS-5.3.1-1")
    void refusesAnEmptyRequestObject() {
        Form form = client.plainParameters(client.begin()).set("request", "");
        Exchange answer = client.pushedAuthorizationRequest(form).send();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).get().isIn("invalid_request", "invalid_request_object");
    }

    @Test
    @Requirement("PAR-12")
    void refusesTwoRequestObjects() {
        assertRefused(
                client.pushedAuthorizationRequest(client.requestObject(client.begin()))
                        .add("request", "x")
                        .send(),
                "invalid_request",
                "request must not be sent more than once");
    }

    static Stream<Arguments> defects() {
        return Stream.of(
                defect("MS-5.3.1-2 no aud", draft -> draft.withoutClaim("aud"), "aud must be the issuer"),
                defect(
                        "MS-5.3.1-2 another aud",
                        draft -> draft.claim("aud", "https://as.example.com"),
                        "aud must be the issuer"),
                defect(
                        "MS-5.3.1-2 the token endpoint as aud",
                        draft -> draft.claim("aud", client.issuer() + "/protocol/openid-connect/token"),
                        "aud must be the issuer"),
                defect("MS-5.3.1-2 an empty aud", draft -> draft.claim("aud", List.of()), "aud must be the issuer"),
                defect("MS-5.3.1-3 no nbf", draft -> draft.withoutClaim("nbf"), "must contain nbf"),
                defect("MS-5.3.1-3 nbf as text", draft -> draft.claim("nbf", "now"), "must contain nbf"),
                defect(
                        "MS-5.3.1-3 nbf more than an hour ago",
                        draft -> times(draft, -3660, 60),
                        "nbf lies more than 3600 seconds in the past"),
                defect("MS-5.3.1-3 nbf ahead", draft -> times(draft, 90, 120), "nbf lies in the future"),
                defect("MS-5.3.1-4 no exp", draft -> draft.withoutClaim("exp"), "must contain exp"),
                defect("MS-5.3.1-4 expired", draft -> times(draft, -300, -1), "has expired"),
                defect(
                        "MS-5.3.1-4 exp too far from nbf",
                        draft -> times(draft, 0, 3601),
                        "exp may be at most 3600 seconds after nbf"),
                defect(
                        "JAR-6 iat ahead",
                        draft -> draft.claim("iat", Instant.now().plusSeconds(90)),
                        "iat lies in the future"),
                defect("MS-5.3.1-x no iss", draft -> draft.withoutClaim("iss"), "iss must be the client_id"),
                defect("MS-5.3.1-x another iss", draft -> draft.claim("iss", "somebody"), "iss must be the client_id"),
                defect(
                        "MS-5.3.1-y no client_id",
                        draft -> draft.withoutClaim("client_id"),
                        "must contain the client_id"),
                defect(
                        "MS-5.3.1-5 another typ",
                        draft -> draft.header("typ", "at+jwt"),
                        "typ must be oauth-authz-req+jwt"),
                defect("CA-8 crit", draft -> draft.header("crit", List.of("exp")), "must not contain crit"),
                defect(
                        "SP-5.4.2 x5u",
                        draft -> draft.header("x5u", "https://client.example.test/c"),
                        "none of x5u, x5c, jku and jwk"),
                defect("SP-5.4.2 x5c", draft -> draft.header("x5c", List.of("MIIB")), "none of x5u, x5c, jku and jwk"),
                defect(
                        "SP-5.4.2 jku",
                        draft -> draft.header("jku", "https://client.example.test/k"),
                        "none of x5u, x5c, jku and jwk"),
                defect(
                        "SP-5.4.2 jwk",
                        draft -> draft.header("jwk", Map.of("kty", "EC")),
                        "none of x5u, x5c, jku and jwk"),
                defect("JAR-1 a request inside", draft -> draft.claim("request", "x"), "must not contain request"),
                defect(
                        "JAR-2 sub is the client",
                        draft -> draft.claim("sub", "request-objects"),
                        "must not contain sub"),
                defect("a member twice", RequestObjectIT::withAMemberTwice, "without duplicate members"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("defects")
    @Requirement({
        "MS-5.3.1-1",
        "MS-5.3.1-2",
        "MS-5.3.1-3",
        "MS-5.3.1-4",
        "MS-5.3.1-5",
        "MS-5.3.1-x",
        "MS-5.3.1-y",
        "SP-5.4.2",
        "JAR-1",
        "JAR-2",
        "JAR-6"
    })
    void refusesADefectAtPar(String name, UnaryOperator<JwtDraft> spoil, String description) {
        Exchange answer = push(spoil.apply(client.requestObject(client.begin())));
        assertRefused(answer, "invalid_request_object", description);
    }

    /** Stock reads these before any policy is asked, so only the error code is ours to promise. */
    static Stream<Arguments> signatureDefects() {
        SigningKey stranger = SigningKey.generate(com.nimbusds.jose.JWSAlgorithm.ES256);
        SigningKey rsa = SigningKey.generate(RS256);
        return Stream.of(
                defect("JAR-3 alg none", JwtDraft::unsigned, ""),
                defect(
                        "HS256 with a public value",
                        draft -> draft.signedWithSecret(
                                "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8)),
                        ""),
                defect("RS256", draft -> draft.signedBy(rsa), ""),
                defect("another client's key", draft -> draft.signedBy(stranger), ""),
                defect("a broken signature", JwtDraft::withBrokenSignature, ""),
                defect("another client's client_id", draft -> draft.claim("client_id", "somebody"), ""),
                defect("JAR-1 a request_uri inside", draft -> draft.claim("request_uri", "urn:x"), ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("signatureDefects")
    @Requirement({"MS-5.3.1-z", "JAR-3"})
    void refusesABadSignatureAtPar(String name, UnaryOperator<JwtDraft> spoil, String ignored) {
        Exchange answer = push(spoil.apply(client.requestObject(client.begin())));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).contains("invalid_request_object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "RS256", "HS256", "PS384"})
    @Requirement("MS-5.3.1-z")
    void refusesAlgorithmsThatStockTakesFromAClientWithoutARegisteredOne(String alg) {
        FapiClient lax = realm.addDpopClient("lax-" + alg.toLowerCase(java.util.Locale.ROOT), PS256);
        realm.setAttributeBehindThePolicysBack(lax.clientId(), "request.object.signature.alg", "");
        JwtDraft draft = lax.requestObject(lax.begin());
        Exchange answer = lax.pushedAuthorizationRequest(
                        alg.equals("none") ? draft.unsigned() : draft.header("alg", alg))
                .send();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains("invalid_request_object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"garbage", "a.b.c", "a.b.c.d.e", "....", "e30.e30.e30"})
    void refusesGarbage(String requestObject) {
        Exchange answer = client.pushedAuthorizationRequest(
                        Form.of("client_id", client.clientId(), "request", requestObject))
                .send();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains("invalid_request_object");
    }

    static Stream<Arguments> accepted() {
        return Stream.of(
                defect(
                        "several audiences",
                        draft -> draft.claim("aud", List.of("https://other.example.com", client.issuer())),
                        ""),
                defect("typ JWT", draft -> draft.header("typ", "JWT"), ""),
                defect("no typ", draft -> draft.withoutHeader("typ"), ""),
                defect("no iat", draft -> draft.withoutClaim("iat"), ""),
                defect(
                        "nbf and iat 8 seconds ahead",
                        draft -> times(draft, 8, 100).claim("iat", Instant.now().plusSeconds(8)),
                        ""),
                defect("nbf almost an hour ago", draft -> times(draft, -3570, 20), ""),
                defect("exp exactly an hour after nbf", draft -> times(draft, -10, 3590), ""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("accepted")
    @Requirement({"MS-5.3.1-2", "MS-5.3.1-3", "MS-5.3.1-4", "MS-5.3.1-5", "JAR-6", "JAR-8"})
    void acceptsTheLastAllowedValue(String name, UnaryOperator<JwtDraft> change, String ignored) {
        assertThat(push(change.apply(client.requestObject(client.begin()))).status())
                .isEqualTo(201);
    }

    @Test
    @Requirement("MS-5.3.1-z")
    void acceptsTheFapiAlgorithms() {
        FapiClient ps256 = realm.addDpopClient("ps256", PS256);
        assertThat(ps256.push(ps256.begin()).requestUri()).startsWith("urn:ietf:params:oauth:request_uri:");

        FapiClient edDsa = realm.addDpopClient("eddsa");
        SigningKey key = SigningKey.generate(EdDSA);
        Map<String, Object> registered = realm.admin().client(realm.name(), "eddsa");
        String jwks = Json.text(Json.object(registered.get("attributes")), "jwks.string")
                .orElseThrow();
        String both = jwks.replace("]}", "," + Json.write(key.publicJwk().toJSONObject()) + "]}");
        realm.admin().setClientAttribute(realm.name(), "eddsa", "jwks.string", both);
        // Stock's secure-signature-algorithm does not let EdDSA be registered, though it is verified.
        realm.setAttributeBehindThePolicysBack("eddsa", "request.object.signature.alg", "EdDSA");
        assertThat(edDsa.pushedAuthorizationRequest(
                                edDsa.requestObject(edDsa.begin()).signedBy(key))
                        .send()
                        .status())
                .isEqualTo(201);
    }

    @Test
    @Requirement({"PAR-15", "JAR-4"})
    void anEncryptedRequestObjectMustBeSignedInside() {
        JWK realmKey = client.issuerKeys().getKeys().stream()
                .filter(key -> KeyUse.ENCRYPTION.equals(key.getKeyUse()))
                .findFirst()
                .orElseThrow();
        JwtDraft draft = client.requestObject(client.begin());
        assertThat(pushCompact(draft.encryptedTo(realmKey, JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM))
                        .status())
                .isEqualTo(201);

        assertThat(pushCompact(draft.onlyEncryptedTo(realmKey, JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)))
                .satisfies(answer -> assertThat(answer.error()).contains("invalid_request_object"));
        assertThat(pushCompact(
                        draft.unsigned().encryptedTo(realmKey, JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)))
                .satisfies(answer -> assertThat(answer.error()).contains("invalid_request_object"));
        assertRefused(
                pushCompact(draft.claim("aud", "https://as.example.com")
                        .encryptedTo(realmKey, JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)),
                "invalid_request_object",
                "aud must be the issuer");
    }

    @Test
    @Requirement("SP-5.4.2")
    void neitherHeaderOfAnEncryptedRequestObjectBringsAKey() throws JOSEException {
        JWK realmKey = client.issuerKeys().getKeys().stream()
                .filter(key -> KeyUse.ENCRYPTION.equals(key.getKeyUse()))
                .findFirst()
                .orElseThrow();
        JwtDraft draft = client.requestObject(client.begin());
        JWEObject outer = new JWEObject(
                new JWEHeader.Builder(JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)
                        .keyID(realmKey.getKeyID())
                        .contentType("JWT")
                        .jwkURL(URI.create("https://client.example.test/k"))
                        .build(),
                new Payload(draft.compact()));
        outer.encrypt(new RSAEncrypter(realmKey.toRSAKey()));
        assertRefused(pushCompact(outer.serialize()), "invalid_request_object", "none of x5u, x5c, jku and jwk");
        assertRefused(
                pushCompact(draft.header("x5u", "https://client.example.test/c")
                        .encryptedTo(realmKey, JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)),
                "invalid_request_object",
                "none of x5u, x5c, jku and jwk");
    }

    @Test
    void aKeyInTheHeaderCanBeAllowedAndIsIgnored() {
        FapiRealm lenient = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient pusher = lenient.addDpopClient("brings-keys");
        lenient.configure("fapi-request-object", Map.of("key-in-header-allowed", true));
        SigningKey stranger = SigningKey.generate(com.nimbusds.jose.JWSAlgorithm.ES256);
        JwtDraft draft = pusher.requestObject(pusher.begin())
                .header("jwk", stranger.publicJwk().toJSONObject());
        assertThat(pusher.pushedAuthorizationRequest(draft).send().status()).isEqualTo(201);
        assertThat(pusher.pushedAuthorizationRequest(draft.secretlySignedBy(stranger))
                        .send()
                        .error())
                .contains("invalid_request_object");
    }

    @Test
    void encryptionCanBeDemanded() {
        FapiRealm demanding = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient pusher = demanding.addDpopClient("encrypts");
        demanding.configure("fapi-request-object", Map.of("encryption-required", true));
        assertRefused(
                pusher.pushedAuthorizationRequest(pusher.requestObject(pusher.begin()))
                        .send(),
                "invalid_request_object",
                "must be encrypted");
    }

    @Test
    void theWindowCanBeNarrowed() {
        FapiRealm narrow = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient pusher = narrow.addDpopClient("narrow");
        narrow.configure("fapi-request-object", Map.of("max-lifetime-seconds", 120, "max-age-seconds", 60));
        assertThat(pusher.pushedAuthorizationRequest(times(pusher.requestObject(pusher.begin()), 0, 120))
                        .send()
                        .status())
                .isEqualTo(201);
        assertRefused(
                pusher.pushedAuthorizationRequest(times(pusher.requestObject(pusher.begin()), 0, 121))
                        .send(),
                "invalid_request_object",
                "at most 120 seconds");
        assertRefused(
                pusher.pushedAuthorizationRequest(times(pusher.requestObject(pusher.begin()), -70, 30))
                        .send(),
                "invalid_request_object",
                "more than 60 seconds in the past");
    }

    @Test
    @Requirement("MS-5.3.1-1")
    void aRequestPushedBeforeThePolicyIsRefusedWhenItIsOpened() {
        FapiRealm late = KeycloakUnderTest.running().messageSigningRealm();
        late.remove("fapi-pushed-authorization");
        FapiClient pusher = late.addDpopClient("early-bird");
        List<Map<String, Object>> policies = late.admin().clientPolicies(late.name());
        late.admin().setClientPolicies(late.name(), List.of());
        PendingAuthorization pending = pusher.begin();
        String requestUri = pusher.push(pusher.requestObject(pending).claim("aud", "https://as.example.com"))
                .requestUri();
        late.admin().setClientPolicies(late.name(), policies);

        Page page = late.browser().open(pusher.authorizationUrl(requestUri));
        assertThat(pusher.verifyJarm(page.redirect(), pending).error()).contains("invalid_request_uri");
    }

    @Test
    @Requirement("MS-5.3.1-4")
    void anObjectThatExpiredSinceItWasPushedIsRefusedWhenItIsOpened() throws Exception {
        PendingAuthorization pending = client.begin();
        String requestUri =
                client.push(times(client.requestObject(pending), 0, 3)).requestUri();
        Thread.sleep(3_500);
        Page page = realm.browser().open(client.authorizationUrl(requestUri));
        assertThat(client.verifyJarm(page.redirect(), pending).error()).contains("invalid_request_object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"state", "scope", "nonce", "prompt", "unheard_of"})
    @Requirement("PAR-14")
    void refusesAParameterBesideTheRequestObject(String name) {
        assertRefused(
                client.pushedAuthorizationRequest(client.requestObject(client.begin()))
                        .set(name, "x")
                        .send(),
                "invalid_request",
                name + " must be inside the request object");
    }

    @Test
    @Requirement("PAR-19")
    void saysWhatIsWrongEvenWhereKeycloakFindsIt() {
        Exchange answer = push(client.requestObject(client.begin()).withBrokenSignature());
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.error()).contains("invalid_request_object");
        assertThat(answer.errorDescription())
                .get()
                .asString()
                .isNotEqualTo("invalidRequestMessage")
                .contains(" ");
    }

    @Test
    void aGoodOneLeadsToACode() {
        PendingAuthorization pending = client.begin();
        var redirect = realm.browser()
                .logInAndConsent(client.authorizationUrl(client.push(pending).requestUri()), USER, PASSWORD);
        assertThat(client.verifyJarm(redirect, pending).code()).isNotEmpty();
    }

    private static Exchange push(JwtDraft draft) {
        return client.pushedAuthorizationRequest(draft).send();
    }

    private static Exchange pushCompact(String requestObject) {
        return client.pushedAuthorizationRequest(Form.of("client_id", client.clientId(), "request", requestObject))
                .send();
    }

    private static JwtDraft times(JwtDraft draft, long nbfSeconds, long expSeconds) {
        Instant now = Instant.now();
        return draft.claim("nbf", now.plusSeconds(nbfSeconds)).claim("exp", now.plusSeconds(expSeconds));
    }

    private static JwtDraft withAMemberTwice(JwtDraft draft) {
        String json = Json.write(draft.claims());
        return draft.payload(json.substring(0, json.length() - 1) + ",\"scope\":\"openid payments\"}");
    }

    private static void assertRefused(Exchange answer, String error, String description) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).contains(error);
        assertThat(answer.errorDescription()).get().asString().contains(description);
        assertThat(answer.json()).doesNotContainKey("request_uri");
    }

    private static Arguments defect(String name, UnaryOperator<JwtDraft> spoil, String description) {
        return Arguments.of(name, spoil, description);
    }
}
