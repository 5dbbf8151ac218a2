package org.fapipack.arquillian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A distribution whose {@code kc.sh build} fails. */
class FailedDeploymentTest {

    @TempDir
    private Path home;

    @Test
    void saysWhyAndLeavesNoJar() throws IOException {
        Path providers = Files.createDirectories(home.resolve("providers"));
        Path script = Files.createDirectories(home.resolve("bin")).resolve("kc.sh");
        Files.writeString(script, "#!/bin/sh\necho 'ERROR: the provider is broken'\nexit 1\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        KeycloakManagedConfiguration configuration = new KeycloakManagedConfiguration();
        configuration.setHome(home.toString());
        configuration.setTlsFolder(home.resolve("tls").toString());
        KeycloakManagedContainer container = new KeycloakManagedContainer();
        container.setup(configuration);

        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThatThrownBy(() -> container.deploy(ShrinkWrap.create(JavaArchive.class, "broken.jar")))
                    .isInstanceOf(DeploymentException.class)
                    .hasMessageContaining("cannot deploy broken.jar")
                    .hasMessageContaining("the provider is broken");
            assertThat(providers).isEmptyDirectory();
        }
    }
}
