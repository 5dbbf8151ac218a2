package org.fapipack.consent;

import java.util.Optional;
import java.util.Set;
import org.keycloak.OAuth2Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.sessions.AuthenticationSessionModel;

/** The authorization requests that are for a consent, from when they are checked until the client is answered. */
public final class ConsentRequests {

    /** A client note, because it survives "restart login" and the restart cookie; the decision below must not. */
    static final String NOTE = "fapi.consent";

    private static final String DECIDED = "fapi.consent.decided";

    private ConsentRequests() {}

    /** The consent that a request is for; empty when it is for none. */
    public static Optional<String> consentId(AuthenticationSessionModel authSession) {
        return Optional.ofNullable(authSession.getClientNote(NOTE));
    }

    /** The same, if it is there. */
    public static Optional<StoredConsent> consent(KeycloakSession session, AuthenticationSessionModel authSession) {
        return consentId(authSession).flatMap(id -> Consents.of(session).find(authSession.getClient(), id));
    }

    /** Whether a customer can decide on a consent as it stands. */
    public static boolean isOpen(StoredConsent consent) {
        return ConsentRequestCheck.isOpen(consent);
    }

    /** Notes that the customer of a request agreed: what was granted goes into the code, and from there into tokens. */
    public static void grant(KeycloakSession session, AuthenticationSessionModel authSession, StoredConsent consent) {
        Set<String> granted = new ConsentRequestCheck(session, authSession.getClient())
                .granted(consent, authSession.getClientNote(OAuth2Constants.SCOPE));
        // A consent outlives the customer's session; Keycloak leaves the scope out where the client does not have it.
        granted.add(OAuth2Constants.OFFLINE_ACCESS);
        authSession.setClientNote(OAuth2Constants.SCOPE, ConsentBinding.scope(granted, consent));
        authSession.setAuthNote(DECIDED, consent.id() + ' ' + consent.version());
    }

    /** The consent that this customer agreed to for this request, if it still stands as it did then. */
    public static Optional<StoredConsent> granted(
            KeycloakSession session, AuthenticationSessionModel authSession, UserModel customer) {
        return consent(session, authSession)
                .filter(consent -> (consent.id() + ' ' + consent.version()).equals(authSession.getAuthNote(DECIDED)))
                .filter(consent ->
                        consent.customerId().filter(customer.getId()::equals).isPresent());
    }
}
