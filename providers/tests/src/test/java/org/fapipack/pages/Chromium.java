package org.fapipack.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;

/** A browser as a customer has it, without its window. Finding an element waits until it is there. */
public final class Chromium implements AutoCloseable {

    /** Why a test does not run where there is none. */
    public static final String MISSING = "the Debian packages chromium and chromium-driver are missing";

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path CHROMEDRIVER = Path.of("/usr/bin/chromedriver");

    /** How long to wait for a page on a busy machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ChromeDriver driver;

    private Chromium(ChromeDriver driver) {
        this.driver = driver;
    }

    public static boolean isInstalled() {
        return Files.isExecutable(CHROMIUM) && Files.isExecutable(CHROMEDRIVER);
    }

    /**
     * Starts one.
     *
     * @param language that the customer prefers, as in {@code Accept-Language}
     */
    public static Chromium open(String language) {
        return open(language, "");
    }

    /**
     * Starts one that finds hosts in another place than others do.
     *
     * @param resolverRule of {@code --host-resolver-rules}; empty for none
     */
    static Chromium open(String language, String resolverRule) {
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
                "--disable-sync",
                "--host-resolver-rules=MAP *.example.test ~NOTFOUND"
                        + (resolverRule.isEmpty() ? "" : "," + resolverRule));
        options.setExperimentalOption("prefs", Map.of("intl.accept_languages", language));
        ChromeDriver driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(CHROMEDRIVER.toFile())
                        .build(),
                options);
        driver.manage().timeouts().implicitlyWait(PATIENCE);
        return new Chromium(driver);
    }

    public ChromeDriver driver() {
        return driver;
    }

    /** In CSS pixels. */
    public void resize(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
        assertThat(driver.executeScript("return window.innerWidth")).isEqualTo((long) width);
    }

    /** Asserts that nobody has to scroll sideways at this size, in CSS pixels, and that axe finds nothing. */
    public void assertFits(int width, int height) throws IOException {
        assertIsNotWiderThan(width, height);
        driver.executeScript(axe());
        assertThat(driver.executeAsyncScript("""
                const done = arguments[arguments.length - 1];
                axe.run().then(found => done(JSON.stringify(found.violations)));
                """))
                .as("what axe finds at " + width)
                .isEqualTo("[]");
    }

    /** Asserts that nobody has to scroll sideways at this size, in CSS pixels. */
    public void assertIsNotWiderThan(int width, int height) {
        resize(width, height);
        assertThat(driver.executeScript(
                        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"))
                .as("pixels to scroll sideways at " + width)
                .isEqualTo(0L);
    }

    /** Whether pages that are opened from here on may run scripts; the test's own run in any case. */
    public void allowScripts(boolean allowed) {
        driver.executeCdpCommand("Emulation.setScriptExecutionDisabled", Map.of("value", !allowed));
    }

    /** What the customer set in the system, for example {@code forced-colors} to {@code active}; {@code none} takes it back. */
    public void prefer(String mediaFeature, String value) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", mediaFeature, "value", value))));
    }

    /** Presses keys one after the other, wherever the focus is. */
    public void press(CharSequence... keys) {
        for (CharSequence key : keys) {
            new Actions(driver).sendKeys(key).perform();
        }
    }

    /** Waits until the browser was sent to an address that begins like this, and gives the whole. */
    public String waitForAddress(String beginning) {
        Instant giveUp = Instant.now().plus(PATIENCE);
        while (!driver.getCurrentUrl().startsWith(beginning) && Instant.now().isBefore(giveUp)) {
            LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
        }
        assertThat(driver.getCurrentUrl()).startsWith(beginning);
        return driver.getCurrentUrl();
    }

    /** How many elements there are now; nothing is waited for. */
    public int count(String css) {
        return Math.toIntExact(
                (Long) driver.executeScript("return document.querySelectorAll(arguments[0]).length", css));
    }

    /** The element that has the focus. */
    public WebElement focused() {
        return driver.switchTo().activeElement();
    }

    /** Keeps the page to its end, at this width, as {@code target/screenshots/{name}.png}. */
    public void keepWholePage(String name, int width) throws IOException {
        resize(width, 600);
        resize(width, Math.toIntExact((Long)
                driver.executeScript("return Math.max(600, document.documentElement.scrollHeight)")));
        keepScreenshot(name);
    }

    /** Keeps what is to be seen as {@code target/screenshots/{name}.png}. */
    public void keepScreenshot(String name) throws IOException {
        Path file = Path.of("target", "screenshots", name + ".png");
        Files.createDirectories(file.getParent());
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() {
        driver.quit();
    }

    private static String axe() throws IOException {
        try (InputStream script = Chromium.class.getResourceAsStream("/axe.min.js")) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
