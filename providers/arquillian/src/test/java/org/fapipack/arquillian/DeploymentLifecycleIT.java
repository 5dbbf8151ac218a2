package org.fapipack.arquillian;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.server.Ports;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.client.protocol.metadata.HTTPContext;
import org.jboss.arquillian.container.spi.client.protocol.metadata.ProtocolMetaData;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.JavaArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The container without Arquillian around it: what deploying and undeploying leave behind. */
class DeploymentLifecycleIT {

    private final Path home = Path.of(System.getProperty("keycloak.home"));
    private final Path jar = home.resolve("providers/arquillian-deployment.jar");
    private final Path buildLog = home.resolveSibling(home.getFileName() + "-logs/keycloak-build.log");
    private final KeycloakManagedContainer container = new KeycloakManagedContainer();

    @BeforeEach
    void setUp() {
        KeycloakManagedConfiguration configuration = new KeycloakManagedConfiguration();
        configuration.setHome(home.toString());
        configuration.setTlsFolder(System.getProperty("keycloak.tls"));
        configuration.validate();
        container.setup(configuration);
    }

    @AfterEach
    void stop() {
        container.stop();
    }

    @Test
    void aDeploymentIsBuiltOnceAndLeavesNothing() throws DeploymentException, IOException {
        JavaArchive broken = GreetingJar.withoutBeansXml();
        int port = answers405(container.deploy(broken));
        FileTime built = Files.getLastModifiedTime(buildLog);
        assertThat(jar).exists();
        assertThat(Ports.isFree(port)).isFalse();
        assertThatThrownBy(() -> container.deploy(ShrinkWrap.create(JavaArchive.class, "second.jar")))
                .isInstanceOf(DeploymentException.class)
                .hasMessageContaining("cannot deploy second.jar beside another deployment");

        container.undeploy(broken);
        assertThat(jar).doesNotExist();
        assertThat(Ports.isFree(port)).isTrue();

        answers405(container.deploy(GreetingJar.withoutBeansXml()));
        assertThat(Files.getLastModifiedTime(buildLog))
                .as("the same content needs no second build")
                .isEqualTo(built);
        container.undeploy(broken);
        assertThat(jar).doesNotExist();
    }

    /** Without META-INF/beans.xml the server does not see the annotations: it finds the provider and none of its methods. */
    private static int answers405(ProtocolMetaData deployed) {
        DeployedKeycloak keycloak =
                deployed.getContexts(DeployedKeycloak.class).iterator().next();
        Exchange answer = HttpCaller.over(keycloak.pki().sslContext())
                .get(URI.create(keycloak.server().issuer("master") + "/greeting"));
        assertThat(answer.status()).as(answer.body()).isEqualTo(405);
        HTTPContext http = deployed.getContexts(HTTPContext.class).iterator().next();
        assertThat(http.getScheme()).isEqualTo("https");
        return http.getPort();
    }
}
