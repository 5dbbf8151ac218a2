package org.fapipack.arquillian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.arquillian.container.spi.ConfigurationException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeycloakManagedConfigurationTest {

    @TempDir
    private Path folder;

    private final KeycloakManagedConfiguration configuration = new KeycloakManagedConfiguration();
    private Path home;

    @BeforeEach
    void unpackedDistribution() throws IOException {
        home = Files.createDirectories(folder.resolve("keycloak"));
        Path script = Files.createDirectories(home.resolve("bin")).resolve("kc.sh");
        Files.createFile(script);
        assertThat(script.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void needsADistribution() {
        assertThatThrownBy(configuration::validate)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("property home is missing");
        configuration.setHome(folder.toString());
        assertThatThrownBy(configuration::validate)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("bin/kc.sh is missing: " + folder);
        configuration.setHome(home.toString());
        configuration.validate();
    }

    @Test
    void providersAreSeparatedByCommasOrLineBreaksAndMustExist() throws IOException {
        Path one = Files.createFile(folder.resolve("one.jar"));
        Path two = Files.createFile(folder.resolve("with blank.jar"));
        configuration.setHome(home.toString());
        configuration.setProviders(" %s,\n    %s\n ".formatted(one, two));
        configuration.validate();
        assertThat(configuration.providers()).containsExactly(one, two);

        configuration.setProviders(folder.resolve("three.jar").toString());
        assertThatThrownBy(configuration::validate)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("three.jar");
    }

    @Test
    void tlsMaterialLiesBesideTheDistributionUnlessToldOtherwise() {
        configuration.setHome(home.toString());
        assertThat(configuration.tlsFolder()).isEqualTo(folder.resolve("keycloak-tls"));
        configuration.setTlsFolder(folder.resolve("elsewhere").toString());
        assertThat(configuration.tlsFolder()).isEqualTo(folder.resolve("elsewhere"));
    }
}
