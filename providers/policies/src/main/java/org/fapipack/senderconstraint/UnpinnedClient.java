package org.fapipack.senderconstraint;

import org.keycloak.models.ClientModel;
import org.keycloak.models.delegate.ClientModelLazyDelegate;
import org.keycloak.protocol.oidc.OIDCConfigAttributes;

/**
 * A confidential client, seen as one that has not registered for certificate-bound tokens. Keycloak pins its refresh tokens to the certificate
 * of the first request, so that a renewed certificate ends the grant; they are bound to the client by its authentication already.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8705.html#section-7.1">RFC 8705 section 7.1</a>
 */
final class UnpinnedClient extends ClientModelLazyDelegate {

    UnpinnedClient(ClientModel client) {
        super(() -> client);
    }

    @Override
    public String getAttribute(String name) {
        return OIDCConfigAttributes.USE_MTLS_HOK_TOKEN.equals(name) ? null : super.getAttribute(name);
    }
}
