package org.fapipack.clientmetadata.registration;

import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.services.clientregistration.ClientRegistrationContext;
import org.keycloak.services.clientregistration.DefaultClientRegistrationProvider;

/**
 * The resource {@code /realms/{realm}/clients-registrations/default} of a realm that uses the executor {@code fapi-client-metadata}: Keycloak's own,
 * except that only an administrator saves clients there. A client reads and deletes itself as ever.
 */
public class DefaultRegistrationEndpoint extends DefaultClientRegistrationProvider {

    DefaultRegistrationEndpoint(KeycloakSession session) {
        super(session);
    }

    @Override
    public ClientRepresentation create(ClientRegistrationContext context) {
        WholeClients.refuseSelf(auth, event, EventType.CLIENT_REGISTER);
        return super.create(context);
    }

    @Override
    public ClientRepresentation update(String clientId, ClientRegistrationContext context) {
        WholeClients.refuseSelf(auth, event, EventType.CLIENT_UPDATE);
        return super.update(clientId, context);
    }
}
