package org.fapipack.replay;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;
import static org.fapipack.fixture.IntrospectionAssertions.TOKEN_INTROSPECTION_JWT;
import static org.fapipack.fixture.IntrospectionAssertions.assertInactive;
import static org.fapipack.fixture.IntrospectionAssertions.verify;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.EndpointCall;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Route;
import org.fapipack.testkit.jose.JwtDraft;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was used, decided or handed out at one node counts at the other at once. A single server plays both nodes. */
class AcrossNodesIT {

    private static FapiRealm realm;
    private static FapiClient client;
    private static String refreshToken;

    /** The node that sees something first, and the node that sees it again. */
    private record Way(String name, Route first, Route second) {

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Way> ways() {
        List<Route> nodes = KeycloakUnderTest.running().nodes();
        return nodes.size() == 1
                ? Stream.of(new Way("one node", nodes.get(0), nodes.get(0)))
                : Stream.of(
                        new Way("first, then second", nodes.get(0), nodes.get(1)),
                        new Way("second, then first", nodes.get(1), nodes.get(0)));
    }

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addDpopClient("wanderer");
        refreshToken = realm.tokensFor(client).refreshToken().orElseThrow();
    }

    @ParameterizedTest
    @MethodSource("ways")
    @Requirement("CA-3")
    void aClientAssertionIsUsedUp(Way way) {
        JwtDraft assertion = client.clientAssertion();
        assertThat(refreshAt(way.first()).clientAssertion(assertion).send().status())
                .isEqualTo(200);

        assertRefused(refreshAt(way.second()).clientAssertion(assertion).send(), 401, "invalid_client");
        assertRefused(pushAt(way.second()).clientAssertion(assertion).send(), 401, "invalid_client");
        assertThat(refreshAt(way.second()).send().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("ways")
    @Requirement("DP-7")
    void aProofIsUsedUpAtTheTokenEndpoint(Way way) {
        JwtDraft proof = client.dpopProof("POST", client.metadata().endpoint(ServerMetadata.TOKEN));
        assertThat(refreshAt(way.first()).dpop(proof).send().status()).isEqualTo(200);

        assertRefused(refreshAt(way.second()).dpop(proof).send(), 400, "invalid_dpop_proof");
        assertThat(refreshAt(way.second()).send().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("ways")
    @Requirement("DP-7")
    void aProofIsUsedUpAtUserinfo(Way way) {
        URI userinfo = client.metadata().endpoint(ServerMetadata.USERINFO);
        String accessToken = client.by(way.first()).refresh(refreshToken).accessToken();
        Headers headers = Headers.of("Authorization", "DPoP " + accessToken)
                .add("DPoP", client.dpopProof("GET", userinfo, accessToken).compact());
        assertThat(client.by(way.first()).callApi(userinfo, headers).status()).isEqualTo(200);

        Exchange again = client.by(way.second()).callApi(userinfo, headers);
        assertThat(again.status()).as(again.body()).isEqualTo(401);
        assertThat(again.header("WWW-Authenticate")).get().asString().startsWith("DPoP error=\"invalid_dpop_proof\"");
        assertThat(client.by(way.second()).callApi(userinfo, accessToken).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("ways")
    @Requirement("SP-5.3.2.2-9")
    void aCodeIsUsedUp(Way way) {
        PendingAuthorization pending = client.begin();
        String code = realm.codeFor(client.by(way.second()), pending);
        Tokens tokens = client.by(way.first()).redeem(code, pending);

        assertRefused(client.by(way.second()).codeRequest(code, pending).send(), 400, "invalid_grant");
        assertRefused(
                client.by(way.first())
                        .refreshRequest(tokens.refreshToken().orElseThrow())
                        .send(),
                400,
                "invalid_grant");
    }

    @ParameterizedTest
    @MethodSource("ways")
    @Requirement("PAR-8")
    void aRequestUriIsUsedUp(Way way) {
        PendingAuthorization pending = client.begin();
        URI url = client.authorizationUrl(client.by(way.first())
                .push(client.requestObject(pending).claim("prompt", "consent"))
                .requestUri());
        Page decided = realm.browser().by(way.first()).open(url).logIn(USER, PASSWORD);
        Page late = realm.browser().by(way.second()).open(url).logIn(USER, PASSWORD);
        assertThat(client.verifyJarm(decided.acceptConsent().redirect(), pending)
                        .code())
                .isNotEmpty();

        for (Page refused :
                List.of(late.acceptConsent(), realm.browser().by(way.second()).open(url))) {
            assertThat(refused.isClientRedirect())
                    .as("no second answer to the client: %s", refused)
                    .isFalse();
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.exchange().mediaType()).isEqualTo("text/html");
        }
    }

    @ParameterizedTest
    @MethodSource("ways")
    void aRevokedGrantIsGone(Way way) {
        Tokens tokens = realm.tokensFor(client.by(way.second()));
        FapiClient resourceServer = realm.accountsApi().by(way.second());
        assertThat(verify(resourceServer, introspect(resourceServer, tokens), ES256)
                        .active())
                .isTrue();
        String granted = tokens.refreshToken().orElseThrow();
        assertThat(client.by(way.first()).revocationRequest(granted).send().status())
                .isEqualTo(200);

        assertInactive(resourceServer, introspect(resourceServer, tokens), ES256);
        assertRefused(client.by(way.second()).refreshRequest(granted).send(), 400, "invalid_grant");
    }

    @ParameterizedTest
    @MethodSource("ways")
    @Requirement("INT-4")
    void aRevokedAccessTokenIsInactive(Way way) {
        Tokens tokens = client.by(way.second()).refresh(refreshToken);
        FapiClient resourceServer = realm.accountsApi().by(way.second());
        assertThat(verify(resourceServer, introspect(resourceServer, tokens), ES256)
                        .active())
                .isTrue();
        assertThat(client.by(way.first())
                        .revocationRequest(tokens.accessToken())
                        .send()
                        .status())
                .isEqualTo(200);

        assertInactive(resourceServer, introspect(resourceServer, tokens), ES256);
        assertThat(client.by(way.second())
                        .callApi(client.metadata().endpoint(ServerMetadata.USERINFO), tokens.accessToken())
                        .status())
                .isEqualTo(401);
        assertThat(refreshAt(way.second()).send().status()).isEqualTo(200);
    }

    @ParameterizedTest
    @MethodSource("ways")
    @Requirement("DP-8")
    void aNonceIsKnown(Way way) {
        FapiRealm careful = KeycloakUnderTest.running().messageSigningRealm();
        FapiClient asked = careful.addDpopClient("asked");
        String granted = careful.tokensFor(asked).refreshToken().orElseThrow();
        careful.configure("fapi-sender-constrained-tokens", Map.of("nonce", "required"));
        Exchange first = asked.by(way.first()).refreshRequest(granted).send();
        assertRefused(first, 400, "use_dpop_nonce");

        Exchange second = asked.by(way.second())
                .refreshRequest(granted)
                .dpop(asked.dpopProof("POST", asked.metadata().endpoint(ServerMetadata.TOKEN))
                        .claim("nonce", first.header("DPoP-Nonce").orElseThrow()))
                .send();
        assertThat(second.status()).as(second.body()).isEqualTo(200);
    }

    private static EndpointCall refreshAt(Route node) {
        return client.by(node).refreshRequest(refreshToken);
    }

    private static EndpointCall pushAt(Route node) {
        return client.by(node).pushedAuthorizationRequest(client.requestObject(client.begin()));
    }

    private static Exchange introspect(FapiClient resourceServer, Tokens tokens) {
        return resourceServer
                .introspectionRequest(tokens.accessToken(), TOKEN_INTROSPECTION_JWT)
                .send();
    }

    private static void assertRefused(Exchange answer, int status, String error) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.mediaType()).isEqualTo("application/json");
        assertThat(answer.error()).contains(error);
    }
}
