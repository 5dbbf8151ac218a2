package org.fapipack.sleeping;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.fapipack.testkit.server.DistributionKeycloak;
import org.fapipack.testkit.tls.TestPki;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The JAR sleeps: a realm that opted into nothing answers the same requests the same way with it and without it. The two servers
 * run one after the other, from the same distribution and on the same port.
 */
@EnabledIfSystemProperty(
        named = "keycloak.server",
        matches = "distribution",
        disabledReason = "a server without the JAR is needed, and only the distribution can be built twice")
class SleepingJarIT {

    private final Path target = Path.of("target").toAbsolutePath();
    private final TestPki pki = TestPki.in(target.resolve("tls"));

    @Test
    void aRealmThatOptedIntoNothingAnswersAsStock() {
        List<Answer> stock = answers("stock");
        List<Answer> withJar = answers("with-jar", Path.of(System.getProperty("fapipack.jar")));

        assertThat(stock).as("the script really asked").hasSizeGreaterThan(40);
        assertThat(stock).extracting(Answer::status).contains(200, 201, 302, 400, 401, 405);
        assertThat(withJar).hasSameSizeAs(stock);
        SoftAssertions each = new SoftAssertions();
        for (int i = 0; i < stock.size(); i++) {
            each.assertThat(withJar.get(i)).as(stock.get(i).step()).isEqualTo(stock.get(i));
        }
        each.assertAll();
    }

    private List<Answer> answers(String name, Path... jars) {
        try (DistributionKeycloak server = DistributionKeycloak.in(Path.of(System.getProperty("keycloak.home")))
                .providers(jars)
                // The builds that other tests have made before.
                .buildOption("--metrics-enabled=true")
                .logFolder(target.resolve("keycloak-logs"))
                .name(name)
                .tls(pki)
                .start()) {
            return new Script(server, pki).run();
        }
    }
}
