package org.fapipack.consent;

import org.fapipack.executor.PlainFactory;
import org.fapipack.executor.RealmPolicies;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.resources.admin.AdminEventBuilder;
import org.keycloak.services.resources.admin.ext.AdminRealmResourceProvider;
import org.keycloak.services.resources.admin.ext.AdminRealmResourceProviderFactory;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/** Opens {@link StaffConsentsEndpoint} in realms that use {@link ConsentExecutorFactory}; others know no such path. */
public final class StaffConsentsFactory
        implements AdminRealmResourceProviderFactory, PlainFactory<AdminRealmResourceProvider> {

    /** Provider id, and the path below {@code /admin/realms/{realm}}. */
    public static final String ID = "fapi-consents";

    @Override
    public AdminRealmResourceProvider create(KeycloakSession session) {
        return new Provider();
    }

    private static final class Provider implements AdminRealmResourceProvider {

        @Override
        public Object getResource(
                KeycloakSession session,
                RealmModel realm,
                AdminPermissionEvaluator auth,
                AdminEventBuilder adminEvent) {
            return RealmPolicies.mention(session, realm, ConsentExecutorFactory.ID)
                    ? new StaffConsentsEndpoint(session, realm, auth, adminEvent)
                    : null;
        }

        @Override
        public void close() {
            // nothing to release
        }
    }

    @Override
    public String getId() {
        return ID;
    }
}
