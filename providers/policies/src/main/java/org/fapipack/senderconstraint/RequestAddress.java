package org.fapipack.senderconstraint;

import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakUriInfo;
import org.keycloak.urls.UrlType;

/**
 * The address of the request, spelt as the client's DPoP proof spells it. Keycloak's own check, which follows ours, does not know that a URI
 * with its default port or an unneeded percent-encoding is the same URI.
 */
final class RequestAddress extends KeycloakUriInfo {

    private final URI asSpelt;

    RequestAddress(KeycloakSession session, UriInfo real, URI asSpelt) {
        super(session, UrlType.FRONTEND, real);
        this.asSpelt = asSpelt;
    }

    @Override
    public URI getAbsolutePath() {
        return asSpelt;
    }
}
