package org.fapipack.consent;

import java.util.Set;
import org.keycloak.models.ClientModel;

/**
 * A client that calls for itself, with an access token that was found good.
 *
 * @param scopes of the access token
 */
public record ConsentCaller(ClientModel client, Set<String> scopes) {}
