package org.fapipack.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.PendingAuthorization;
import org.fapipack.testkit.client.Tokens;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.http.Route;
import org.fapipack.testkit.overlay.EcosystemSample;
import org.fapipack.testkit.overlay.EcosystemSandbox;
import org.fapipack.testkit.resource.ResourceServer;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/**
 * The whole way in the realm of an ecosystem's template, with its sample, in Chromium: a consent, the request, sign-in, accounts, tokens, an API, and the
 * customer's own page, where they withdraw. On several nodes each page, and each request of client and API, is another node's than the one before.
 */
@EnabledIf(value = "org.fapipack.pages.Chromium#isInstalled", disabledReason = Chromium.MISSING)
class EcosystemPagesIT {

    private static final Path TEMPLATES = Path.of(System.getProperty("project.root"), "realm-exports");

    static Stream<EcosystemSample> samples() {
        return EcosystemSample.namesIn(TEMPLATES).stream().map(name -> EcosystemSample.in(TEMPLATES, name));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatACustomerWithdrawsEndsWithTheVeryNextRequest(EcosystemSample sample) throws IOException {
        KeycloakUnderTest keycloak = KeycloakUnderTest.running();
        EcosystemSandbox sandbox = EcosystemSandbox.createIn(
                keycloak.untouchedRealmFrom(sample.name()),
                sample,
                keycloak.server(),
                keycloak.admin(),
                keycloak.pki(),
                FapiRealm.REDIRECT_URI,
                PASSWORD);
        Route alternating = Route.alternating(keycloak.nodes());
        FapiClient client = sandbox.client().route(alternating).build();
        Exchange lodged = sandbox.lodge(client).expect(201);
        String id = sandbox.id(lodged);
        PendingAuthorization pending = client.begin();
        URI address = sandbox.address(client, sandbox.request(client, pending, id));
        try (ResourceServer api = sandbox.resourceServer().route(alternating).start();
                NodeSwitch nodes = NodeSwitch.open();
                Chromium chromium = Chromium.open("en", nodes.resolverRule())) {
            chromium.driver().get(address.toString());
            find(chromium, "#username").sendKeys(sample.customer());
            find(chromium, "#password").sendKeys(PASSWORD);
            nodes.turn();
            find(chromium, "#kc-login").click();
            find(chromium, "input[name=account][value='" + sample.accounts().get(1) + "']")
                    .click();
            chromium.assertFits(390, 844);
            chromium.keepWholePage("sample-" + sample + "-decide", 390);
            nodes.turn();
            find(chromium, "#fapi-consent-approve").click();
            Form answer = Form.parse(URI.create(chromium.waitForAddress(FapiRealm.REDIRECT_URI.toString()))
                    .getRawFragment());

            assertThat(answer.first("error")).isEmpty();
            assertThat(answer.first("state")).contains(pending.state());
            client.verifyIdToken(answer.first("id_token").orElseThrow(), pending);
            Tokens tokens = client.redeem(answer.first("code").orElseThrow(), pending);
            Exchange shown =
                    client.callApi(api.accounts(), tokens.accessToken()).expect(200);
            assertThat(Json.objects((List<?>) shown.json().get("accounts")))
                    .extracting(account -> account.get("id"))
                    .containsExactly(sample.accounts().get(1));
            String refreshToken = tokens.refreshToken().orElseThrow();
            client.refresh(refreshToken);

            nodes.turn();
            chromium.driver().get(sandbox.customersPage().toString());
            WebElement listed = find(chromium, ".fapi-consents__item");
            chromium.assertFits(390, 844);
            chromium.keepWholePage("sample-" + sample + "-list", 390);
            listed.click();
            find(chromium, "#fapi-consents-revoke");
            nodes.turn();
            find(chromium, "#fapi-consents-revoke").click();
            find(chromium, "#fapi-consents-yes");
            nodes.turn();
            find(chromium, "#fapi-consents-yes").click();
            assertThat(find(chromium, "#fapi-consents-state").getText()).isEqualTo("Withdrawn");

            // Nothing is waited for: the requests after the page are refused, whichever node gets them.
            for (int i = 0; i < keycloak.nodes().size(); i++) {
                Exchange refused = client.callApi(api.accounts(), tokens.accessToken());
                assertThat(refused.status()).as(refused.body()).isEqualTo(401);
                assertThat(refused.error()).contains("invalid_token");
                Exchange dead = client.refreshRequest(refreshToken).send();
                assertThat(dead.status()).as(dead.body()).isEqualTo(400);
                assertThat(dead.error()).contains("invalid_grant");
            }
        }
    }

    private static WebElement find(Chromium chromium, String css) {
        return chromium.driver().findElement(By.cssSelector(css));
    }
}
