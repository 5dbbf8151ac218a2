package org.fapipack.clientmetadata;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.client.EndpointCall;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.jose.CompactJwt;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an administrator may set on a client under the policy, and what becomes of one that was set before. */
class ClientMetadataIT {

    private static FapiRealm realm;
    private static FapiClient client;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addDpopClient("metadata", ES256);
    }

    @ParameterizedTest
    @ValueSource(strings = {"PS256", "ES256", "EdDSA"})
    @Requirement({"MS-5.6", "SP-5.4.1-1"})
    void anIdTokenIsSignedAsTheClientRegistered(String algorithm) {
        realm.admin().setClientAttribute(realm.name(), client.clientId(), "id.token.signed.response.alg", algorithm);
        assertThat(header(realm.tokensFor(client).idToken().orElseThrow())).containsEntry("alg", algorithm);
    }

    /** An ID token says no typ (there is no such claim in OpenID Connect), and Keycloak takes a JWT without one for a refresh token. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anIdTokenRefreshesNothingAndEndsNothing(boolean refreshes) {
        FapiClient app = realm.addDpopClient("refreshes-" + refreshes, ES256);
        realm.admin()
                .setClientAttribute(realm.name(), app.clientId(), "use.refresh.tokens", Boolean.toString(refreshes));
        Tokens tokens = realm.tokensFor(app);
        assertThat(tokens.refreshToken().isPresent()).isEqualTo(refreshes);
        String idToken = tokens.idToken().orElseThrow();

        Exchange refreshed = app.refreshRequest(idToken).send();
        assertThat(refreshed.status()).as(refreshed.body()).isEqualTo(400);
        assertThat(refreshed.error()).contains("invalid_grant");
        Exchange ended = app.call("end_session_endpoint", Form.of("refresh_token", idToken))
                .send();
        assertThat(ended.status()).as(ended.body()).isEqualTo(400);

        assertThat(app.callApi(app.metadata().endpoint(ServerMetadata.USERINFO), tokens.accessToken())
                        .status())
                .isEqualTo(200);
        tokens.refreshToken()
                .ifPresent(token -> assertThat(app.refresh(token).accessToken()).isNotEmpty());
    }

    @Test
    @Requirement("MS-5.6")
    void byPs256WhereItRegisteredNothing() {
        FapiClient silent = realm.addDpopClient("silent", ES256);
        realm.admin().setClientAttribute(realm.name(), "silent", "id.token.signed.response.alg", "");
        assertThat(header(realm.tokensFor(silent).idToken().orElseThrow())).containsEntry("alg", "PS256");
    }

    @ParameterizedTest
    @CsvSource({
        "access.token.signed.response.alg, RS256, must be one of",
        "id.token.encrypted.response.alg, RSA1_5, must be one of",
        "fullScopeAllowed, true, full scope"
    })
    @Requirement("SP-5.4.1-1")
    void aClientFromBeforeThePolicyGetsNoTokensByAnyGrant(String member, String value, String description) {
        String clientId = "grants-" + member.replace('.', '-');
        FapiClient late = realm.addDpopClient(clientId, ES256);
        realm.admin().updateClient(realm.name(), clientId, Map.of("serviceAccountsEnabled", true));
        String refreshToken = realm.tokensFor(late).refreshToken().orElseThrow();

        saveBeforeThePolicy(clientId, member, value);
        for (EndpointCall call :
                List.of(late.clientCredentialsRequest("accounts"), late.refreshRequest(refreshToken))) {
            Exchange answer = call.send();
            assertThat(answer.status()).as(answer.body()).isEqualTo(400);
            assertThat(answer.error()).contains("invalid_request");
            assertThat(answer.errorDescription()).get().asString().contains(description);
        }

        saveBeforeThePolicy(clientId, member, value.equals("true") ? "false" : "");
        assertThat(late.refresh(refreshToken).accessToken())
                .as("mended, it goes on")
                .isNotEmpty();
    }

    /** In a realm that was not made from a template. */
    @Test
    @Requirement("SP-5.4.1-1")
    void anotherDefaultOfTheRealmSignsNoToken() {
        FapiRealm own = KeycloakUnderTest.running().messageSigningRealm();
        own.admin().updateRealm(own.name(), Map.of("defaultSignatureAlgorithm", "RS256"));
        FapiClient app = own.addDpopClient("app", ES256);
        own.admin().setClientAttribute(own.name(), "app", "access.token.signed.response.alg", "");
        Tokens tokens = own.tokensFor(app);
        assertThat(header(tokens.accessToken())).containsEntry("alg", "PS256");
        String refreshToken = tokens.refreshToken().orElseThrow();

        for (String member : List.of("access.token.signed.response.alg", "id.token.signed.response.alg")) {
            own.setAttributeBehindThePolicysBack("app", member, "");
            for (EndpointCall call : List.of(
                    app.pushedAuthorizationRequest(app.requestObject(app.begin())), app.refreshRequest(refreshToken))) {
                Exchange answer = call.send();
                assertThat(answer.status()).as(answer.body()).isEqualTo(400);
                assertThat(answer.error()).contains("invalid_request");
                assertThat(answer.errorDescription())
                        .get()
                        .asString()
                        .contains("must be one of PS256, ES256, EdDSA; the client names none");
            }

            own.admin().updateClient(own.name(), "app", Map.of("description", "saved once more"));
            Tokens refreshed = app.refresh(refreshToken);
            assertThat(header(refreshed.accessToken())).containsEntry("alg", "PS256");
        }
    }

    private static void saveBeforeThePolicy(String clientId, String member, String value) {
        List<Map<String, Object>> policies = realm.admin().clientPolicies(realm.name());
        realm.admin().setClientPolicies(realm.name(), List.of());
        realm.admin()
                .updateClient(
                        realm.name(),
                        clientId,
                        member.contains(".") ? Map.of("attributes", Map.of(member, value)) : Map.of(member, value));
        realm.admin().setClientPolicies(realm.name(), policies);
    }

    @ParameterizedTest
    @CsvSource({
        "id.token.signed.response.alg, RS256",
        "id.token.signed.response.alg, PS384",
        "user.info.response.signature.alg, HS256",
        "request.object.signature.alg, none",
        "id.token.encrypted.response.alg, RSA1_5",
        "exclude.issuer.from.auth.response, true"
    })
    @Requirement({"MS-5.6", "SP-5.4.1-1", "SP-5.3.2.2-7", "ISS-3"})
    void whatFapiForbidsIsRefusedWhenSavedAndWhenTheClientComes(String attribute, String value) {
        String clientId = "late-" + (attribute + value).replace('.', '-');
        FapiClient late = realm.addDpopClient(clientId, ES256);
        Exchange saved =
                realm.admin().tryUpdateClient(realm.name(), clientId, Map.of("attributes", Map.of(attribute, value)));
        assertThat(saved.status()).as(saved.body()).isEqualTo(400);

        realm.setAttributeBehindThePolicysBack(clientId, attribute, value);
        Exchange answer = late.pushedAuthorizationRequest(late.requestObject(late.begin()))
                .send();
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.error()).get().isIn("invalid_request", "invalid_request_object");

        realm.setAttributeBehindThePolicysBack(clientId, attribute, "");
        assertThat(late.pushedAuthorizationRequest(late.requestObject(late.begin()))
                        .send()
                        .status())
                .as("mended, it goes on")
                .isEqualTo(201);
    }

    private static Map<String, Object> header(String jwt) {
        return CompactJwt.parse(jwt).header();
    }

    @Test
    void whereIdTokensHaveToBeEncryptedAClientWithoutIsRefusedWhenSavedAndWhenItComes() {
        FapiRealm strict = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient old = strict.addDpopClient("old", ES256);
        strict.configure(
                "fapi-client-metadata",
                Map.of(
                        "id-token-encryption-required",
                        true,
                        "key-management-algorithms",
                        List.of("RSA-OAEP"),
                        "content-encryption-algorithms",
                        List.of("A256GCM")));

        Exchange pushed =
                old.pushedAuthorizationRequest(old.requestObject(old.begin())).send();
        Exchange without = encrypted(strict, "", "");
        Exchange half = encrypted(strict, "RSA-OAEP", "");
        Exchange other = encrypted(strict, "RSA-OAEP-256", "A256GCM");
        Exchange complete = encrypted(strict, "RSA-OAEP", "A256GCM");

        assertThat(pushed.status()).as(pushed.body()).isEqualTo(400);
        assertThat(pushed.error()).contains("invalid_request");
        assertThat(without.status()).isEqualTo(400);
        assertThat(half.status()).as("A128CBC-HS256 by default").isEqualTo(400);
        assertThat(other.status()).isEqualTo(400);
        assertThat(complete.status()).as(complete.body()).isEqualTo(204);
        assertThat(old.pushedAuthorizationRequest(old.requestObject(old.begin()))
                        .send()
                        .status())
                .isEqualTo(201);
    }

    private static Exchange encrypted(FapiRealm strict, String alg, String enc) {
        return strict.admin()
                .tryUpdateClient(
                        strict.name(),
                        "old",
                        Map.of(
                                "attributes",
                                Map.of(
                                        "id.token.encrypted.response.alg",
                                        alg,
                                        "id.token.encrypted.response.enc",
                                        enc)));
    }
}
