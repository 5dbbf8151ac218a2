package org.fapipack.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.KeycloakUnderTest;
import org.fapipack.testkit.client.FapiClient;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.WebDriver;

/** The pack's error page as a customer has it on a phone and on a desk, in Chromium. */
@EnabledIf(value = "org.fapipack.pages.Chromium#isInstalled", disabledReason = Chromium.MISSING)
class ErrorPageIT {

    private static FapiRealm realm;

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
    }

    @ParameterizedTest
    @CsvSource({"en, ltr", "de, ltr", "pt-BR, ltr", "no, ltr", "ar, rtl"})
    void saysInTheCustomersLanguageThatTheLinkWasUsed(String language, String direction) throws IOException {
        try (Chromium chromium = Chromium.open(language)) {
            finishAUsedLink(chromium.driver(), realm.addDpopClient("page-" + language));

            assertSays(chromium.driver(), language, "fapiRequestUriUsed");
            assertThat(chromium.driver().findElement(By.id("kc-error-message")).getCssValue("direction"))
                    .isEqualTo(direction);
            chromium.assertFits(390, 844);
            chromium.assertFits(1280, 800);
        }
    }

    @Test
    void saysItAgainInTheLanguageThatTheCustomerChooses() throws IOException {
        try (Chromium chromium = Chromium.open("en")) {
            finishAUsedLink(chromium.driver(), realm.addDpopClient("page-changed"));
            chromium.driver()
                    .findElement(By.cssSelector("option[value$='kc_locale=ar']"))
                    .click();

            chromium.driver().findElement(By.cssSelector("html[lang=ar]"));
            assertSays(chromium.driver(), "ar", "fapiRequestUriUsed");
        }
    }

    /** The login page stands open while another browser finishes the same authorization. */
    private static void finishAUsedLink(WebDriver chromium, FapiClient client) {
        URI url = client.authorizationUrl(client.push(client.begin()).requestUri());
        chromium.get(url.toString());
        realm.browser().logInAndConsent(url, USER, PASSWORD);
        chromium.findElement(By.id("username")).sendKeys(USER);
        chromium.findElement(By.id("password")).sendKeys(PASSWORD);
        chromium.findElement(By.id("kc-login")).click();
        // The login page has a menu of languages, too: nothing is looked for before it is gone.
        chromium.findElement(By.id("kc-error-message"));
    }

    private static void assertSays(WebDriver chromium, String language, String key) throws IOException {
        assertThat(chromium.findElement(By.id("kc-error-message")).getText()).isEqualTo(message(language, key));
        assertThat(chromium.findElement(By.tagName("html")).getAttribute("lang"))
                .isEqualTo(language);
    }

    private static String message(String language, String key) throws IOException {
        Properties messages = new Properties();
        try (var file = Files.newBufferedReader(Path.of(
                System.getProperty("project.root"),
                "themes/fapi-pack/login/messages/messages_" + language.replace('-', '_') + ".properties"))) {
            messages.load(file);
        }
        return messages.getProperty(key);
    }
}
