package org.fapipack.clientmetadata.registration;

import org.fapipack.clientmetadata.ResourceServerMark;
import org.keycloak.events.Details;
import org.keycloak.events.EventType;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.services.clientregistration.ClientRegistrationContext;
import org.keycloak.services.clientregistration.DefaultClientRegistrationProvider;
import org.keycloak.services.clientregistration.policy.RegistrationAuth;

/**
 * The resource {@code /realms/{realm}/clients-registrations/default} of a realm that uses the executor {@code fapi-client-metadata}: Keycloak's own,
 * which takes any attribute from whoever may register, except that nobody makes a resource server of themselves.
 */
public class DefaultRegistrationEndpoint extends DefaultClientRegistrationProvider {

    DefaultRegistrationEndpoint(KeycloakSession session) {
        super(session);
    }

    @Override
    public ClientRepresentation create(ClientRegistrationContext context) {
        event.event(EventType.CLIENT_REGISTER); // before the token is read, which may be refused
        boolean anonymous = auth.resolveRegistrationAuth() == RegistrationAuth.ANONYMOUS;
        if (anonymous || auth.isInitialAccessToken()) {
            check(null, context.getClient());
        }
        return super.create(context);
    }

    /** Whoever may not update the client at all is Keycloak's to refuse, and learns nothing here. */
    @Override
    public ClientRepresentation update(String clientId, ClientRegistrationContext context) {
        event.event(EventType.CLIENT_UPDATE);
        auth.resolveRegistrationAuth(); // reads the token
        ClientModel known = session.getContext().getRealm().getClientByClientId(clientId);
        if (StrictRegistration.isOwner(auth, known)) {
            check(known, context.getClient());
        }
        return super.update(clientId, context);
    }

    private void check(ClientModel known, ClientRepresentation proposed) {
        ResourceServerMark.defectOfSelf(known, proposed).ifPresent(defect -> {
            RefusedRegistration refused = RefusedRegistration.metadata(defect);
            event.detail(Details.REASON, refused.getMessage()).error(refused.error());
            throw refused.answer();
        });
    }
}
