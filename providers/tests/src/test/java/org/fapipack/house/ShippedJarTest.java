package org.fapipack.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What is, and above all what is not, in the JAR: every provider JAR shares one class path with the server and wins over it. */
class ShippedJarTest {

    @Test
    void carriesOurClassesAndNobodyElses() {
        assertThat(ShippedJar.entries())
                .filteredOn(entry -> entry.endsWith(".class"))
                .isNotEmpty()
                .allMatch(entry -> entry.startsWith("org/fapipack/"))
                .noneMatch(entry -> entry.startsWith("org/fapipack/testkit/"));
    }

    @Test
    void carriesTheStructuredFieldsLibraryUnderAnotherNameAndNamesItsLicence() throws IOException {
        assertThat(ShippedJar.entries())
                .contains(
                        "org/fapipack/shaded/structuredfields/Parser.class",
                        "org/fapipack/httpsignatures/RequestVerifier.class",
                        "META-INF/LICENSE")
                .noneMatch(entry -> entry.contains("greenbytes"));
        assertThat(ShippedJar.text("META-INF/NOTICE")).contains("org.greenbytes.http:structured-fields", "Apache-2.0");
    }

    @Test
    void leavesOutWhatNeedsNimbus() {
        assertThat(ShippedJar.entries()).noneMatch(entry -> entry.startsWith("org/fapipack/httpsignatures/jose/"));
    }

    @Test
    void carriesWhatTheServerLooksFor() {
        assertThat(ShippedJar.entries())
                .contains(
                        "META-INF/beans.xml",
                        "theme-resources/messages/messages_en.properties",
                        "theme-resources/templates/fapi-consent.ftl",
                        "theme-resources/resources/css/fapi-consent.css");
    }

    @Test
    void carriesNoSecretAndNoLeftover() {
        assertThat(ShippedJar.entries())
                .noneMatch(
                        entry -> entry.matches(".*\\.(pem|p12|jks|key|SF|RSA)$") || entry.equals("module-info.class"));
    }
}
