package org.fapipack.registration;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keycloak's other ways to register, which take whole clients or make mappers, where no policy sees who registers. */
class DefaultRegistrationIT {

    private static final String MARK = "fapi.resource.server";
    private static final String WHOLE = "/clients-registrations/default";
    private static final String METADATA = "/clients-registrations/openid-connect";
    private static final String SAML = "/clients-registrations/saml2-entity-descriptor";

    private static final String SECRET = "of whoever saves clients";

    /** What a client would read of a customer who is asked for no consent. */
    private static final String ACCOUNTS_MAPPER = """
            {"clientId":"%s","redirectUris":["https://client.example.test/callback"],
             "protocolMappers":[{"name":"accounts","protocol":"openid-connect","protocolMapper":"oidc-usermodel-attribute-mapper",
               "config":{"user.attribute":"fapi.accounts","claim.name":"accounts","multivalued":"true","userinfo.token.claim":"true"}}]}""";

    private static final String DESCRIPTOR = """
            <EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="%s">
              <SPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
                <AssertionConsumerService index="0" isDefault="true"
                  Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="https://client.example.test/acs"/>
                <AttributeConsumingService index="0">
                  <ServiceName xml:lang="en">accounts</ServiceName>
                  <RequestedAttribute Name="fapi.accounts" FriendlyName="fapi.accounts"/>
                </AttributeConsumingService>
              </SPSSODescriptor>
            </EntityDescriptor>""";

    private static FapiRealm realm;
    private static HttpCaller http;
    private static String initialAccessToken;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        http = HttpCaller.over(realm.pki().sslContext());
        initialAccessToken = realm.admin().initialAccessToken(realm.name());
    }

    @Test
    @Requirement({"MS-6.2", "MS-5.5.1-2"})
    void nobodyRegistersAsAWholeClient() {
        for (String body : List.of(
                client("nosy", "true"),
                client("nosy", "false"),
                Json.write(Map.of("clientId", "nosy")),
                ACCOUNTS_MAPPER.formatted("nosy"))) {
            assertRefused(send("POST", WHOLE, initialAccessToken, body));
        }
        assertRefused(http.send(
                "POST", uri(WHOLE), Headers.of("Content-Type", "application/json"), ACCOUNTS_MAPPER.formatted("nosy")));
        assertThat(realm.admin().findClient(realm.name(), "nosy")).isEmpty();

        send("POST", METADATA, initialAccessToken, METADATA_OF_A_CLIENT).expect(201);
    }

    @Test
    @Requirement({"MS-6.2", "MS-5.5.1-2"})
    void nobodyUpdatesItselfAsAWholeClient() {
        Exchange registered =
                send("POST", METADATA, initialAccessToken, METADATA_OF_A_CLIENT).expect(201);
        String clientId = Json.text(registered.json(), "client_id").orElseThrow();
        String token = Json.text(registered.json(), "registration_access_token").orElseThrow();
        for (String body : List.of(
                client(clientId, "true"),
                client(clientId, "false"),
                Json.write(Map.of("clientId", clientId, "attributes", Map.of("acr.loa.map", "{\"strong\":1}"))),
                ACCOUNTS_MAPPER.formatted(clientId))) {
            assertRefused(send("PUT", WHOLE + '/' + clientId, token, body));
        }
        assertRefused(send("PUT", WHOLE + "/account", token, client("account", "true")));
        assertRefused(send("PUT", WHOLE + "/nobody", token, client("nobody", "true")));
        Map<String, Object> kept = realm.admin().client(realm.name(), clientId);
        assertThat(Json.object(kept.get("attributes"))).doesNotContainKeys(MARK, "acr.loa.map");
        assertThat(kept).doesNotContainKey("protocolMappers");

        // the token is not used up, and the client reads and deletes itself
        send("GET", METADATA + '/' + clientId, token, "").expect(200);
        assertThat(send("GET", WHOLE + '/' + clientId, token, "").expect(200).json())
                .containsEntry("clientId", clientId);
        send("DELETE", WHOLE + '/' + clientId, token, "").expect(204);
    }

    @Test
    void nobodyRegistersByASamlDescriptor() {
        Headers headers =
                Headers.of("Authorization", "Bearer " + initialAccessToken).add("Content-Type", "application/xml");
        assertRefused(http.send("POST", uri(SAML), headers, DESCRIPTOR.formatted("nosy-saml")));
        assertThat(realm.admin().findClient(realm.name(), "nosy-saml")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"create-client", "manage-clients"})
    void whoMaySaveClientsSavesWholeOnes(String role) {
        String token = tokenOfSomebodyWith(role);
        String clientId = "made-with-" + role;
        Exchange made = send("POST", WHOLE, token, client(clientId, "true"));
        assertThat(made.status()).as(made.body()).isEqualTo(201);
        Exchange updated = send("PUT", WHOLE + '/' + clientId, token, client(clientId, "false"));
        // Keycloak's answers
        assertThat(updated.status()).as(updated.body()).isEqualTo(role.equals("manage-clients") ? 200 : 403);
        assertThat(attributes(clientId)).containsEntry(MARK, String.valueOf(!role.equals("manage-clients")));
        Headers xml = Headers.of("Authorization", "Bearer " + token).add("Content-Type", "application/xml");
        assertThat(http.send("POST", uri(SAML), xml, DESCRIPTOR.formatted("saml-" + clientId))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void whoMayOnlyLookAtClientsSavesNone() {
        String token = tokenOfSomebodyWith("view-clients");
        assertThat(send("POST", WHOLE, token, client("looked-at", "false")).status())
                .isEqualTo(403);
        assertThat(realm.admin().findClient(realm.name(), "looked-at")).isEmpty();
    }

    @Test
    void aTokenThatIsNoneIsTheSendersMistake() {
        assertThat(send("POST", WHOLE, "garbage", client("forger", "true")).status())
                .isEqualTo(401);
        assertThat(send("PUT", WHOLE + "/forger", "garbage", client("forger", "true"))
                        .status())
                .isEqualTo(401);
    }

    /** What the pack has no business with is Keycloak's answer. */
    @Test
    void aRealmThatDidNotOptInAnswersAsKeycloak() {
        String stock = KeycloakUnderTest.running().plainRealm();
        String token = realm.admin().initialAccessToken(stock);
        String issuer = realm.issuer().toString().replace("/realms/" + realm.name(), "/realms/" + stock);

        Exchange answer = http.send("POST", URI.create(issuer + WHOLE), headers(token), client("free", "true"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(Json.object(answer.json().get("attributes"))).containsEntry(MARK, "true");

        Headers xml = Headers.of("Authorization", "Bearer " + token).add("Content-Type", "application/xml");
        Exchange saml = http.send("POST", URI.create(issuer + SAML), xml, DESCRIPTOR.formatted("free-saml"));
        assertThat(saml.status()).as(saml.body()).isEqualTo(201);
        assertThat(saml.body()).contains("saml-user-attribute-mapper").contains("fapi.accounts");
    }

    private static final String METADATA_OF_A_CLIENT = """
            {"redirect_uris":["https://client.example.test/callback"],"token_endpoint_auth_method":"private_key_jwt",
             "jwks_uri":"https://client.example.test/jwks.json"}""";

    private static String tokenOfSomebodyWith(String role) {
        String clientId = "somebody-with-" + role;
        String path = "/" + realm.name();
        realm.admin()
                .createClient(
                        realm.name(),
                        Map.of(
                                "clientId",
                                clientId,
                                "secret",
                                SECRET,
                                "publicClient",
                                false,
                                "serviceAccountsEnabled",
                                true));
        Object management =
                realm.admin().client(realm.name(), "realm-management").get("id");
        Object representation = realm.admin()
                .get(path + "/clients/" + management + "/roles/" + role)
                .expect(200)
                .json();
        Object person = realm.admin()
                .get(path + "/clients/"
                        + realm.admin().client(realm.name(), clientId).get("id") + "/service-account-user")
                .expect(200)
                .json()
                .get("id");
        realm.admin()
                .post(
                        path + "/users/" + person + "/role-mappings/clients/" + management,
                        Json.write(List.of(representation)))
                .expect(204);
        return (String) http.post(
                        uri("/protocol/openid-connect/token"),
                        Form.of("grant_type", "client_credentials", "client_id", clientId, "client_secret", SECRET))
                .expect(200)
                .json()
                .get("access_token");
    }

    private static String client(String clientId, String mark) {
        return Json.write(Map.of("clientId", clientId, "attributes", Map.of(MARK, mark)));
    }

    private static Exchange send(String method, String path, String token, String body) {
        return http.send(method, uri(path), headers(token), body);
    }

    private static URI uri(String path) {
        return URI.create(realm.issuer() + path);
    }

    private static Headers headers(String token) {
        return Headers.of("Authorization", "Bearer " + token).add("Content-Type", "application/json");
    }

    private static Map<String, Object> attributes(String clientId) {
        return Json.object(realm.admin().client(realm.name(), clientId).get("attributes"));
    }

    private static void assertRefused(Exchange answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(403);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).contains("insufficient_scope");
        assertThat(answer.errorDescription().orElseThrow()).contains("clients-registrations/openid-connect");
    }
}
