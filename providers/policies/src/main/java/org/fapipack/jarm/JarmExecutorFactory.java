package org.fapipack.jarm;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.fapipack.executor.PackExecutorFactory;
import org.fapipack.executor.RealmPolicies;
import org.fapipack.executor.Setting;
import org.fapipack.executor.SignatureAlgorithmSettings;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/** Factory of {@link JarmExecutor}. */
public final class JarmExecutorFactory extends PackExecutorFactory {

    /** Provider id. */
    public static final String ID = "fapi-jarm";

    static final Setting<List<String>> ALLOWED_RESPONSE_MODES = Setting.choices(
            "allowed-response-modes",
            "Response modes",
            "Values of response_mode a client may ask for; each is a JWT-secured one.",
            List.of("jwt", "query.jwt", "fragment.jwt", "form_post.jwt"));

    /** How {@code code id_token} may be answered: OAuth 2.0 Multiple Response Types section 5, never in the query. */
    static final List<String> UNSIGNED_MODES = List.of("fragment", "form_post");

    static final SignatureAlgorithmSettings ALGORITHMS =
            SignatureAlgorithmSettings.of("An authorization response", "authorization_signed_response_alg");

    static final Setting<Boolean> DETACHED_SIGNATURE_ALLOWED = Setting.flag(
            "detached-signature-allowed",
            "Detached signature allowed",
            "Also take response_type code id_token, whose ID token signs the response (FAPI 1.0 Advanced); else the response must be a JWT.",
            false);

    static final List<Setting<?>> SETTINGS =
            List.of(ALLOWED_RESPONSE_MODES, ALGORITHMS.allowed(), ALGORITHMS.preferred(), DETACHED_SIGNATURE_ALLOWED);

    public JarmExecutorFactory() {
        super(ID, JarmExecutor.EVENTS, """
                Demands a JWT-secured authorization response (JARM), signed with an algorithm FAPI allows, and writes iss into it \
                exactly once (FAPI 2.0 Message Signing 5.4.1).""", SETTINGS);
    }

    @Override
    public ClientPolicyExecutorProvider<?> create(KeycloakSession session) {
        return new JarmExecutor();
    }

    /** The signature algorithms that some enabled policy allows for authorization responses; empty when none is in use. */
    public static Set<String> algorithmsInUse(RealmPolicies policies) {
        return policies.settings(ID, JarmExecutor.Configuration.class).stream()
                .flatMap(settings -> settings.get(ALGORITHMS.allowed()).stream())
                .collect(Collectors.toSet());
    }

    /** The response modes that some enabled policy allows; empty when none is in use. */
    public static Set<String> responseModesInUse(RealmPolicies policies) {
        return policies.settings(ID, JarmExecutor.Configuration.class).stream()
                .flatMap(settings -> Stream.concat(
                        settings.get(ALLOWED_RESPONSE_MODES).stream(),
                        settings.get(DETACHED_SIGNATURE_ALLOWED) ? UNSIGNED_MODES.stream() : Stream.empty()))
                .collect(Collectors.toSet());
    }

    /** The response types that some enabled policy allows; empty when none is in use. */
    public static List<String> responseTypesInUse(RealmPolicies policies) {
        List<JarmExecutor.Configuration> inUse = policies.settings(ID, JarmExecutor.Configuration.class);
        if (inUse.isEmpty()) {
            return List.of();
        }
        return inUse.stream().anyMatch(settings -> settings.get(DETACHED_SIGNATURE_ALLOWED))
                ? List.of("code", "code id_token")
                : List.of("code");
    }
}
