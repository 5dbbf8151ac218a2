package org.fapipack.protocol;

import jakarta.ws.rs.core.Response;
import org.fapipack.par.PushedAuthorization;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;

/**
 * Redirects with 303 for clients under {@link PushedAuthorization}: a browser that came with a POST then surely goes on with a GET, and takes
 * nothing that was typed along.
 *
 * @see <a href="https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.3.2.2">FAPI 2.0 Security Profile 5.3.2.2</a>
 */
final class SeeOther {

    private SeeOther() {}

    /** The answer, with 303 instead of 302 where the client of the request has opted in. */
    static Response instead(KeycloakSession session, Response answer) {
        ClientModel client = session.getContext().getClient();
        return answer.getStatus() == Response.Status.FOUND.getStatusCode()
                        && client != null
                        && PushedAuthorization.of(session, client).isPresent()
                ? Response.fromResponse(answer)
                        .status(Response.Status.SEE_OTHER)
                        .build()
                : answer;
    }
}
