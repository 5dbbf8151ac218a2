package org.fapipack.clientmetadata.registration;

import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.services.clientregistration.ClientRegistrationAuth;
import org.keycloak.services.clientregistration.policy.RegistrationAuth;

/**
 * Who may save a client as Keycloak stores it: with any attribute, and with mappers that tell the client attributes of customers, which nobody is
 * asked about. That is an administrator's business, also where somebody is trusted to register with client metadata.
 */
final class WholeClients {

    private static final String NOT_AN_ADMINISTRATOR =
            "only an administrator saves a whole client; clients register at clients-registrations/openid-connect";

    private WholeClients() {}

    /**
     * Refuses whoever comes with an initial access token, a registration access token, or none: 403 {@code insufficient_scope}. Which roles of an
     * administrator are enough is Keycloak's to say afterwards. No client is looked up, and no token is used up.
     */
    static void refuseSelf(ClientRegistrationAuth auth, EventBuilder event, EventType type) {
        event.event(type); // before the token is read, which may be refused
        boolean anonymous = auth.resolveRegistrationAuth() == RegistrationAuth.ANONYMOUS;
        if (anonymous || auth.isInitialAccessToken() || auth.isRegistrationAccessToken()) {
            RefusedRegistration refused = RefusedRegistration.right(NOT_AN_ADMINISTRATOR);
            event.detail(Details.REASON, refused.getMessage()).error(refused.error());
            throw refused.answer();
        }
    }
}
