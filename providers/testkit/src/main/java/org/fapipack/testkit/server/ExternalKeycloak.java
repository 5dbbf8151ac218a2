package org.fapipack.testkit.server;

import java.net.URI;

/** A server that somebody else runs. Closing does nothing. */
public final class ExternalKeycloak implements KeycloakServer {

    private final URI baseUri;
    private final Administrator administrator;

    public ExternalKeycloak(URI baseUri, Administrator administrator) {
        if (!"https".equals(baseUri.getScheme())) {
            throw new IllegalArgumentException("FAPI needs https: " + baseUri);
        }
        this.baseUri = URI.create(baseUri.toString().replaceAll("/+$", ""));
        this.administrator = administrator;
    }

    /** From {@code keycloak.url}, {@code keycloak.admin.username} (admin) and {@code keycloak.admin.password} (admin). */
    public static ExternalKeycloak fromSystemProperties() {
        String url = System.getProperty("keycloak.url");
        if (url == null || url.isBlank()) {
            throw new KeycloakStartException("keycloak.server=external needs -Dkeycloak.url=https://...");
        }
        return new ExternalKeycloak(
                URI.create(url),
                new Administrator(
                        System.getProperty("keycloak.admin.username", "admin"),
                        System.getProperty("keycloak.admin.password", "admin")));
    }

    @Override
    public URI baseUri() {
        return baseUri;
    }

    @Override
    public Administrator administrator() {
        return administrator;
    }

    @Override
    public void close() {
        /* not ours to stop */
    }
}
