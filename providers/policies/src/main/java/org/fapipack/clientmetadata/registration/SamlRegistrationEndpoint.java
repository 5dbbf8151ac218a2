package org.fapipack.clientmetadata.registration;

import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.saml.clientregistration.EntityDescriptorClientRegistrationProvider;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.services.clientregistration.ClientRegistrationContext;

/**
 * The resource {@code /realms/{realm}/clients-registrations/saml2-entity-descriptor} of a realm that uses the executor {@code fapi-client-metadata}:
 * Keycloak's own, except that only an administrator registers clients there. Attributes that a SAML descriptor requests become mappers.
 */
public class SamlRegistrationEndpoint extends EntityDescriptorClientRegistrationProvider {

    SamlRegistrationEndpoint(KeycloakSession session) {
        super(session);
    }

    @Override
    public ClientRepresentation create(ClientRegistrationContext context) {
        WholeClients.refuseSelf(auth, event, EventType.CLIENT_REGISTER);
        return super.create(context);
    }
}
