package org.fapipack.clientmetadata;

import java.util.Map;
import java.util.Optional;
import org.keycloak.models.ClientModel;
import org.keycloak.representations.idm.ClientRepresentation;

/**
 * The client attribute that makes a client a resource server, which introspection tells about other clients' tokens.
 *
 * @see <a href="https://openid.net/specs/fapi-message-signing-2_0-final.html#section-6.2">FAPI 2.0 Message Signing 6.2</a>
 */
final class ResourceServerMark {

    private static final String ATTRIBUTE = "fapi.resource.server";

    private ResourceServerMark() {}

    /**
     * Finds out whether a client that saves itself gives itself the mark, or takes it off.
     *
     * @param known the client as it is stored; null while it is registered
     * @param proposed as it wants to be stored
     * @return text for whoever saves the client
     */
    static Optional<String> defectOfSelf(ClientModel known, ClientRepresentation proposed) {
        Map<String, String> attributes = proposed.getAttributes() == null ? Map.of() : proposed.getAttributes();
        String before = known == null ? null : known.getAttribute(ATTRIBUTE);
        return attributes.containsKey(ATTRIBUTE)
                        && Boolean.parseBoolean(attributes.get(ATTRIBUTE)) != Boolean.parseBoolean(before)
                ? Optional.of("only an administrator says who is a resource server")
                : Optional.empty();
    }
}
