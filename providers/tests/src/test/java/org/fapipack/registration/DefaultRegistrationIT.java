package org.fapipack.registration;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.http.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keycloak's other way to register, which takes whole clients, where no policy sees who registers. */
class DefaultRegistrationIT {

    private static final String MARK = "fapi.resource.server";

    private static FapiRealm realm;
    private static HttpCaller http;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        http = HttpCaller.over(realm.pki().sslContext());
    }

    @Test
    @Requirement({"MS-6.2", "MS-5.5.1-2"})
    void nobodyRegistersAsAResourceServer() {
        String token = realm.admin().initialAccessToken(realm.name());

        assertRefused(send("POST", "", token, client("nosy", "true")));

        assertThat(realm.admin().findClient(realm.name(), "nosy")).isEmpty();
        send("POST", "", token, client("modest", "false")).expect(201);
    }

    @Test
    @Requirement({"MS-6.2", "MS-5.5.1-2"})
    void nobodyBecomesOneAndNoneStopsBeingOne() {
        String token = realm.admin().initialAccessToken(realm.name());
        Exchange registered =
                send("POST", "", token, client("ambitious", "false")).expect(201);

        Exchange refused = send("PUT", "/ambitious", registrationToken(registered), client("ambitious", "true"));
        assertRefused(refused);
        assertThat(attributes("ambitious").get(MARK)).isNotEqualTo("true");
        Exchange updated = send("PUT", "/ambitious", registrationToken(registered), client("ambitious", "false"))
                .expect(200);

        realm.admin().setClientAttribute(realm.name(), "ambitious", MARK, "true");
        assertRefused(send("PUT", "/ambitious", registrationToken(updated), client("ambitious", "false")));
        assertThat(attributes("ambitious")).containsEntry(MARK, "true");
        send("PUT", "/ambitious", registrationToken(updated), client("ambitious", "true"))
                .expect(200);
    }

    @Test
    void aTokenThatIsNoneIsTheSendersMistake() {
        assertThat(send("POST", "", "garbage", client("forger", "true")).status())
                .isEqualTo(401);
        assertThat(send("PUT", "/forger", "garbage", client("forger", "true")).status())
                .isEqualTo(401);
    }

    /** What the pack has no business with is Keycloak's answer. */
    @Test
    void aRealmThatDidNotOptInAnswersAsKeycloak() {
        String stock = KeycloakUnderTest.running().plainRealm();
        String token = realm.admin().initialAccessToken(stock);

        Exchange answer = http.send(
                "POST",
                URI.create(realm.issuer().toString().replace("/realms/" + realm.name(), "/realms/" + stock)
                        + "/clients-registrations/default"),
                headers(token),
                client("free", "true"));

        assertThat(answer.status()).as(answer.body()).isEqualTo(201);
        assertThat(Json.object(answer.json().get("attributes"))).containsEntry(MARK, "true");
    }

    private static String client(String clientId, String mark) {
        return Json.write(Map.of("clientId", clientId, "attributes", Map.of(MARK, mark)));
    }

    private static Exchange send(String method, String path, String token, String body) {
        return http.send(
                method, URI.create(realm.issuer() + "/clients-registrations/default" + path), headers(token), body);
    }

    private static Headers headers(String token) {
        return Headers.of("Authorization", "Bearer " + token).add("Content-Type", "application/json");
    }

    private static String registrationToken(Exchange answer) {
        return Json.text(answer.json(), "registrationAccessToken").orElseThrow();
    }

    private static Map<String, Object> attributes(String clientId) {
        return Json.object(realm.admin().client(realm.name(), clientId).get("attributes"));
    }

    private static void assertRefused(Exchange answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).contains("invalid_client_metadata");
        assertThat(answer.errorDescription()).contains("only an administrator says who is a resource server");
    }
}
