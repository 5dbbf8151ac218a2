package org.fapipack.arquillian;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Produces;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.resource.RealmResourceProvider;

/** Answers {@code GET /realms/<realm>/greeting}. */
public final class GreetingResource implements RealmResourceProvider {

    private final KeycloakSession session;

    GreetingResource(KeycloakSession session) {
        this.session = session;
    }

    @GET
    @Produces("text/plain")
    public String greet() {
        return "Hello from " + session.getContext().getRealm().getName();
    }

    @Override
    public Object getResource() {
        return this;
    }

    @Override
    public void close() {}
}
