package org.fapipack.messagesignature;

import jakarta.ws.rs.core.Response;
import org.keycloak.models.ClientModel;

/**
 * A request that is not answered because of its signature.
 *
 * @param answer what the sender is told, coarse on purpose
 * @param client whose request it is by its access token
 * @param error for the event
 * @param reason for the event: the stable code of the first rule that was broken
 */
public record SignatureRefusal(Response answer, ClientModel client, String error, String reason) {}
