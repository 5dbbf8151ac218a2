package org.fapipack.testkit.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What was built and tested together.
 *
 * @param pack version of the FAPI Pack
 * @param keycloak version of the stock Keycloak it is for
 */
public record Versions(String pack, String keycloak) {

    /** The versions of this build. */
    public static Versions ofThisBuild() {
        Properties written = new Properties();
        try (InputStream in = Versions.class.getResourceAsStream("versions.properties")) {
            written.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Versions(written.getProperty("pack"), written.getProperty("keycloak"));
    }
}
