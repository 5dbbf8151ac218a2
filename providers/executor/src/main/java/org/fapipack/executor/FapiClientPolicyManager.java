package org.fapipack.executor;

import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.DefaultClientPolicyManager;

/**
 * Keycloak's own manager, which is given the {@linkplain KnownPolicies policies that were read already} where a realm has opted in:
 * it would read the texts of the realm's policies and profiles anew for each event, several times in a request. Executors of the pack are left out
 * of events at which they do nothing: it would make them all for each.
 */
final class FapiClientPolicyManager extends DefaultClientPolicyManager {

    private final KeycloakSession session;

    FapiClientPolicyManager(KeycloakSession session) {
        super(session);
        this.session = session;
    }

    @Override
    public void triggerOnEvent(ClientPolicyContext context) throws ClientPolicyException {
        RealmModel realm = session.getContext().getRealm();
        RealmPolicies policies = RealmPolicies.of(session, realm);
        if (!policies.haveOptedIn()) {
            super.triggerOnEvent(context);
        } else if (context instanceof RulesInForce) {
            policies.ofThePack().manager(session).triggerOnEvent(context);
        } else {
            policies.at(context.getEvent(), session.getKeycloakSessionFactory())
                    .manager(session)
                    .triggerOnEvent(context);
        }
    }
}
