package org.fapipack.core.consent;

import java.util.List;
import java.util.Map;

/**
 * How a customer comes to decide on a consent.
 *
 * @param customer who may decide
 * @param scopesBeyondDropped whether a requested scope that the consent has no permission for is left out, not refused
 * @param scopesNeeded whether every scope that a permission needs has to be requested
 * @param errors for refused requests, where they are not the usual ones
 */
public record ConsentAuthorization(
        ConsentReference reference,
        List<CustomerRule> customer,
        boolean scopesBeyondDropped,
        boolean scopesNeeded,
        ConsentPage page,
        Map<AuthorizationDefect, String> errors) {

    /** The OAuth error of a refused request. */
    public String error(AuthorizationDefect defect) {
        return errors.getOrDefault(defect, defect.error());
    }
}
