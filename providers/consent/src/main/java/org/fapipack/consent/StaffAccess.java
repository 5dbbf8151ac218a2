package org.fapipack.consent;

import org.keycloak.models.ClientModel;
import org.keycloak.models.UserModel;
import org.keycloak.services.resources.admin.fgap.AdminPermissionEvaluator;

/**
 * What an administrator may do: who may see both parties of a consent sees it, who may also manage the customer acts on it. A party that is not
 * there, as the customer of a consent nobody decided on, counts as all of them. A refusal is an exception that Keycloak answers with 403.
 */
final class StaffAccess {

    private final AdminPermissionEvaluator permissions;

    StaffAccess(AdminPermissionEvaluator permissions) {
        this.permissions = permissions;
    }

    /** Internal id of the administrator. */
    String actorId() {
        return permissions.adminAuth().getUser().getId();
    }

    /** @param client or null; the same for the customer */
    void requireView(ClientModel client, UserModel customer) {
        if (client == null) {
            permissions.clients().requireView();
        } else {
            permissions.clients().requireView(client);
        }
        if (customer == null) {
            permissions.users().requireView();
        } else {
            permissions.users().requireView(customer);
        }
    }

    /** @param client or null; the same for the customer */
    void requireAct(ClientModel client, UserModel customer) {
        requireView(client, customer);
        if (customer == null) {
            permissions.users().requireManage();
        } else {
            permissions.users().requireManage(customer);
        }
    }
}
