package org.fapipack.arquillian;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.fapipack.testkit.server.DistributionKeycloak;
import org.fapipack.testkit.server.KeycloakStartException;
import org.fapipack.testkit.tls.TestPki;
import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.container.spi.client.container.DeploymentException;
import org.jboss.arquillian.container.spi.client.protocol.ProtocolDescription;
import org.jboss.arquillian.container.spi.client.protocol.metadata.HTTPContext;
import org.jboss.arquillian.container.spi.client.protocol.metadata.ProtocolMetaData;
import org.jboss.shrinkwrap.api.Archive;

/**
 * Deploying installs the archive as a provider JAR, builds Keycloak if anything changed since the last build, and starts it on a
 * free port over https. Undeploying stops it and takes the JAR out. Between deployments no server runs: Keycloak reads its
 * providers when it is built, so there is nothing to keep running.
 */
final class KeycloakManagedContainer implements DeployableContainer<KeycloakManagedConfiguration> {

    private static final System.Logger LOG = System.getLogger("org.fapipack.arquillian");

    /** One name for all deployments, so that the next one replaces what a killed run left behind. */
    private static final String JAR_NAME = "arquillian-deployment.jar";

    private KeycloakManagedConfiguration configuration;
    private DistributionKeycloak server;

    @Override
    public Class<KeycloakManagedConfiguration> getConfigurationClass() {
        return KeycloakManagedConfiguration.class;
    }

    @Override
    public void setup(KeycloakManagedConfiguration value) {
        configuration = value;
    }

    /** Tests run beside the server, never in it: {@code @Deployment(testable = false)}. */
    @Override
    public ProtocolDescription getDefaultProtocol() {
        return new ProtocolDescription("Local");
    }

    @Override
    public ProtocolMetaData deploy(Archive<?> archive) throws DeploymentException {
        if (server != null) {
            throw new DeploymentException("cannot deploy " + archive.getName() + " beside another deployment: Keycloak"
                    + " reads all its providers at once; put them into one archive, or name JARs in the property"
                    + " providers");
        }
        TestPki pki = TestPki.in(configuration.tlsFolder());
        try {
            ProviderJar.write(archive, jar());
            List<Path> providers = new ArrayList<>(configuration.providers());
            providers.add(jar());
            server = DistributionKeycloak.in(configuration.home())
                    .providers(providers.toArray(Path[]::new))
                    .tls(pki)
                    .onProgress(step -> LOG.log(Level.INFO, step))
                    .start();
        } catch (IOException | KeycloakStartException failure) {
            undeploy(archive);
            throw new DeploymentException("cannot deploy " + archive.getName() + ": " + failure.getMessage(), failure);
        }
        return new ProtocolMetaData()
                .addContext(new HTTPContext(
                        server.baseUri().getHost(), server.baseUri().getPort(), true))
                .addContext(new DeployedKeycloak(server, pki));
    }

    @Override
    public void undeploy(Archive<?> archive) throws DeploymentException {
        stop();
        try {
            Files.deleteIfExists(jar());
        } catch (IOException failure) {
            throw new DeploymentException("cannot remove " + jar(), failure);
        }
    }

    @Override
    public void stop() {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    private Path jar() {
        return configuration.home().resolve("providers").resolve(JAR_NAME);
    }
}
