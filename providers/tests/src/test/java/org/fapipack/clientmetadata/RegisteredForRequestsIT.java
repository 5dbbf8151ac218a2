package org.fapipack.clientmetadata;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static com.nimbusds.jose.JWSAlgorithm.RS256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.REDIRECT_URI;
import static org.fapipack.fixture.FapiRealm.USER;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyUse;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.overlay.Parties;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client registered about its authorization requests holds for them, under a profile that leaves the choice to the client. */
class RegisteredForRequestsIT {

    private static final String SIGNED = "require.signed.request.object";
    private static final String MAX_AGE = "default.max.age";

    private static FapiRealm realm;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().securityProfileRealm();
    }

    @Test
    @Requirement("DCR-4")
    void aClientThatRegisteredSignedRequestObjectsHasToSendThem() {
        FapiClient client = plain(realm.addDpopClient("signs"));
        assertThat(pushPlain(client).status()).isEqualTo(201);
        realm.admin().setClientAttribute(realm.name(), "signs", SIGNED, "true");

        Exchange answer = pushPlain(client);
        assertRefused(answer, "invalid_request");
        assertThat(answer.errorDescription())
                .contains("the client registered that its requests come in signed request objects");

        PendingAuthorization pending = client.begin();
        Page end = realm.browser()
                .open(client.authorizationUrl(client.push(pending).requestUri()))
                .logIn(USER, PASSWORD);
        assertThat((end.isConsent() ? end.acceptConsent() : end)
                        .redirect()
                        .parameters()
                        .first("code"))
                .isPresent();
    }

    @Test
    @Requirement({"SP-5.4.1-1", "JAR-3", "JAR-4"})
    void aClientThatRegisteredNoAlgorithmSignsAsFapiAllows() {
        SigningKey key = SigningKey.generate(ES256);
        SigningKey rs256 = SigningKey.generate(RS256);
        realm.admin()
                .createClient(
                        realm.name(),
                        Parties.dpopClient("any-alg", REDIRECT_URI, SigningKey.publicJwks(key, rs256), ES256));
        realm.setAttributeBehindThePolicysBack("any-alg", "request.object.signature.alg", "");
        FapiClient client = FapiClient.of(realm.pki(), realm.issuer(), "any-alg")
                .authenticatesWith(key)
                .bindsTokensTo(SigningKey.generate(ES256))
                .redirectUri(REDIRECT_URI)
                .responseMode(null)
                .build();
        JwtDraft draft = client.requestObject(client.begin());

        Exchange byRs256 = push(client, draft.signedBy(rs256).compact());
        assertRefused(byRs256, "invalid_request_object");
        assertThat(byRs256.errorDescription())
                .contains("the request object must be signed with one of PS256, ES256, EdDSA");
        assertRefused(push(client, draft.unsigned().compact()), "invalid_request_object");
        JWK realmKey = client.issuerKeys().getKeys().stream()
                .filter(candidate -> KeyUse.ENCRYPTION.equals(candidate.getKeyUse()))
                .findFirst()
                .orElseThrow();
        assertRefused(
                push(
                        client,
                        draft.unsigned().encryptedTo(realmKey, JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)),
                "invalid_request_object");
        assertRefused(
                push(client, draft.onlyEncryptedTo(realmKey, JWEAlgorithm.RSA_OAEP_256, EncryptionMethod.A256GCM)),
                "invalid_request_object");

        assertThat(push(client, draft.compact()).status()).isEqualTo(201);
    }

    @Test
    @Requirement("DCR-4")
    void aRegisteredAgeOfTheLoginHoldsUnlessTheRequestNamesOne() throws InterruptedException {
        FapiClient client = plain(realm.addDpopClient("fresh"));
        Browser browser = realm.browser();
        Page first = open(browser, client, plainRequest(client)).logIn(USER, PASSWORD);
        assertThat((first.isConsent() ? first.acceptConsent() : first).isClientRedirect())
                .isTrue();
        realm.admin().setClientAttribute(realm.name(), "fresh", MAX_AGE, "1");
        Thread.sleep(2_500); // until the login is too old; a slow machine makes it older

        Page again = open(browser, client, plainRequest(client));
        assertThat(again.isClientRedirect())
                .as("the login is older than the registered second")
                .isFalse();
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text()).containsIgnoringCase("password");
        assertThat(open(browser, client, plainRequest(client).set("max_age", "3600"))
                        .isClientRedirect())
                .as("the request's own age goes before")
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "soon", "2147483648"})
    @Requirement("DCR-4")
    void anAgeThatIsNoneIsTheClientsDefectNotTheServers(String value) {
        String clientId = "age-" + value;
        FapiClient client = plain(realm.addDpopClient(clientId));
        realm.setAttributeBehindThePolicysBack(clientId, MAX_AGE, value);
        assertRefused(pushPlain(client), "invalid_request");
        realm.setAttributeBehindThePolicysBack(clientId, MAX_AGE, "2147483647");
        assertThat(pushPlain(client).status()).isEqualTo(201);
    }

    private static FapiClient plain(FapiClient client) {
        return client.toBuilder().responseMode(null).build();
    }

    private static Form plainRequest(FapiClient client) {
        return client.plainParameters(client.begin());
    }

    private static Page open(Browser browser, FapiClient client, Form parameters) {
        Exchange pushed = client.pushedAuthorizationRequest(parameters).send().expect(201);
        return browser.open(client.authorizationUrl((String) pushed.json().get("request_uri")));
    }

    private static Exchange pushPlain(FapiClient client) {
        return client.pushedAuthorizationRequest(plainRequest(client)).send();
    }

    private static Exchange push(FapiClient client, String requestObject) {
        return client.pushedAuthorizationRequest(Form.of("client_id", client.clientId(), "request", requestObject))
                .send();
    }

    private static void assertRefused(Exchange answer, String error) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).contains(error);
    }
}
