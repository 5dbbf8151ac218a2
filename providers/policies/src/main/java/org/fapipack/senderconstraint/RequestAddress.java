package org.fapipack.senderconstraint;

import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakUriInfo;
import org.keycloak.urls.UrlType;

/**
 * The address of the request, spelt as the client's DPoP proof spells it once our check has found the proof good. Keycloak's own check, which
 * follows, does not know that a URI with its default port or an unneeded percent-encoding is the same URI. For a proof that is not ours to
 * check, the address is the real one, as in stock.
 */
final class RequestAddress extends KeycloakUriInfo {

    private static final String CHECKED = RequestAddress.class.getName();

    private final KeycloakSession session;
    private final URI asSpelt;

    RequestAddress(KeycloakSession session, UriInfo real, URI asSpelt) {
        super(session, UrlType.FRONTEND, real);
        this.session = session;
        this.asSpelt = asSpelt;
    }

    /** Notes on the request that its proof was found good. */
    static void acceptAsSpelt(KeycloakSession session) {
        session.setAttribute(CHECKED, true);
    }

    @Override
    public URI getAbsolutePath() {
        return session.getAttributeOrDefault(CHECKED, false) ? asSpelt : super.getAbsolutePath();
    }
}
