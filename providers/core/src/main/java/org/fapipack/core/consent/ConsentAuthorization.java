package org.fapipack.core.consent;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a customer comes to decide on a consent.
 *
 * @param customer who may decide
 * @param requestedClaims attributes of users by the claims whose requested values have to be the customer's
 * @param backchannelParameter the parameter of a signed backchannel authentication request that names the consent; empty where there are none
 * @param acr the authentication context class that the customer has to reach; empty where any will do
 * @param scopesBeyondDropped whether a requested scope that the consent has no permission for is left out, not refused
 * @param scopesNeeded whether every scope that a permission needs has to be requested
 * @param errors for refused requests, where they are not the usual ones
 */
public record ConsentAuthorization(
        ConsentReference reference,
        List<CustomerRule> customer,
        Map<String, String> requestedClaims,
        Optional<String> backchannelParameter,
        Optional<String> acr,
        boolean scopesBeyondDropped,
        boolean scopesNeeded,
        ConsentPage page,
        Map<AuthorizationDefect, String> errors) {

    /**
     * What a request wants claims about the customer to say.
     *
     * @param claims the parameter of that name
     * @throws AuthorizationRefusal if what it wants does not have the right form
     */
    public List<RequestedValue> requestedValues(Optional<String> claims) throws AuthorizationRefusal {
        return claims.isEmpty() || requestedClaims.isEmpty()
                ? List.of()
                : RequestedValue.in(claims.get(), requestedClaims);
    }

    /** The OAuth error of a refused request. */
    public String error(AuthorizationDefect defect) {
        return errors.getOrDefault(defect, defect.error());
    }
}
