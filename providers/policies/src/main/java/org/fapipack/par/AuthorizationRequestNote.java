package org.fapipack.par;

import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.grants.device.DeviceGrantType;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The note on an authentication session that an authorization request began it. Keycloak also begins one for a client that asked for nothing, when
 * somebody follows a link to reset a password, which anybody can write: it names a client and one of its redirect URIs, and ends in a code.
 */
public final class AuthorizationRequestNote {

    /** A client note, because those survive "restart login" and the restart cookie; it stays with the client's session, too. */
    private static final String NOTE = "fapi.authorization-request";

    private AuthorizationRequestNote() {}

    /** Notes that the authorization endpoint began it; for every client, since one can come under a policy before its login ends. */
    public static void write(AuthenticationSessionModel authSession) {
        authSession.setClientNote(NOTE, "true");
    }

    /** Whether a client that has opted in must not be answered, because it did not ask. What a device asked for is not answered to a browser. */
    public static boolean isMissing(KeycloakSession session, AuthenticationSessionModel authSession) {
        return authSession.getClientNote(NOTE) == null
                && !DeviceGrantType.isOAuth2DeviceVerificationFlow(authSession)
                && PushedAuthorization.of(session, authSession.getClient()).isPresent();
    }
}
