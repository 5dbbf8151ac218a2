package org.fapipack.executor;

import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.ClientPolicyManager;
import org.keycloak.services.clientpolicy.DefaultClientPolicyManagerFactory;

/** Replaces the stock client policy manager: the same for all but what it costs, and the stock one itself in a realm that has not opted in. */
public final class FapiClientPolicyManagerFactory extends DefaultClientPolicyManagerFactory {

    @Override
    public ClientPolicyManager create(KeycloakSession session) {
        return new FapiClientPolicyManager(session);
    }

    @Override
    public int order() {
        return super.order() + 1;
    }
}
