package org.fapipack.consent;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fapipack.core.consent.AuthorizationRefusal;
import org.fapipack.core.consent.RequestedValue;
import org.keycloak.OAuth2Constants;
import org.keycloak.authentication.authenticators.util.AcrStore;
import org.keycloak.models.Constants;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.UserModel;
import org.keycloak.protocol.oidc.utils.AcrUtils;
import org.keycloak.sessions.AuthenticationSessionModel;

/** The authorization requests that are for a consent, from when they are checked until the client is answered. */
public final class ConsentRequests {

    /** A client note, because it survives "restart login" and the restart cookie; the decision below must not. */
    static final String NOTE = "fapi.consent";

    /** Client notes, too: the class that the consent demands, and the parameter {@code claims}. */
    static final String ACR = "fapi.consent.acr";

    static final String CLAIMS = "fapi.consent.claims";

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

    /**
     * Makes the sign-in reach the authentication context class that the consent of the request demands, where it would be content with less. A
     * flow that cannot reach it is left to {@link #isStrongEnough}.
     */
    public static void demandLevel(AuthenticationSessionModel authSession) {
        demandedLevel(authSession)
                .filter(level -> Optional.ofNullable(
                                authSession.getClientNote(Constants.REQUESTED_LEVEL_OF_AUTHENTICATION))
                        .map(Integer::valueOf)
                        .filter(requested -> requested >= level)
                        .isEmpty())
                .ifPresent(level -> authSession.setClientNote(
                        Constants.REQUESTED_LEVEL_OF_AUTHENTICATION, Integer.toString(level)));
    }

    /** Whether the sign-in reached the class that the consent demands; never where the realm gives that class no level. */
    public static boolean isStrongEnough(KeycloakSession session, AuthenticationSessionModel authSession) {
        return authSession.getClientNote(ACR) == null
                || demandedLevel(authSession)
                        .filter(level ->
                                new AcrStore(session, authSession).getLevelOfAuthenticationFromCurrentAuthentication()
                                        >= level)
                        .isPresent();
    }

    /** By the realm: a client may have names of its own for levels, but not a say in how strong a sign-in has to be. */
    private static Optional<Integer> demandedLevel(AuthenticationSessionModel authSession) {
        return Optional.ofNullable(authSession.getClientNote(ACR))
                .map(AcrUtils.getAcrLoaMap(authSession.getRealm())::get);
    }

    /** What the request wants claims about the customer to say. */
    public static List<RequestedValue> requestedValues(AuthenticationSessionModel authSession, StoredConsent consent) {
        try {
            return consent.type()
                    .authorization()
                    .orElseThrow()
                    .requestedValues(Optional.ofNullable(authSession.getClientNote(CLAIMS)));
        } catch (AuthorizationRefusal refusedBefore) {
            throw new IllegalStateException("a request was not refused when it came", refusedBefore);
        }
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
