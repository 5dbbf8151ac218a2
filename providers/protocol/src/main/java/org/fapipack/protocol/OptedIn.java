package org.fapipack.protocol;

import org.fapipack.executor.PackExecutorFactory;
import org.fapipack.executor.RealmPolicies;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/** Whether anything of the pack is in use, for requests that end before a client is known. */
final class OptedIn {

    private OptedIn() {}

    /** Whether an enabled policy of the realm uses one of the pack's executors. */
    static boolean realm(KeycloakSession session, RealmModel realm) {
        RealmPolicies policies = RealmPolicies.of(session, realm);
        return session.getKeycloakSessionFactory()
                .getProviderFactoriesStream(ClientPolicyExecutorProvider.class)
                .anyMatch(factory -> factory instanceof PackExecutorFactory ours && policies.mention(ours.getId()));
    }
}
