package org.fapipack.interactionid;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The interaction id of a request is answered, made up where it is missing, and written down. */
class InteractionIdIT {

    private static final String HEADER = "x-fapi-interaction-id";

    private static FapiRealm realm;
    private static FapiClient client;
    private static Tokens tokens;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().realmFrom("fapi1-advanced");
        realm.admin()
                .updateRealm(
                        realm.name(),
                        Map.of(
                                "enabledEventTypes",
                                List.of(
                                        "REFRESH_TOKEN",
                                        "REFRESH_TOKEN_ERROR",
                                        "USER_INFO_REQUEST",
                                        "USER_INFO_REQUEST_ERROR",
                                        "CLIENT_REGISTER_ERROR",
                                        "CLIENT_INFO_ERROR")));
        client = realm.addMtlsClient("interactive");
        tokens = realm.tokensFor(client);
    }

    @Test
    @Requirement("F1-23")
    void theIdOfTheRequestComesBackAndIsInTheEvent() {
        String id = UUID.randomUUID().toString();
        Exchange answer = client.refreshRequest(tokens.refreshToken().orElseThrow())
                .header(HEADER, id)
                .send();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers(HEADER)).containsExactly(id);
        assertThat(realm.lastEvent("REFRESH_TOKEN"))
                .extracting("details")
                .hasFieldOrPropertyWithValue("x_fapi_interaction_id", id);
    }

    @Test
    @Requirement("F1-23")
    void soItDoesWithARefusal() {
        String id = UUID.randomUUID().toString();
        Exchange answer = client.refreshRequest("no token").header(HEADER, id).send();
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.headers(HEADER)).containsExactly(id);
        assertThat(realm.lastEvent("REFRESH_TOKEN_ERROR"))
                .extracting("details")
                .hasFieldOrPropertyWithValue("x_fapi_interaction_id", id);
    }

    @Test
    @Requirement("F1-23")
    void theEventsOfUserinfoHaveIt() {
        String id = UUID.randomUUID().toString();
        assertThat(userinfo(Headers.of(HEADER, id)).status()).isEqualTo(200);
        assertHasId("USER_INFO_REQUEST", id);

        String refused = UUID.randomUUID().toString();
        Exchange answer = client.callApi(
                client.metadata().mtlsEndpoint(ServerMetadata.USERINFO),
                Headers.of(HEADER, refused).add("Authorization", "Bearer nothing"));
        assertThat(answer.status()).isEqualTo(401);
        assertHasId("USER_INFO_REQUEST_ERROR", refused);
    }

    @Test
    @Requirement("F1-23")
    void theEventsOfRegistrationHaveIt() {
        String read = UUID.randomUUID().toString();
        assertThat(client.callApi(registration(), Headers.of(HEADER, read)).status())
                .isEqualTo(401);
        assertHasId("CLIENT_INFO_ERROR", read);
    }

    private static void assertHasId(String event, String id) {
        assertThat(realm.lastEvent(event))
                .extracting("details")
                .hasFieldOrPropertyWithValue("x_fapi_interaction_id", id);
    }

    @Test
    @Requirement("F1-23")
    void aMissingIdIsMadeUpAnewEachTime() {
        String first = single(userinfo(Headers.none()));
        assertThat(UUID.fromString(first)).isNotEqualTo(UUID.fromString(single(userinfo(Headers.none()))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "c770aef36784841e0aa1c2db50d4b3e1",
                "c770aef3-6784-41f7-8e0a-ff5f97bddb3",
                "c770aef3-6784-41f7-8e0a-ff5f97bddb3aa",
                "g770aef3-6784-41f7-8e0a-ff5f97bddb3a",
                "<script>alert(1)</script>"
            })
    @Requirement("F1-23")
    void whatIsNoUuidIsReplaced(String value) {
        String answered = single(userinfo(Headers.of(HEADER, value)));
        assertThat(answered).isNotEqualTo(value);
        assertThat(UUID.fromString(answered)).isNotNull();
    }

    @Test
    @Requirement("F1-23")
    void ofSeveralIdsNoneIsTaken() {
        String one = UUID.randomUUID().toString();
        String other = UUID.randomUUID().toString();
        assertThat(single(userinfo(Headers.of(HEADER, one).add(HEADER, other)))).isNotIn(one, other);
    }

    @Test
    @Requirement("F1-23")
    void everyEndpointAnswersWithIt() {
        String id = UUID.randomUUID().toString();
        assertThat(client.pushedAuthorizationRequest(client.requestObject(client.begin()))
                        .header(HEADER, id)
                        .send()
                        .expect(201)
                        .headers(HEADER))
                .containsExactly(id);
        assertThat(client.pushedAuthorizationRequest(Form.empty())
                        .header(HEADER, id)
                        .send()
                        .expect(400)
                        .headers(HEADER))
                .containsExactly(id);
        assertThat(client.introspectionRequest(tokens.accessToken(), "application/json")
                        .header(HEADER, id)
                        .send()
                        .headers(HEADER))
                .containsExactly(id);
        assertThat(client.revocationRequest("nothing").header(HEADER, id).send().headers(HEADER))
                .containsExactly(id);
        assertThat(client.callApi(client.metadata().jwksUri(), Headers.of(HEADER, id))
                        .headers(HEADER))
                .containsExactly(id);
        assertThat(client.callApi(registration(), Headers.of(HEADER, id)).headers(HEADER))
                .containsExactly(id);
    }

    @Test
    void aRealmWithoutTheExecutorDoesNotAnswerWithIt() {
        FapiRealm other = KeycloakUnderTest.running().securityProfileRealm();
        FapiClient silent = other.addDpopClient("silent");
        Exchange answer = silent.refreshRequest("no token")
                .header(HEADER, UUID.randomUUID().toString())
                .send();
        assertThat(answer.headers(HEADER)).isEmpty();
    }

    @Test
    @Requirement("F1-24")
    void userinfoIsUtf8JsonWithADate() {
        Exchange answer = userinfo(Headers.none());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type").orElseThrow().toLowerCase(Locale.ROOT))
                .startsWith("application/json");
        Instant said = ZonedDateTime.parse(answer.header("date").orElseThrow(), DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
        assertThat(said).isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(60));
        assertThat(answer.json()).containsKey("sub");
    }

    private static Exchange userinfo(Headers headers) {
        return client.callApi(
                client.metadata().mtlsEndpoint(ServerMetadata.USERINFO),
                headers.add("Authorization", "Bearer " + tokens.accessToken()));
    }

    private static URI registration() {
        return URI.create(realm.issuer() + "/clients-registrations/openid-connect/interactive");
    }

    private static String single(Exchange answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers(HEADER)).hasSize(1);
        return answer.headers(HEADER).get(0);
    }
}
