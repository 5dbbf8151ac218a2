package org.fapipack.consent.dashboard;

import java.util.Optional;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.services.managers.AuthenticationManager;

/** Who is signed in. */
record Customer(UserModel user, UserSessionModel session) {

    /**
     * The customer of the realm's identity cookie, if the sign-in went through our client: so what the operator demands of that client (a second
     * factor, a certain level) was done.
     */
    static Optional<Customer> signedIn(KeycloakSession session, ClientModel client) {
        return Optional.ofNullable(AuthenticationManager.authenticateIdentityCookie(
                        session, session.getContext().getRealm(), true))
                .filter(found -> found.session().getAuthenticatedClientSessionByClient(client.getId()) != null)
                .map(found -> new Customer(found.user(), found.session()));
    }
}
