package org.fapipack.authorizationcode;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;

import java.net.URLDecoder;
import java.util.Map;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.fixture.Requirement;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.browser.Page;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.http.Exchange;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Authorization codes: how they travel, and how long they are good. */
class AuthorizationCodeIT {

    private static FapiRealm realm;
    private static FapiClient client;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running()
                .messageSigningRealm(Map.of("FAPI_AUTHORIZATION_CODE_LIFETIME_SECONDS", "120"));
        realm.configure("fapi-authorization-code", Map.of("max-lifetime-seconds", 5));
        client = realm.addDpopClient("codes");
    }

    @Test
    @Requirement("SP-5.3.2.1-11")
    void aCodeIsGoodAsLongAsThePolicySays() throws InterruptedException {
        PendingAuthorization pending = client.begin();
        String code = realm.codeFor(client, pending);
        Thread.sleep(6_500);
        Exchange late = client.codeRequest(code, pending).send();
        assertThat(late.status()).as(late.body()).isEqualTo(400);
        assertThat(late.error()).contains("invalid_grant");

        PendingAuthorization next = client.begin();
        assertThat(client.redeem(realm.codeFor(client, next), next).accessToken())
                .isNotEmpty();
    }

    @Test
    @Requirement("SP-5.3.2.2-10/11")
    void itTravelsWith303() {
        Browser browser = realm.browser();
        Page login =
                browser.open(client.authorizationUrl(client.push(client.begin()).requestUri()));
        Page consent = login.logIn(USER, PASSWORD);
        Page end = consent.isConsent() ? consent.acceptConsent() : consent;
        assertThat(end.isClientRedirect()).isTrue();
        assertThat(end.status()).isEqualTo(303);

        PendingAuthorization again = client.begin();
        Page sso = browser.open(client.authorizationUrl(client.push(again).requestUri()));
        assertThat(sso.isClientRedirect()).isTrue();
        assertThat(sso.status()).isEqualTo(303);
    }

    /** Keycloak takes control characters out of what it reads, so a code with one is that code. */
    @ParameterizedTest
    @CsvSource({"%07,''", "'',%07", "%1B[0m,''", "%2507,''"})
    @Requirement("SP-5.3.2.2-9")
    void anotherClientDoesNotUseUpACodeByWritingItInAnotherWay(String beforeCode, String afterGrant) {
        FapiClient other = realm.addDpopClient("other-" + System.nanoTime());
        PendingAuthorization pending = client.begin();
        String code = realm.codeFor(client, pending);

        Exchange stolen = other.codeRequest(URLDecoder.decode(beforeCode, UTF_8) + code, pending)
                .set("grant_type", "authorization_code" + URLDecoder.decode(afterGrant, UTF_8))
                .send();

        assertThat(stolen.status()).as(stolen.body()).isEqualTo(400);
        assertThat(stolen.error()).contains("invalid_grant");
        assertThat(client.redeem(code, pending).accessToken()).isNotEmpty();
    }
}
