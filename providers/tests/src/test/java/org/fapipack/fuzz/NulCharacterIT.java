package org.fapipack.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.REDIRECT_URI;

import java.net.URI;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Json;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The one character that PostgreSQL neither stores nor compares, wherever a request may bring it to the database. */
class NulCharacterIT {

    private static final String NUL = "a\0b";

    private static FapiRealm realm;
    private static FapiClient client;
    private static Wire wire;
    private static URI registration;
    private static String initialAccessToken;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addDpopClient("storable");
        wire = Wire.over(realm.pki().sslContext());
        registration = URI.create(realm.issuer() + "/clients-registrations/openid-connect");
        initialAccessToken = realm.admin().initialAccessToken(realm.name());
    }

    @AfterEach
    void theRightfulOwnerGoesOn() {
        assertThat(client.push(client.begin()).requestUri()).isNotEmpty();
    }

    static Stream<Message> formsOfNobody() {
        Form form = Form.of("grant_type", "client_credentials", "token", "x");
        return endpoints()
                .flatMap(uri -> Stream.of(
                        Message.form(uri, form.set("client_id", NUL).set("client_secret", "x")),
                        Message.form(uri, form.set("client_id", "storable").set("client_secret", NUL)),
                        Message.form(uri, form.set("token", NUL).set("grant_type", NUL)),
                        Message.form(uri, form)
                                .header(
                                        "Authorization",
                                        "Basic " + Base64.getEncoder().encodeToString((NUL + ":x").getBytes(UTF_8)))));
    }

    static Stream<Message> formsWithAssertions() {
        return endpoints()
                .flatMap(uri -> Stream.of(
                                client.clientAssertion().claim("iss", NUL).claim("sub", NUL),
                                client.clientAssertion().claim("jti", NUL),
                                client.clientAssertion().header("kid", NUL))
                        .map(assertion -> client.revocationRequest("x")
                                .set("grant_type", "client_credentials")
                                .clientAssertion(assertion)
                                .to(uri))
                        .map(Message::form));
    }

    private static Stream<URI> endpoints() {
        return UnreadableRequestIT.ENDPOINTS.stream()
                .map(endpoint -> URI.create(realm.issuer() + UnreadableRequestIT.PROTOCOL + endpoint));
    }

    static Stream<Message> requestObjects() {
        return Stream.of("state", "nonce", "scope", "login_hint", "claims", "redirect_uri", "acr_values", "x")
                .map(name -> client.requestObject(client.begin()).claim(name, NUL))
                .map(client::pushedAuthorizationRequest)
                .map(call -> Message.form(call)
                        .header("DPoP", client.dpopProof("POST", call.uri()).compact()));
    }

    static Stream<Message> registrations() {
        String uri = REDIRECT_URI + NUL;
        return MalformedRequestsIT.METADATA.stream()
                .flatMap(member -> Stream.of(NUL, uri, List.of(NUL), List.of(uri))
                        .map(value -> {
                            Map<String, Object> changed = new LinkedHashMap<>(MalformedRequestsIT.metadata());
                            changed.put(member, value);
                            return registration("POST", registration, Json.write(changed));
                        }));
    }

    static Stream<Message> registrationsOfAClient() {
        return Stream.of("GET", "PUT", "DELETE")
                .map(method -> registration(method, URI.create(registration + "/a%00b"), "{}"));
    }

    private static Message registration(String method, URI uri, String json) {
        return Message.json(method, uri, json).header("Authorization", "Bearer " + initialAccessToken);
    }

    @ParameterizedTest
    @MethodSource({"formsOfNobody", "formsWithAssertions", "requestObjects", "registrations", "registrationsOfAClient"})
    void isTheSendersMistake(Message message) throws Exception {
        assertThat(wire.send(message).statusCode()).isBetween(200, 499);
    }
}
