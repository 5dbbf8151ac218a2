package org.fapipack.clientmetadata;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.fapipack.executor.PackExecutorFactory;
import org.fapipack.executor.RealmPolicies;
import org.fapipack.executor.Setting;
import org.fapipack.executor.SignatureAlgorithmSettings;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/** Factory of {@link ClientMetadataExecutor}. */
public final class ClientMetadataExecutorFactory extends PackExecutorFactory {

    /** Provider id. */
    public static final String ID = "fapi-client-metadata";

    static final SignatureAlgorithmSettings ALGORITHMS =
            SignatureAlgorithmSettings.of("What a client gets or sends", "id_token_signed_response_alg");

    static final List<Setting<?>> SETTINGS = List.of(ALGORITHMS.allowed(), ALGORITHMS.preferred());

    public ClientMetadataExecutorFactory() {
        super(ID, """
                Refuses client metadata that FAPI forbids: other signature algorithms, RSA1_5, short or unfit keys, jwks beside jwks_uri, and \
                responses without iss. A client that was saved before is refused when it pushes a request (FAPI 2.0 Security Profile 5.4).""", SETTINGS);
    }

    @Override
    public ClientPolicyExecutorProvider<?> create(KeycloakSession session) {
        return new ClientMetadataExecutor();
    }

    /** The signature algorithms that some enabled policy allows for ID tokens and user info; empty when none is in use. */
    public static Set<String> algorithmsInUse(RealmPolicies policies) {
        return policies.settings(ID, ClientMetadataExecutor.Configuration.class).stream()
                .flatMap(settings -> settings.get(ALGORITHMS.allowed()).stream())
                .collect(Collectors.toSet());
    }
}
