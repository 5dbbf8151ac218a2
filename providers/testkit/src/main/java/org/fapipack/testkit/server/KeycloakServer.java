package org.fapipack.testkit.server;

import java.net.URI;

/** A Keycloak that answers. Closing it stops what was started for it, and nothing else. */
public interface KeycloakServer extends AutoCloseable {

    /** Where it answers, https, without a path and without a slash at the end. */
    URI baseUri();

    /** Name and password of its first administrator. */
    Administrator administrator();

    /** The URL under which a realm issues tokens. */
    default URI issuer(String realm) {
        return URI.create(baseUri() + "/realms/" + realm);
    }

    @Override
    void close();
}
