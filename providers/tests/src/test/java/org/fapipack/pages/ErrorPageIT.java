package org.fapipack.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.fixture.FapiRealm.USER;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
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
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The pack's error page as a customer has it on a phone and on a desk, in Chromium. */
@EnabledIf(
        value = "chromiumIsInstalled",
        disabledReason = "the Debian packages chromium and chromium-driver are missing")
class ErrorPageIT {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path CHROMEDRIVER = Path.of("/usr/bin/chromedriver");

    private static FapiRealm realm;

    static boolean chromiumIsInstalled() {
        return Files.isExecutable(CHROMIUM) && Files.isExecutable(CHROMEDRIVER);
    }

    @BeforeAll
    static void prepareRealm() {
        realm = KeycloakUnderTest.running().messageSigningRealm();
    }

    @ParameterizedTest
    @CsvSource({"en, ltr", "de, ltr", "pt-BR, ltr", "no, ltr", "ar, rtl"})
    void saysInTheCustomersLanguageThatTheLinkWasUsed(String language, String direction) throws IOException {
        ChromeDriver chromium = chromium(language);
        try {
            finishAUsedLink(chromium, realm.addDpopClient("page-" + language));

            assertSays(chromium, language, "fapiRequestUriUsed");
            assertThat(chromium.findElement(By.id("kc-error-message")).getCssValue("direction"))
                    .isEqualTo(direction);
            assertFits(chromium, 390, 844);
            assertFits(chromium, 1280, 800);
        } finally {
            chromium.quit();
        }
    }

    @Test
    void saysItAgainInTheLanguageThatTheCustomerChooses() throws IOException {
        ChromeDriver chromium = chromium("en");
        try {
            finishAUsedLink(chromium, realm.addDpopClient("page-changed"));
            chromium.findElement(By.cssSelector("option[value$='kc_locale=ar']"))
                    .click();

            chromium.findElement(By.cssSelector("html[lang=ar]"));
            assertSays(chromium, "ar", "fapiRequestUriUsed");
        } finally {
            chromium.quit();
        }
    }

    /** The login page stands open while another browser finishes the same authorization. */
    private static void finishAUsedLink(ChromeDriver chromium, FapiClient client) {
        URI url = client.authorizationUrl(client.push(client.begin()).requestUri());
        chromium.get(url.toString());
        realm.browser().logInAndConsent(url, USER, PASSWORD);
        chromium.findElement(By.id("username")).sendKeys(USER);
        chromium.findElement(By.id("password")).sendKeys(PASSWORD);
        chromium.findElement(By.id("kc-login")).click();
    }

    private static void assertSays(ChromeDriver chromium, String language, String key) throws IOException {
        assertThat(chromium.findElement(By.id("kc-error-message")).getText()).isEqualTo(message(language, key));
        assertThat(chromium.findElement(By.tagName("html")).getAttribute("lang"))
                .isEqualTo(language);
    }

    private static void assertFits(ChromeDriver chromium, int width, int height) throws IOException {
        chromium.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        assertThat(chromium.executeScript("return window.innerWidth")).isEqualTo((long) width);
        assertThat(chromium.executeScript(
                        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .as("pixels to scroll sideways at " + width)
                .isEqualTo(0L);
        chromium.executeScript(axe());
        assertThat(chromium.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run().then(found => done(JSON.stringify(found.violations)));
                """))
                .as("what axe finds at " + width)
                .isEqualTo("[]");
    }

    private static ChromeDriver chromium(String language) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.setAcceptInsecureCerts(true); // the authority of this run is new to Chromium
        // CI is root in a container, where the sandbox and a large /dev/shm are not to be had.
        options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage");
        // Nothing but the server under test is there to be reached.
        options.addArguments(
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync");
        options.setExperimentalOption("prefs", Map.of("intl.accept_languages", language));
        ChromeDriver chromium = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(CHROMEDRIVER.toFile())
                        .build(),
                options);
        chromium.manage().timeouts().implicitlyWait(Duration.ofSeconds(10));
        return chromium;
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

    private static String axe() throws IOException {
        try (InputStream script = ErrorPageIT.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
