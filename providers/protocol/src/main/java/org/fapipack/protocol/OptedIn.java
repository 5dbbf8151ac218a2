package org.fapipack.protocol;

import org.fapipack.executor.RealmPolicies;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;

/** Whether anything of the pack is in use, for requests that end before a client is known. */
final class OptedIn {

    private OptedIn() {}

    /** Whether an enabled policy of the realm uses one of the pack's executors. */
    static boolean realm(KeycloakSession session, RealmModel realm) {
        return RealmPolicies.of(session, realm).haveOptedIn();
    }
}
