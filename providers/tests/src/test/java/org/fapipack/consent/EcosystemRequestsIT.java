package org.fapipack.consent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.fapipack.consent.Ecosystem.Kind;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.jose.JwtDraft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an ecosystem's profile refuses in requests that other profiles take. */
class EcosystemRequestsIT {

    private static EcosystemRealm realm;
    private static FapiClient client;
    private static Kind kind;
    private static String consent;

    @BeforeAll
    static void lodgeAConsent() {
        Ecosystem ecosystem = Ecosystem.of("brazil-open-finance");
        realm = EcosystemRealm.of(ecosystem);
        client = realm.addClient("institution");
        kind = ecosystem.kinds().get(0);
        consent = realm.lodged(client, kind);
    }

    @AfterEach
    void theSameRequestWithoutItIsTaken() {
        assertThat(push(request()).status()).isEqualTo(201);
    }

    @Test
    @Requirement("BR-SEC-4")
    void anIdTokenHintIsRefused() {
        Exchange answer = push(request().claim("id_token_hint", "e30.e30.e30"));

        assertRefused(answer, 400, "invalid_request");
        assertThat(answer.errorDescription()).contains("id_token_hint must not be sent");
    }

    @Test
    @Requirement("BR-SEC-4")
    void neitherStandsItBesideTheRequestObject() {
        Exchange answer = client.pushedAuthorizationRequest(request())
                .set("id_token_hint", "e30.e30.e30")
                .send();

        assertRefused(answer, 400, "invalid_request");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x5u", "x5c", "jku", "jwk"})
    @Requirement("BR-SEC-5")
    void aKeyInTheHeaderOfARequestObjectIsRefused(String parameter) {
        assertRefused(push(with(request(), parameter)), 400, "invalid_request_object");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x5u", "x5c", "jku", "jwk"})
    @Requirement("BR-SEC-5")
    void aKeyInTheHeaderOfAClientAssertionIsRefused(String parameter) {
        assertRefused(
                client.pushedAuthorizationRequest(request())
                        .clientAssertion(with(client.clientAssertion(), parameter))
                        .send(),
                401,
                "invalid_client");
        assertRefused(
                client.tokenRequest(Form.of("grant_type", "client_credentials", "scope", "consents"))
                        .clientAssertion(with(client.clientAssertion(), parameter))
                        .send(),
                401,
                "invalid_client");
    }

    private static JwtDraft with(JwtDraft draft, String parameter) {
        Object value = switch (parameter) {
            case "jwk" -> Map.of("kty", "RSA");
            case "x5c" -> List.of("MIIB");
            default -> "https://institution.example.test/keys";
        };
        return draft.header(parameter, value);
    }

    private static JwtDraft request() {
        return realm.request(client, client.begin(), kind.requestScopes(), consent);
    }

    private static Exchange push(JwtDraft requestObject) {
        return client.pushedAuthorizationRequest(requestObject).send();
    }

    private static void assertRefused(Exchange answer, int status, String error) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).contains(error);
    }
}
