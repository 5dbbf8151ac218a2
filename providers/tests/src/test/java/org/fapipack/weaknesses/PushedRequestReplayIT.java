package org.fapipack.weaknesses;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.REDIRECT_URI;
import static org.fapipack.fixture.FapiRealm.USER;
import static org.fapipack.weaknesses.Replay.assertRefused;
import static org.fapipack.weaknesses.Replay.saveBeforeThePolicy;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.fixture.Weakness;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.PushedRequest;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.jose.JwtDraft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Published attacks on request objects, pushed requests and redirect URIs. */
class PushedRequestReplayIT {

    private static FapiRealm realm;
    private static FapiClient client;
    private static FapiClient wildcard;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addDpopClient("owner");
        wildcard = realm.addDpopClient("wildcard");
        saveBeforeThePolicy(
                realm,
                "wildcard",
                Map.of(
                        "redirectUris",
                        List.of("https://client.example.test/*", "http://localhost", "http://127.0.0.1")));
    }

    @AfterEach
    void theRightfulOwnerGoesOn() {
        assertThat(realm.tokensFor(client).accessToken()).isNotEmpty();
    }

    @Test
    @Weakness("CVE-2026-9793")
    @Requirement({"JAR-4", "SP-5.3.2.2-3"})
    void encryptionIsNoSignature() {
        JwtDraft draft = client.requestObject(client.begin());
        for (String requestObject : List.of(
                draft.onlyEncryptedTo(realmKey(), JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM),
                draft.unsigned().encryptedTo(realmKey(), JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM))) {
            Form form = Form.of("client_id", client.clientId(), "request", requestObject);
            assertRefused(client.pushedAuthorizationRequest(form).send(), 400, "invalid_request_object");
            Page page = realm.browser().open(client.authorizationUrl(form));
            assertThat(page.status()).isEqualTo(400);
            assertThat(page.isClientRedirect()).isFalse();
        }
    }

    @Test
    @Weakness("keycloak#50135")
    @Requirement("PAR-7")
    void aRequestUriOfOneRealmIsUnknownInAnother() {
        FapiRealm other = KeycloakUnderTest.running().messageSigningRealm();
        other.addDpopClient(client.clientId());
        PendingAuthorization pending = client.begin();
        String requestUri = client.push(pending).requestUri();
        FapiClient namesake = client.toBuilder().issuer(other.issuer()).build();
        Page page = other.browser().open(namesake.authorizationUrl(requestUri));
        assertThat(page.status()).isEqualTo(400);
        assertThat(page.isClientRedirect()).isFalse();

        assertThat(client.verifyJarm(
                                realm.browser().logInAndConsent(client.authorizationUrl(requestUri), USER, PASSWORD),
                                pending)
                        .code())
                .isNotEmpty();
    }

    @Test
    @Weakness("CVE-2024-4540")
    @Requirement("PAR-7")
    void cookiesTellNothingOfThePushedRequest() {
        PendingAuthorization pending = client.begin();
        Browser browser = realm.browser();
        Page page = browser.open(client.authorizationUrl(client.push(pending).requestUri()));
        assertThat(page.isLogin()).isTrue();
        List<String> cookies = browser.history().stream()
                .flatMap(exchange -> exchange.headers("Set-Cookie").stream())
                .toList();
        assertThat(cookies)
                .anyMatch(cookie -> cookie.startsWith("KC_RESTART="))
                .allSatisfy(cookie -> assertThat(legible(cookie))
                        .doesNotContain(
                                pending.nonce(), pending.codeChallenge(), "code_challenge", "client_assertion"));
    }

    @ParameterizedTest
    @CsvSource({
        "https://client.example.test/..;/evil, CVE-2026-3872",
        "https://client.example.test/%2e%2e/evil, CVE-2026-3872",
        "https://client.example.test/callback/%252e%252e/evil, CVE-2026-3872",
        "https://client.example.test@evil@evil.test/callback, CVE-2026-7504",
        "https://x@y@client.example.test/callback, CVE-2026-7504",
        "https://x@client.example.test/callback, CVE-2023-6291",
        "https://client.example.test%2f@evil.test/callback, CVE-2023-6291",
        "https://client.example.test.evil.test/callback, CVE-2023-6291",
        "http://localhost@evil.test/callback, CVE-2024-8883",
        "http://localhost.evil.test/callback, CVE-2024-8883",
        "http://127.0.0.1:80@evil.test/, CVE-2024-8883",
        "https://client.example.test/callback?code=x&state=y, CVE-2026-9689",
        "https://client.example.test/callback?Response=x, CVE-2026-9689",
        "https://client.example.test/callback?%69ss=x, CVE-2026-9689",
        "https://client.example.test/callback#code=x, CVE-2026-18209",
        "https://client.example.test/callback#response=x, CVE-2026-18209",
        "https://client.example.test/callback#x, CVE-2026-18209",
        "https://client.example.test/*, CVE-2026-9689"
    })
    @Weakness({"CVE-2023-6291", "CVE-2024-8883", "CVE-2026-3872", "CVE-2026-7504", "CVE-2026-9689", "CVE-2026-18209"})
    @Requirement("PAR-13")
    void anotherRedirectUriIsRefusedWhenItIsPushed(String redirectUri, String weakness) {
        for (FapiClient party : List.of(client, wildcard)) {
            assertRefused(
                    party.pushedAuthorizationRequest(
                                    party.requestObject(party.begin()).claim("redirect_uri", redirectUri))
                            .send(),
                    400,
                    "invalid_request");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "javascript:alert(1)//",
        "JavaScript://client.example.test/%0aalert(1)",
        "data:text/html;x",
        "https://evil.test/callback",
        "//evil.test/callback"
    })
    @Weakness({"CVE-2023-6134", "CVE-2023-6927"})
    @Requirement("PAR-13")
    void noFormIsPostedElsewhere(String redirectUri) {
        for (FapiClient party : List.of(client, wildcard)) {
            assertRefused(
                    party.pushedAuthorizationRequest(party.requestObject(party.begin())
                                    .claim("redirect_uri", redirectUri)
                                    .claim("response_mode", "form_post.jwt"))
                            .send(),
                    400,
                    "invalid_request");
        }
    }

    @Test
    @Weakness({"CVE-2026-9689", "CVE-2026-18209"})
    @Requirement("DCR-10")
    void aClientWithAWildcardFromBeforeThePolicyHasToNameItsAddresses() {
        var answer = wildcard.pushedAuthorizationRequest(wildcard.requestObject(wildcard.begin()))
                .send();
        assertRefused(answer, 400, "invalid_request");
        assertThat(answer.errorDescription()).get().asString().contains("wildcard");

        FapiClient mended = realm.addDpopClient("mended");
        saveBeforeThePolicy(realm, "mended", Map.of("redirectUris", List.of("https://client.example.test/*")));
        realm.admin().updateClient(realm.name(), "mended", Map.of("redirectUris", List.of(REDIRECT_URI.toString())));
        assertThat(PushedRequest.from(mended.pushedAuthorizationRequest(mended.requestObject(mended.begin()))
                                .send())
                        .requestUri())
                .isNotEmpty();
    }

    private static JWK realmKey() {
        return client.issuerKeys().getKeys().stream()
                .filter(key -> KeyUse.ENCRYPTION.equals(key.getKeyUse()))
                .findFirst()
                .orElseThrow();
    }

    /** A cookie with each of its parts that is base64url as text beside it. */
    private static String legible(String cookie) {
        String value = cookie.substring(cookie.indexOf('=') + 1).split(";", -1)[0];
        return Stream.concat(
                        Stream.of(cookie),
                        Stream.of(value.split("\\.", -1))
                                .filter(part -> part.matches("[A-Za-z0-9_-]+"))
                                .map(part -> new String(
                                        Base64.getUrlDecoder()
                                                .decode(part.substring(
                                                        0, part.length() - (part.length() % 4 == 1 ? 1 : 0))),
                                        ISO_8859_1)))
                .reduce("", (all, part) -> all + '\n' + part);
    }
}
