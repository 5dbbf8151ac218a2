package org.fapipack.arquillian;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jboss.arquillian.container.spi.ConfigurationException;
import org.jboss.arquillian.container.spi.client.container.ContainerConfiguration;

/** The properties of the container in {@code arquillian.xml}. Relative paths start at the working directory. */
public final class KeycloakManagedConfiguration implements ContainerConfiguration {

    private Path home;
    private List<Path> providers = List.of();
    private Path tlsFolder;

    /** The unpacked distribution, the folder that has {@code bin/kc.sh}. It belongs to the tests. Required. */
    public void setHome(String value) {
        home = Path.of(value.strip()).toAbsolutePath().normalize();
    }

    /** JARs to install besides the deployment, separated by commas or line breaks; none unless set. */
    public void setProviders(String value) {
        providers = Arrays.stream(value.split("[,\\n\\r]"))
                .map(String::strip)
                .filter(path -> !path.isEmpty())
                .map(path -> Path.of(path).toAbsolutePath().normalize())
                .toList();
    }

    /** Where the test CA and the server's certificate are kept; the folder {@code <home>-tls} unless set. */
    public void setTlsFolder(String value) {
        tlsFolder = Path.of(value.strip()).toAbsolutePath().normalize();
    }

    Path home() {
        return home;
    }

    List<Path> providers() {
        return providers;
    }

    Path tlsFolder() {
        return tlsFolder == null ? home.resolveSibling(home.getFileName() + "-tls") : tlsFolder;
    }

    @Override
    public void validate() {
        if (home == null) {
            throw new ConfigurationException("arquillian.xml: the property home is missing, the folder of an unpacked"
                    + " Keycloak distribution");
        }
        if (!Files.isExecutable(home.resolve("bin/kc.sh"))) {
            throw new ConfigurationException(
                    "arquillian.xml: home is no Keycloak distribution, bin/kc.sh is missing: " + home);
        }
        for (Path jar : providers) {
            if (!Files.isRegularFile(jar)) {
                throw new ConfigurationException("arquillian.xml: providers names a JAR that does not exist: " + jar);
            }
        }
    }
}
