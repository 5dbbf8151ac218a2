package org.fapipack.jarm;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
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

    static final SignatureAlgorithmSettings ALGORITHMS =
            SignatureAlgorithmSettings.of("An authorization response", "authorization_signed_response_alg");

    static final List<Setting<?>> SETTINGS =
            List.of(ALLOWED_RESPONSE_MODES, ALGORITHMS.allowed(), ALGORITHMS.preferred());

    public JarmExecutorFactory() {
        super(ID, """
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
                .flatMap(settings -> settings.get(ALLOWED_RESPONSE_MODES).stream())
                .collect(Collectors.toSet());
    }
}
