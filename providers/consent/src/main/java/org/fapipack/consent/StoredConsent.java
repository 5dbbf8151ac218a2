package org.fapipack.consent;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.fapipack.core.consent.ConsentState;
import org.fapipack.core.consent.ConsentType;
import org.fapipack.core.consent.ConsentView;
import org.keycloak.models.UserModel;

/**
 * A consent with all that is known of it, as it is at the time.
 *
 * @param clientId internal id of the client that lodged it
 * @param customerId of the user who decided on it; empty before
 * @param accounts the customer chose; ids in the bank's words
 * @param version grows with each change
 * @param grant how often it came into force; tokens of an earlier time are not for it
 */
public record StoredConsent(
        ConsentType type,
        ConsentView view,
        String clientId,
        Optional<String> customerId,
        Set<String> accounts,
        int version,
        int grant) {

    public String id() {
        return view.id();
    }

    public ConsentState state() {
        return view.state();
    }

    /** Whether its client has had it forgotten: nobody can use it, or change it, any more. */
    public boolean isForgotten() {
        return type.isForgotten(state(), view.updatedBy());
    }

    /** Whether a customer may decide on it: the first one who did, and whom its client says it is for. */
    public boolean isFor(UserModel customer) {
        return customerId.map(customer.getId()::equals).orElse(true)
                && type.authorization().orElseThrow().customer().stream()
                        .allMatch(rule -> type.say(view.body(), rule)
                                .map(said -> customer.getAttributeStream(rule.userAttribute())
                                        .anyMatch(said::equals))
                                .orElse(true));
    }

    /** What the client may do. */
    public List<String> permissions() {
        return type.permissions(view.body());
    }

    /** The scopes that its permissions need. */
    public Set<String> scopes() {
        return type.scopes(permissions());
    }
}
