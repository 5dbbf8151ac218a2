package org.fapipack.profiles;

import static com.nimbusds.jose.JWSAlgorithm.ES256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.ACCOUNTS_API;

import java.net.URI;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.ServerMetadata;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.resource.ResourceServer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a conformance suite looks at, and stock Keycloak gets a warning for. */
class ConformanceIT {

    private static FapiRealm realm;
    private static FapiClient client;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
        client = realm.addDpopClient("conformance");
    }

    @Test
    @Requirement("SP-5.3.2.2-9")
    void afterACodeWasUsedTwiceTheFirstAccessTokenIsDeadEverywhere() {
        SigningKey key = SigningKey.generate(ES256);
        realm.admin().setClientAttribute(realm.name(), ACCOUNTS_API, "jwks.string", SigningKey.publicJwks(key));
        try (ResourceServer api = ResourceServer.of(realm.pki(), realm.issuer(), ACCOUNTS_API, key)
                .responseAlgorithm(ES256)
                .requiredScope("accounts")
                .start()) {
            PendingAuthorization pending = client.begin();
            String code = realm.codeFor(client, pending);
            Tokens tokens = client.redeem(code, pending);
            URI userinfo = client.metadata().endpoint(ServerMetadata.USERINFO);
            assertThat(client.callApi(userinfo, tokens.accessToken()).status()).isEqualTo(200);
            assertThat(client.callApi(api.accounts(), tokens.accessToken()).status())
                    .isEqualTo(200);

            Exchange again = client.codeRequest(code, pending).send();

            assertThat(again.status()).as(again.body()).isEqualTo(400);
            assertThat(again.error()).contains("invalid_grant");
            assertThat(client.callApi(userinfo, tokens.accessToken()).status()).isEqualTo(401);
            assertThat(client.callApi(api.accounts(), tokens.accessToken()).status())
                    .isEqualTo(401);
            assertThat(client.refreshRequest(tokens.refreshToken().orElseThrow())
                            .send()
                            .error())
                    .contains("invalid_grant");
        }
        assertThat(realm.tokensFor(client).accessToken())
                .as("its owner goes on")
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PUT", "GET", "DELETE", "PATCH"})
    @Requirement("PAR-1")
    void requestsArePushedByPostOnly(String method) {
        URI par = client.metadata().endpoint(ServerMetadata.PUSHED_AUTHORIZATION_REQUEST);
        assertThat(HttpCaller.over(realm.pki().sslContext())
                        .send(method, par, Headers.none(), "")
                        .status())
                .isEqualTo(405);
    }

    /** As the suite measures it: Shannon's entropy of the characters, which is less than what is really in it. */
    @Test
    @Requirement("PAR-2")
    void aRequestUriCannotBeGuessed() {
        String one = client.push(client.begin()).requestUri();
        String other = client.push(client.begin()).requestUri();
        assertThat(one).isNotEqualTo(other);
        String id = one.substring(one.lastIndexOf(':') + 1);
        assertThat(id.length() * bitsPerCharacter(id)).isGreaterThanOrEqualTo(96);
    }

    private static double bitsPerCharacter(String text) {
        return text
                .chars()
                .boxed()
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()))
                .values()
                .stream()
                .mapToDouble(count -> (double) count / text.length())
                .map(share -> -share * Math.log(share) / Math.log(2))
                .sum();
    }
}
