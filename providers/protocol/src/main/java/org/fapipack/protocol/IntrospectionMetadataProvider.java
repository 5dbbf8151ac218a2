package org.fapipack.protocol;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.fapipack.core.jose.FapiAlgorithms;
import org.fapipack.introspection.SignedIntrospectionExecutorFactory;
import org.keycloak.crypto.KeyUse;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.protocol.oidc.representations.OIDCConfigurationRepresentation;
import org.keycloak.wellknown.WellKnownProvider;

/**
 * Adds to the stock metadata what RFC 9701 section 7 defines, when a policy of the realm uses signed introspection, and no more than
 * what the realm can do: algorithms a policy allows and the realm has a key for.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9701.html#section-7">RFC 9701 section 7</a>
 */
final class IntrospectionMetadataProvider implements WellKnownProvider {

    private final KeycloakSession session;
    private final WellKnownProvider stock;

    IntrospectionMetadataProvider(KeycloakSession session, WellKnownProvider stock) {
        this.session = session;
        this.stock = stock;
    }

    @Override
    public Object getConfig() {
        Object metadata = stock.getConfig();
        if (metadata instanceof OIDCConfigurationRepresentation configuration) {
            add(configuration.getOtherClaims());
        }
        return metadata;
    }

    private void add(Map<String, Object> members) {
        RealmModel realm = session.getContext().getRealm();
        Set<String> allowed = SignedIntrospectionExecutorFactory.algorithmsInUse(session, realm);
        List<String> usable = session.keys()
                .getKeysStream(realm)
                .filter(key ->
                        KeyUse.SIG.equals(key.getUse()) && key.getStatus().isActive())
                .map(key -> key.getAlgorithmOrDefault())
                .distinct()
                .filter(allowed::contains)
                .sorted(Comparator.comparingInt(FapiAlgorithms.SIGNATURE::indexOf))
                .toList();
        if (usable.isEmpty()) {
            return;
        }
        // An operator's own openid-configuration-override goes before.
        members.putIfAbsent("introspection_signing_alg_values_supported", usable);
        members.putIfAbsent("introspection_encryption_alg_values_supported", FapiAlgorithms.KEY_MANAGEMENT);
        members.putIfAbsent("introspection_encryption_enc_values_supported", FapiAlgorithms.CONTENT_ENCRYPTION);
    }

    @Override
    public void close() {
        stock.close();
    }
}
