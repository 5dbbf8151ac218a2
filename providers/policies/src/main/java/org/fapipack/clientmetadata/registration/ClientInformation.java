package org.fapipack.clientmetadata.registration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.fapipack.clientmetadata.registration.KnownMetadata.Kept;
import org.keycloak.models.ClientModel;
import org.keycloak.representations.oidc.OIDCClientRepresentation;
import org.keycloak.util.JsonSerialization;

/** The client information response (RFC 7591 section 3.2.1): Keycloak's, completed by what else is registered. */
final class ClientInformation {

    private ClientInformation() {}

    static Map<?, ?> of(OIDCClientRepresentation keycloaks, ClientModel client) {
        ObjectNode members = JsonSerialization.mapper.valueToTree(keycloaks);
        members.properties().removeIf(member -> member.getValue().isNull() || isEmptyText(member.getValue()));
        complete(members, client, KnownMetadata.KEPT_BY_KEYCLOAK_ALONE);
        complete(members, client, KnownMetadata.KEPT_BY_THE_PACK);
        if (RegistrationRules.SELF_SIGNED.equals(client.getAttribute(KnownMetadata.MUTUAL_TLS_METHOD_ATTRIBUTE))) {
            members.put(KnownMetadata.AUTH_METHOD, RegistrationRules.SELF_SIGNED);
        }
        return JsonSerialization.mapper.convertValue(members, Map.class);
    }

    private static boolean isEmptyText(JsonNode value) {
        return value.isTextual() && value.asText().isEmpty();
    }

    private static void complete(ObjectNode members, ClientModel client, Map<String, Kept> kept) {
        kept.forEach((member, where) -> {
            String attribute = client.getAttribute(where.attribute());
            if (attribute == null || attribute.isEmpty()) {
                members.remove(member);
            } else {
                members.set(member, where.type().fromAttribute(attribute));
            }
        });
    }
}
