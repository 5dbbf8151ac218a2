package org.fapipack.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.fapipack.consent.ClubRealm;
import org.fapipack.testkit.browser.Browser;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.http.Json;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.chrome.ChromeDriver;

/** The pages on which customers see and withdraw their consents, on a phone and on a desk, in Chromium. */
@EnabledIf(value = "org.fapipack.pages.Chromium#isInstalled", disabledReason = Chromium.MISSING)
class MyConsentsPageIT {

    private static final Path ROOT = Path.of(System.getProperty("project.root"));
    private static final String CONSENTS = "open-banking/v4.0/aisp/account-access-consents";

    private static ClubRealm realm;
    private static FapiClient budget;
    private static FapiClient rent;

    @BeforeAll
    static void prepareRealm() throws IOException {
        realm = ClubRealm.prepare(Files.readString(ROOT.resolve("client-policies/consent-types/uk-accounts.json")));
        budget = realm.addClub("budget-planner", "Budget Planner");
        rent = realm.addClub("rent-check", "Rent Check for Landlords and Letting Agents");
        realm.realm()
                .admin()
                .setClientAttribute(realm.realm().name(), "rent-check", "fapi.legal.name", "Rent Check Ltd");
        realm.realm().admin().setClientAttribute(realm.realm().name(), "rent-check", "fapi.acts.for", "Home & Sons");
    }

    @ParameterizedTest
    @CsvSource({"en, ltr", "de, ltr", "pt-BR, ltr", "no, ltr", "ar, rtl"})
    void isReadableInEveryLanguageAndSize(String language, String direction) throws IOException {
        String customer = "reader-" + language.toLowerCase(Locale.ROOT);
        realm.addCustomer(customer);
        Browser browser = realm.realm().browser();
        agreed(
                browser,
                customer,
                rent,
                ",\"ExpirationDateTime\":\"" + Instant.now().plus(90, ChronoUnit.DAYS) + "\"");
        realm.act(agreed(browser, customer, budget, ""), "revoke", "").expect(200);
        agreed(browser, customer, budget, ",\"TransactionFromDateTime\":\"2025-06-01T00:00:00Z\"");
        try (Chromium chromium = Chromium.open(language)) {
            ChromeDriver driver = chromium.driver();
            driver.get(realm.page("").toString());
            signIn(driver, customer);

            driver.findElement(By.id("fapi-consents"));
            look(chromium, "my-consents-list", language, direction, "fapiConsentsTitle");
            assertThat(driver.findElements(By.className("fapi-consents__item"))).hasSize(3);

            driver.findElement(By.className("fapi-consents__item")).click();
            driver.findElement(By.id("fapi-consents-details"));
            look(chromium, "my-consents-details", language, direction, "fapiConsentsHistory");

            driver.findElement(By.id("fapi-consents-revoke")).click();
            driver.findElement(By.id("fapi-consents-form"));
            look(chromium, "my-consents-confirm", language, direction, "fapiConsentsRevokeTitle");

            driver.findElement(By.id("fapi-consents-yes")).click();
            driver.findElement(By.id("fapi-consents-details"));
            look(chromium, "my-consents-done", language, direction, "fapiConsentsRevoked");
            // Not by findElements, which would wait for what must not come.
            assertThat(driver.getPageSource()).doesNotContain("id=\"fapi-consents-revoke\"");
        }
    }

    @Test
    void worksFromTheKeyboard() throws IOException {
        realm.addCustomer("typist");
        String id = agreed(realm.realm().browser(), "typist", rent, "");
        try (Chromium chromium = Chromium.open("en")) {
            ChromeDriver driver = chromium.driver();
            driver.get(realm.page("").toString());
            signIn(driver, "typist");
            press(driver, By.className("fapi-consents__item"));
            press(driver, By.id("fapi-consents-revoke"));
            press(driver, By.id("fapi-consents-no"));
            assertThat(driver.findElement(By.id("fapi-consents-state")).getText())
                    .isEqualTo("Active");
            press(driver, By.id("fapi-consents-revoke"));
            press(driver, By.id("fapi-consents-yes"));
            assertThat(driver.findElement(By.id("fapi-consents-state")).getText())
                    .isEqualTo("Withdrawn");
            assertThat(driver.getCurrentUrl()).contains(id.substring(id.length() - 10));
            press(driver, By.id("fapi-consents-back"));
            driver.findElement(By.id("fapi-consents-none"));
        }
    }

    /** Goes there with the Tab key and presses Enter. */
    private static void press(ChromeDriver driver, By wanted) {
        String goal = driver.findElement(wanted).getDomProperty("id")
                + driver.findElement(wanted).getText();
        for (int i = 0; i < 40; i++) {
            driver.switchTo().activeElement().sendKeys(Keys.TAB);
            var focused = driver.switchTo().activeElement();
            if (goal.equals(focused.getDomProperty("id") + focused.getText())) {
                focused.sendKeys(Keys.ENTER);
                return;
            }
        }
        throw new AssertionError("not reached by Tab: " + wanted);
    }

    private static String agreed(Browser browser, String customer, FapiClient client, String more) {
        Map<String, Object> data = Json.object(realm.lodge(
                        client,
                        "accounts",
                        CONSENTS,
                        "{\"Data\":{\"Permissions\":[\"ReadAccountsDetail\",\"ReadBalances\",\"ReadTransactionsDetail\",\"ReadTransactionsCredits\","
                                + "\"ReadTransactionsDebits\",\"ReadStandingOrdersDetail\"]" + more + "},\"Risk\":{}}")
                .get("Data"));
        String id = (String) data.get("ConsentId");
        realm.agree(
                browser,
                client,
                customer,
                "openid accounts",
                "{\"id_token\":{\"openbanking_intent_id\":{\"value\":\"" + id + "\",\"essential\":true}}}");
        return id;
    }

    private static void signIn(WebDriver driver, String customer) {
        driver.findElement(By.id("username")).sendKeys(customer);
        driver.findElement(By.id("password")).sendKeys(PASSWORD);
        driver.findElement(By.id("kc-login")).click();
    }

    private static void look(Chromium chromium, String name, String language, String direction, String key)
            throws IOException {
        ChromeDriver driver = chromium.driver();
        assertThat(driver.findElement(By.tagName("html")).getAttribute("dir")).isEqualTo(direction);
        assertThat(driver.findElement(By.tagName("html")).getAttribute("lang")).isEqualTo(language);
        assertThat(driver.findElement(By.tagName("body")).getText())
                .contains(message(language, key))
                .doesNotContain("fapiConsent");
        for (int width : new int[] {1280, 390}) {
            chromium.assertFits(width, 844);
            long height = (Long) driver.executeScript("return document.documentElement.scrollHeight");
            chromium.resize(width, (int) Math.max(600, height));
            chromium.keepScreenshot(name + "-" + language + "-" + width);
        }
    }

    private static String message(String language, String key) throws IOException {
        Properties messages = new Properties();
        try (var file = Files.newBufferedReader(ROOT.resolve(
                "themes/fapi-pack/login/messages/messages_" + language.replace('-', '_') + ".properties"))) {
            messages.load(file);
        }
        return messages.getProperty(key).replace("''", "'");
    }
}
