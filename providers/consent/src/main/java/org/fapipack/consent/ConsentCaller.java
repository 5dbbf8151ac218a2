package org.fapipack.consent;

import java.util.Optional;
import java.util.Set;
import org.keycloak.models.ClientModel;
import org.keycloak.models.UserModel;
import org.keycloak.representations.AccessToken;

/**
 * A client that calls with an access token that was found good. Whether the consent of the token is in force is not known yet.
 *
 * @param scopes of the access token
 * @param customer who agreed to it; empty where the client calls for itself
 */
public record ConsentCaller(ClientModel client, Set<String> scopes, Optional<UserModel> customer, AccessToken token) {

    /** What the access token is for, where that is a consent. */
    Optional<ConsentBinding.Grant> grant() {
        return ConsentBinding.inToken(token);
    }
}
