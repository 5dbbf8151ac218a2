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

    static final Setting<List<String>> KEY_MANAGEMENT = Setting.choices(
            "key-management-algorithms",
            "Key management algorithms",
            "The JWE algorithms for keys that a client may register, wherever it has something encrypted; default all.",
            ClientMetadataRules.KEY_MANAGEMENT);

    static final Setting<List<String>> CONTENT_ENCRYPTION = Setting.choices(
            "content-encryption-algorithms",
            "Content encryption algorithms",
            "The JWE algorithms for contents that a client may register; default all. A client that names none gets A128CBC-HS256.",
            ClientMetadataRules.CONTENT_ENCRYPTION);

    static final Setting<Boolean> ID_TOKEN_ENCRYPTION_REQUIRED = Setting.flag(
            "id-token-encryption-required",
            "Encrypted ID tokens",
            "Refuses clients that do not have their ID tokens encrypted.",
            false);

    static final Setting<Boolean> UNREQUESTED_CLAIMS_ALLOWED = Setting.flag(
            "unrequested-claims-allowed",
            "Claims in ID tokens without request",
            "Leave in ID tokens what the client's default scopes say about a person (email, name and other standard claims), and Keycloak's own "
                    + "typ; else only what a requested scope or the parameter claims asks for is in them.",
            false);

    static final List<Setting<?>> SETTINGS = List.of(
            ALGORITHMS.allowed(),
            ALGORITHMS.preferred(),
            KEY_MANAGEMENT,
            CONTENT_ENCRYPTION,
            ID_TOKEN_ENCRYPTION_REQUIRED,
            UNREQUESTED_CLAIMS_ALLOWED);

    private final SoundKeySets soundKeys = new SoundKeySets(JwkSetRules::firstDefect);

    public ClientMetadataExecutorFactory() {
        super(ID, ClientMetadataExecutor.EVENTS, """
                Refuses client metadata that FAPI forbids: other signature algorithms, RSA1_5, short or unfit keys, jwks beside jwks_uri, and \
                responses without iss. A client that was saved before is refused when it pushes a request (FAPI 2.0 Security Profile 5.4).""", SETTINGS);
    }

    @Override
    public ClientPolicyExecutorProvider<?> create(KeycloakSession session) {
        return new ClientMetadataExecutor(session, soundKeys);
    }

    /** The signature algorithms that some enabled policy allows for ID tokens and user info; empty when none is in use. */
    public static Set<String> algorithmsInUse(RealmPolicies policies) {
        return policies.settings(ID, ClientMetadataExecutor.Configuration.class).stream()
                .flatMap(settings -> settings.get(ALGORITHMS.allowed()).stream())
                .collect(Collectors.toSet());
    }
}
