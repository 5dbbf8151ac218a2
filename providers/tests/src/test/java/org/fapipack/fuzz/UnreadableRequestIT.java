package org.fapipack.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.JwtDraft;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that end before an endpoint is asked: refused where the realm opted in, and answered as ever where it did not. */
class UnreadableRequestIT {

    static final String PROTOCOL = "/protocol/openid-connect";
    static final List<String> ENDPOINTS =
            List.of("/ext/par/request", "/token", "/token/introspect", "/revoke", "/userinfo");
    private static final String FORM = "application/x-www-form-urlencoded";

    private static FapiRealm realm;
    private static FapiClient client;
    private static URI plainRealm;
    private static Wire wire;

    @BeforeAll
    static void prepareRealms() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addDpopClient("reader");
        plainRealm = realm.issuer().resolve(KeycloakUnderTest.running().plainRealm());
        wire = Wire.over(realm.pki().sslContext());
    }

    @AfterEach
    void theRightfulOwnerGoesOn() {
        assertThat(client.push(client.begin()).requestUri()).isNotEmpty();
    }

    private static Stream<Message> unreadableForms(URI issuer) {
        return ENDPOINTS.stream()
                .map(endpoint -> URI.create(issuer + PROTOCOL + endpoint))
                .flatMap(uri -> Stream.of(
                        form(uri, FORM, "token=%zz"),
                        form(uri, FORM, "%=x"),
                        form(uri, FORM + "; charset=nope", "token=%41"),
                        form(uri, FORM + "; charset=", "token=x"),
                        form(uri, FORM, "a=1&".repeat(1001))));
    }

    private static Message form(URI uri, String contentType, String body) {
        return new Message("POST", uri, List.of(Map.entry("Content-Type", contentType)), body);
    }

    static Stream<Message> unreadableForms() {
        return unreadableForms(realm.issuer());
    }

    static Stream<Message> unreadableFormsElsewhere() {
        return unreadableForms(plainRealm);
    }

    @ParameterizedTest
    @MethodSource("unreadableForms")
    void aFormThatCannotBeReadIsRefused(Message message) throws Exception {
        assertRefused(wire.send(message), "the form cannot be read");
    }

    @ParameterizedTest
    @MethodSource("unreadableFormsElsewhere")
    void aRealmThatOptedIntoNothingAnswersSuchAFormAsStock(Message message) throws Exception {
        assertThat(wire.send(message).statusCode()).isEqualTo(500);
    }

    private static Stream<Message> wrongMediaTypes(URI issuer) {
        return Stream.concat(
                        ENDPOINTS.stream().map(endpoint -> PROTOCOL + endpoint),
                        Stream.of("/clients-registrations/openid-connect"))
                .map(path -> URI.create(issuer + path))
                .flatMap(uri -> Stream.of("///", "~", "a/b, c").map(type -> form(uri, type, "token=x")));
    }

    static Stream<Message> wrongMediaTypes() {
        return wrongMediaTypes(realm.issuer());
    }

    @ParameterizedTest
    @MethodSource("wrongMediaTypes")
    void aContentTypeThatIsNoMediaTypeIsRefused(Message message) throws Exception {
        assertRefused(wire.send(message), "Content-Type must be a media type");
    }

    @ParameterizedTest
    @CsvSource({"/clients-registrations/openid-connect/x, 404", "/protocol/openid-connect/certs, 405"})
    void suchAContentTypeDoesNotHideThatThereIsNoEndpoint(String path, int status) throws Exception {
        assertThat(wire.send(form(URI.create(realm.issuer() + path), "///", "x"))
                        .statusCode())
                .isEqualTo(status);
    }

    @Test
    void aPartThatDoesNotEndIsRefused() throws Exception {
        URI uri = URI.create(realm.issuer() + PROTOCOL + "/userinfo");
        assertRefused(wire.send(form(uri, "multipart/form-data; boundary=x", "--x\r\n")), "the form cannot be read");
    }

    @Test
    void aRealmThatOptedIntoNothingAnswersSuchAContentTypeAsStock() throws Exception {
        Message message = form(URI.create(plainRealm + PROTOCOL + "/token"), "///", "token=x");
        assertThat(wire.send(message).statusCode()).isEqualTo(500);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "GET", "PUT", "DELETE"})
    void aRegistrationTokenOfAnUnknownAlgorithmIsRefused(String method) throws Exception {
        String token = JwtDraft.empty().header("alg", "XX999").claim("sub", "x").compact() + "AAAA";
        URI uri = URI.create(realm.issuer() + "/clients-registrations/openid-connect"
                + (method.equals("POST") ? "" : "/" + client.clientId()));
        HttpResponse<String> answer =
                wire.send(Message.json(method, uri, "{}").header("Authorization", "Bearer " + token));
        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(Json.object(answer.body())).containsEntry("error", "invalid_token");
    }

    private static void assertRefused(HttpResponse<String> answer, String description) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-store");
        assertThat(Json.object(answer.body()))
                .isEqualTo(Map.of("error", "invalid_request", "error_description", description));
    }
}
