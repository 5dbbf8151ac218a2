package org.fapipack.pages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.fapipack.fixture.FapiRealm.PASSWORD;
import static org.fapipack.pages.ConsentPageRealm.COLLECTOR;
import static org.fapipack.pages.ConsentPageRealm.CUSTOMER;
import static org.fapipack.pages.ConsentPageRealm.FINE;
import static org.fapipack.pages.ConsentPageRealm.MANY;
import static org.fapipack.pages.ConsentPageRealm.NEWCOMER;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.fapipack.fixture.FapiRealm;
import org.fapipack.fixture.Requirement;
import org.fapipack.pages.ConsentPageRealm.Asked;
import org.fapipack.testkit.client.FapiClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;

/** The page on which customers decide on a consent, as they have it, in Chromium. */
@EnabledIf(value = "org.fapipack.pages.Chromium#isInstalled", disabledReason = Chromium.MISSING)
class ConsentPageIT {

    private static final String NAME = "Copper Kettle";
    private static final String LOGIN_TIME = "accessCodeLifespanLogin";
    private static final String ACTION_TIME = "accessCodeLifespanUserAction";

    private static ConsentPageRealm consents;
    private static FapiClient app;
    private static Chromium chromium;

    @BeforeAll
    static void prepareRealm() {
        consents = ConsentPageRealm.prepare();
        app = consents.addApp(
                "kettle",
                NAME,
                Map.of(
                        "fapi.legal.name",
                        "Copper Kettle Technologies Ltd",
                        "policyUri",
                        "https://kettle.example.test/privacy",
                        "tosUri",
                        "https://kettle.example.test/terms"));
        chromium = Chromium.open("en");
    }

    @AfterAll
    static void close() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void startAsAStranger() {
        chromium.driver().executeCdpCommand("Network.clearBrowserCookies", Map.of());
        chromium.resize(1280, 800);
    }

    @ParameterizedTest
    @CsvSource({"en, ltr", "de, ltr", "pt-BR, ltr", "no, ltr", "ar, rtl"})
    @Requirement("SP-5.3.2.2-13")
    void asksInTheCustomersLanguageWhateverTheEcosystem(String language, String direction) throws IOException {
        try (Chromium theirs = Chromium.open(language)) {
            Properties messages = messages(language);
            for (String type : ConsentPageRealm.shippedTypes().toList()) {
                open(theirs, consents.ask(app, type), CUSTOMER);

                WebElement page = theirs.driver().findElement(By.id("fapi-consent"));
                assertThat(theirs.driver().findElement(By.tagName("html")).getAttribute("lang"))
                        .isEqualTo(language);
                assertThat(page.getCssValue("direction")).isEqualTo(direction);
                assertThat(wording(theirs))
                        .as("what is asked for in " + type)
                        .isNotEmpty()
                        .allSatisfy(text -> assertThat(messages.values()).contains(text));
                assertThat(page.getText()).doesNotContain("fapiConsent", "DE02120300000000204417");
                theirs.assertFits(390, 844);
                theirs.assertIsNotWiderThan(320, 640);
                theirs.assertIsNotWiderThan(1280, 800);
                assertNothingIsTooSmallToTouch(theirs);
                theirs.keepWholePage("consent-" + type + "-" + language, 390);
            }
        }
    }

    /** Titles of groups and permissions, also of groups that are folded. */
    private static List<String> wording(Chromium theirs) {
        return theirs
                .driver()
                .findElements(By.cssSelector("#fapi-consent section h3, #fapi-consent section li"))
                .stream()
                .map(element -> element.getAttribute("textContent").strip())
                .toList();
    }

    private static void assertNothingIsTooSmallToTouch(Chromium theirs) {
        theirs.resize(320, 640);
        assertThat((List<?>) theirs.driver().executeScript("""
                        return [...document.querySelectorAll("#fapi-consent :is(button, summary, label:has(input), a)")]
                            .filter(element => element.checkVisibility())
                            .filter(element => element.getBoundingClientRect().height < 44)
                            .map(element => element.outerHTML)
                        """)).isEmpty();
    }

    @Test
    void isUsedFromTheKeyboardAlone() {
        Asked asked = open(consents.ask(app, "account-access"), CUSTOMER);

        tabTo("input[name=account][value='1']");
        chromium.press(Keys.SPACE);
        chromium.press(Keys.ENTER);
        assertThat(find("input[name=account][value='1']").isSelected())
                .as("Enter in a field decides nothing")
                .isTrue();
        assertThat(consents.state(asked)).isEqualTo("awaiting");
        tabTo("input[name=account][value='3']");
        chromium.press(Keys.SPACE);
        tabTo("#fapi-consent-approve");
        chromium.press(Keys.ENTER);

        assertApproved(asked);
    }

    private static void tabTo(String css) {
        WebElement wanted = find(css);
        for (int i = 0; i < 60 && !wanted.equals(chromium.focused()); i++) {
            chromium.press(Keys.TAB);
        }
        assertThat(chromium.focused()).as(css).isEqualTo(wanted);
    }

    @Test
    @Requirement("SP-5.3.2.2-13")
    void whoRefusesGoesBackAndNothingIsShared() {
        Asked asked = open(consents.ask(app, "account-access"), CUSTOMER);
        assertThat(chromium.count("input:checked"))
                .as("ticked before the customer chose")
                .isZero();
        assertThat(look("fapi-consent-approve")).isEqualTo(look("fapi-consent-refuse"));

        find("#fapi-consent-refuse").click();

        assertThat(asked.answer(backAtTheApp()).error()).contains("access_denied");
        assertThat(consents.state(asked)).isEqualTo("rejected");
    }

    /** What makes a button stand out. */
    private static List<String> look(String id) {
        WebElement button = find("#" + id);
        return List.of(
                button.getCssValue("color"),
                button.getCssValue("background-color"),
                button.getCssValue("border"),
                button.getCssValue("font-size"),
                button.getCssValue("font-weight"),
                String.valueOf(button.getSize()));
    }

    @Test
    void whoChoosesNothingIsToldAndCanGoOn() throws IOException {
        Asked asked = open(consents.ask(app, "account-access"), CUSTOMER);

        find("#fapi-consent-approve").click();

        WebElement error = find("#fapi-consent-error");
        assertThat(error.getText()).isEqualTo(message("en", "fapiConsentChooseAccount"));
        assertThat(error.getAttribute("role")).isEqualTo("alert");
        assertThat(chromium.focused()).isEqualTo(error);
        assertThat(find("#fapi-consent-accounts").getAttribute("aria-describedby"))
                .isEqualTo(error.getAttribute("id"));
        assertThat(consents.state(asked)).isEqualTo("awaiting");
        chromium.assertFits(390, 844);
        chromium.keepWholePage("consent-nothing-chosen", 390);
        choose("2");
        find("#fapi-consent-approve").click();
        assertApproved(asked);
    }

    @Test
    void tenThousandAccountsAreSearchedAndTurnedOver() throws IOException {
        Asked asked = open(consents.ask(app, "account-access"), COLLECTOR);
        assertThat(find("#fapi-consent-page").getText()).isEqualTo("Page 1 of 500");
        assertThat(chromium.count("input[name=account]")).isEqualTo(20);
        assertThat(find("label[for=fapi-consent-search]").getText()).contains("%,d".formatted(MANY));

        choose("n-3");
        find("#fapi-consent-next").click();
        find("#fapi-consent-previous:enabled");
        assertThat(find("#fapi-consent-page").getText()).isEqualTo("Page 2 of 500");
        assertThat(find("#fapi-consent-elsewhere").getText()).endsWith(" 1");
        find("#fapi-consent-search").sendKeys("jar 07777", Keys.ENTER);
        find("input[name=account][value='n-7777']");
        assertThat(consents.state(asked)).as("Enter in the search").isEqualTo("awaiting");
        assertThat(chromium.count("input[name=account]")).isEqualTo(1);
        choose("n-7777");
        WebElement search = find("#fapi-consent-search");
        assertThat(search.getAttribute("value")).isEqualTo("jar 07777");
        search.clear();
        search.sendKeys("no such jar");
        find("#fapi-consent-do-search").click();
        find("#fapi-consent-no-match");
        assertThat(find("#fapi-consent-elsewhere").getText()).endsWith(" 2");
        chromium.assertFits(390, 844);
        find("#fapi-consent-search").clear();
        find("#fapi-consent-do-search").click();
        find("#fapi-consent-next");
        assertThat(find("input[name=account][value='n-3']").isSelected()).isTrue();
        chromium.assertFits(390, 844);
        chromium.assertIsNotWiderThan(320, 640);
        chromium.keepWholePage("consent-many-accounts", 320);

        find("#fapi-consent-approve").click();

        assertApproved(asked);
    }

    @Test
    void whoHasNoAccountCanOnlyRefuse() throws IOException {
        Asked asked = open(consents.ask(app, "account-access"), NEWCOMER);
        assertThat(find("#fapi-consent-no-accounts").getText()).isEqualTo(message("en", "fapiConsentNoAccounts"));
        assertThat(chromium.count("button[value=approve]")).isZero();
        chromium.assertFits(390, 844);

        find("#fapi-consent-refuse").click();

        assertThat(asked.answer(backAtTheApp()).error()).contains("access_denied");
    }

    @Test
    void whoIsSomebodyElseCanSignInAsThemselves() {
        Asked asked = open(consents.ask(app, "account-access"), NEWCOMER);
        assertThat(find("#fapi-consent-customer bdi").getText()).isEqualTo(NEWCOMER);

        find("#fapi-consent-customer a").click();
        signIn(chromium, CUSTOMER);

        assertThat(find("#fapi-consent-customer bdi").getText()).isEqualTo(CUSTOMER);
        choose("2");
        find("#fapi-consent-approve").click();
        assertApproved(asked);
    }

    @Test
    @Requirement("SP-5.3.2.2-13")
    void aPaymentSaysWhatIsPaidInAnEcosystemNobodyWroteTextsFor() throws IOException {
        Asked asked = open(consents.ask(app, FINE), CUSTOMER);
        assertThat(find("#fapi-consent-amount bdi").getText()).isEqualTo("\u20ac3.50");
        assertThat(find("#fapi-consent-approve").getText()).isEqualTo("Pay \u20ac3.50");
        assertThat(find("#fapi-consent-fields").getText()).contains("City Library", "three books, a week late");
        assertThat(find("#fapi-consent").getText()).contains("LATE_FEE");
        assertThat(find("#fapi-consent").getText()).doesNotContain("fapiConsent");
        assertThat(find("input[name=account][value='1']").getAttribute("type")).isEqualTo("radio");
        chromium.assertFits(390, 844);
        chromium.keepWholePage("consent-payment", 390);

        choose("1");
        choose("2");
        find("#fapi-consent-approve").click();

        assertApproved(asked);
    }

    @Test
    void needsNoScript() {
        chromium.allowScripts(false);
        try {
            Asked asked = open(consents.ask(app, "account-access"), COLLECTOR);
            assertThat(find("#fapi-consent").getCssValue("display"))
                    .as("the style sheet")
                    .isEqualTo("grid");
            choose("n-0");
            find("#fapi-consent-next").click();
            find("#fapi-consent-previous:enabled");
            choose("n-21");
            find("#fapi-consent-approve").click();
            assertApproved(asked);

            Asked refused = open(consents.ask(app, "account-access"), COLLECTOR);
            find("#fapi-consent-refuse").click();
            assertThat(refused.answer(backAtTheApp()).error()).contains("access_denied");
        } finally {
            chromium.allowScripts(true);
        }
    }

    @Test
    void losesNothingInForcedColoursAndInTheDark() throws IOException {
        try {
            for (String[] preference : new String[][] {{"forced-colors", "active"}, {"prefers-color-scheme", "dark"}}) {
                chromium.prefer(preference[0], preference[1]);
                open(consents.ask(app, FINE), CUSTOMER);
                choose("2");
                for (String css : List.of("#fapi-consent-approve", "#fapi-consent-refuse", ".fapi-consent__account")) {
                    assertThat(find(css).getCssValue("border-top-style"))
                            .as(css)
                            .isEqualTo("solid");
                }
                chromium.assertFits(390, 844);
                chromium.keepWholePage("consent-" + preference[0], 390);
            }
        } finally {
            chromium.prefer("prefers-color-scheme", "");
        }
    }

    @Test
    void whatAClientCallsItselfIsTextAndTurnsNothingAround() throws IOException {
        String name = "<img src=x onerror=alert(1)>${doLogIn}{0}'";
        FapiClient hostile = consents.addApp(
                "hostile",
                name + "\u202eknab ruoY\u2066",
                Map.of(
                        "fapi.legal.name",
                        "<b>\u05e9\u05dc\u05d5\u05dd</b>" + "W".repeat(300),
                        "fapi.acts.for",
                        "\u0645\u0631\u062d\u0628\u0627 <script>alert(2)</script>{1}"));

        Asked asked = open(consents.ask(hostile, "account-access"), CUSTOMER);

        assertThat(chromium.count("#fapi-consent :is(img, b, script:not([src]))"))
                .isZero();
        String text = find("main").getText();
        assertThat(text).contains(name + "knab ruoY").contains("<script>alert(2)</script>{1}");
        assertThat(text).doesNotContain("\u202e", "\u2066");
        assertThat(find("#kc-page-title bdi").getText()).isEqualTo(name + "knab ruoY");
        chromium.assertFits(390, 844);
        chromium.assertIsNotWiderThan(320, 640);
        chromium.keepWholePage("consent-hostile", 390);
        find("#fapi-consent-refuse").click();
        assertThat(asked.answer(backAtTheApp()).error()).contains("access_denied");
    }

    @Test
    void aDecisionIsSentOnceHoweverOftenTheButtonIsPressed() {
        Asked asked = open(consents.ask(app, "account-access"), CUSTOMER);
        choose("1");

        chromium.driver().executeScript("""
                const approve = document.getElementById("fapi-consent-approve");
                approve.click();
                approve.click();
                """);

        assertApproved(asked);
    }

    @Test
    void whoGoesBackAfterTheDecisionCannotDecideAgain() {
        Asked asked = open(consents.ask(app, "account-access"), CUSTOMER);
        choose("1");
        find("#fapi-consent-approve").click();
        assertApproved(asked);

        chromium.driver().navigate().back();
        List<WebElement> again =
                chromium.driver().findElements(By.cssSelector("#fapi-consent-refuse, #kc-error-message"));
        again.get(0).click();
        find("#kc-error-message");

        assertThat(consents.state(asked)).isEqualTo("authorised");
    }

    @Test
    void ofTwoTabsOneDecides() throws IOException {
        Asked first = open(consents.ask(app, "account-access"), CUSTOMER);
        String tab = chromium.driver().getWindowHandle();
        Asked second = consents.request(app, "account-access", first.id());
        chromium.driver().switchTo().newWindow(WindowType.TAB);
        try {
            open(second, CUSTOMER);
            find("#fapi-consent-refuse").click();
            assertThat(second.answer(backAtTheApp()).error()).contains("access_denied");
        } finally {
            chromium.driver().close();
            chromium.driver().switchTo().window(tab);
        }

        choose("1");
        find("#fapi-consent-approve").click();

        assertIsOver(first, "rejected");
    }

    @Test
    void whatWasWithdrawnMeanwhileIsNoLongerThere() throws IOException {
        Asked asked = open(consents.ask(app, "open-finance-data"), CUSTOMER);
        consents.revoke(asked);
        choose("1");

        find("#fapi-consent-approve").click();

        assertIsOver(asked, "revoked");
    }

    private static void assertIsOver(Asked asked, String state) throws IOException {
        assertThat(find("#kc-error-message").getText()).isEqualTo(message("en", "fapiConsentGone"));
        chromium.assertFits(390, 844);
        chromium.assertIsNotWiderThan(320, 640);
        chromium.keepScreenshot("consent-over");
        find("button[value=leave]").click();
        assertThat(asked.answer(backAtTheApp()).error()).contains("access_denied");
        assertThat(consents.state(asked)).isEqualTo(state);
    }

    @Test
    @Requirement("SP-5.3.2.2-13")
    void whatChangedMeanwhileIsReadAgainBeforeItIsDecided() throws IOException {
        Asked asked = open(consents.ask(app, FINE), CUSTOMER);
        choose("1");
        consents.revoke(asked);

        find("#fapi-consent-approve").click();

        assertThat(find("#fapi-consent-error").getText()).isEqualTo(message("en", "fapiConsentChanged"));
        assertThat(consents.state(asked)).isEqualTo("revoked");
        choose("1");
        find("#fapi-consent-approve").click();
        assertApproved(asked);
    }

    @Test
    void whoTookTooLongSignsInAgainAndIsAskedAgain() throws Exception {
        Asked asked = open(consents.ask(app, "account-access"), CUSTOMER);
        choose("1");
        FapiRealm realm = consents.realm();
        Map<String, Object> before = realm.admin().realm(realm.name());
        realm.admin().updateRealm(realm.name(), Map.of(LOGIN_TIME, 1, ACTION_TIME, 1));
        try {
            Thread.sleep(Duration.ofSeconds(3).toMillis());
            find("#fapi-consent-approve").click();
            find("#username");
        } finally {
            realm.admin()
                    .updateRealm(
                            realm.name(),
                            Map.of(LOGIN_TIME, before.get(LOGIN_TIME), ACTION_TIME, before.get(ACTION_TIME)));
        }
        assertThat(find("main").getText()).contains("timed out");
        assertThat(consents.state(asked)).isEqualTo("awaiting");
        chromium.keepScreenshot("consent-too-late");

        signIn(chromium, CUSTOMER);

        find("#fapi-consent");
        assertThat(chromium.count("input:checked")).isZero();
        choose("1");
        find("#fapi-consent-approve").click();
        assertApproved(asked);
    }

    @Test
    void whoseSignInIsGoneDecidesNothing() {
        Asked asked = open(consents.ask(app, "account-access"), CUSTOMER);
        choose("1");
        startAsAStranger();

        find("#fapi-consent-approve").click();

        assertThat(find("#kc-error-message").getText()).containsIgnoringCase("cookie");
        assertThat(consents.state(asked)).isEqualTo("awaiting");
    }

    @Test
    void isThereInAnotherLoginThemeToo() throws IOException {
        FapiRealm realm = consents.realm();
        realm.admin().updateRealm(realm.name(), Map.of("loginTheme", "keycloak"));
        try {
            Asked asked = open(consents.ask(app, "account-access"), CUSTOMER);
            assertThat(find("#fapi-consent").getCssValue("display")).isEqualTo("grid");
            chromium.assertIsNotWiderThan(390, 844);
            chromium.keepWholePage("consent-other-theme", 390);
            choose("1");
            find("#fapi-consent-approve").click();
            assertApproved(asked);
        } finally {
            realm.admin().updateRealm(realm.name(), Map.of("loginTheme", "keycloak.v2"));
        }
    }

    private static Asked open(Asked asked, String customer) {
        return open(chromium, asked, customer);
    }

    /** Follows the link, and signs in where nobody is signed in. */
    private static Asked open(Chromium theirs, Asked asked, String customer) {
        theirs.driver().get(asked.url().toString());
        theirs.driver().findElement(By.cssSelector("#username, #fapi-consent"));
        if (!theirs.driver().getPageSource().contains("id=\"fapi-consent\"")) {
            signIn(theirs, customer);
        }
        theirs.driver().findElement(By.id("fapi-consent"));
        return asked;
    }

    private static void signIn(Chromium theirs, String customer) {
        theirs.driver().findElement(By.id("username")).sendKeys(customer);
        theirs.driver().findElement(By.id("password")).sendKeys(PASSWORD);
        theirs.driver().findElement(By.id("kc-login")).click();
    }

    private static void choose(String account) {
        find("input[name=account][value='" + account + "']").click();
    }

    private static WebElement find(String css) {
        return chromium.driver().findElement(By.cssSelector(css));
    }

    private static void assertApproved(Asked asked) {
        assertThat(asked.answer(backAtTheApp()).error()).isEmpty();
        assertThat(consents.state(asked)).isEqualTo("authorised");
    }

    /** The whole address that the browser was sent to. */
    private static String backAtTheApp() {
        return chromium.waitForAddress(FapiRealm.REDIRECT_URI.toString());
    }

    private static String message(String language, String key) throws IOException {
        return messages(language).getProperty(key);
    }

    private static Properties messages(String language) throws IOException {
        Properties messages = new Properties();
        try (var file = Files.newBufferedReader(Path.of(
                System.getProperty("project.root"),
                "themes/fapi-pack/login/messages/messages_" + language.replace('-', '_') + ".properties"))) {
            messages.load(file);
        }
        return messages;
    }
}
