package org.fapipack.jarm;

import java.util.List;
import org.fapipack.core.jose.FapiAlgorithms;
import org.fapipack.executor.PackExecutorFactory;
import org.fapipack.executor.Setting;
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

    static final Setting<List<String>> ALLOWED_ALGORITHMS = Setting.choices(
            "allowed-algorithms",
            "Signature algorithms",
            "Algorithms an authorization response may be signed with.",
            FapiAlgorithms.SIGNATURE);

    static final Setting<String> DEFAULT_ALGORITHM = Setting.choice(
            "default-algorithm",
            "Default signature algorithm",
            "Used for a client that registered no authorization_signed_response_alg. Must be one of the allowed ones.",
            FapiAlgorithms.SIGNATURE,
            FapiAlgorithms.DEFAULT_SIGNATURE);

    static final List<Setting<?>> SETTINGS = List.of(ALLOWED_RESPONSE_MODES, ALLOWED_ALGORITHMS, DEFAULT_ALGORITHM);

    public JarmExecutorFactory() {
        super(ID, """
                Demands a JWT-secured authorization response (JARM), signed with an algorithm FAPI allows, and writes iss into it \
                exactly once (FAPI 2.0 Message Signing 5.4.1).""", SETTINGS);
    }

    @Override
    public ClientPolicyExecutorProvider<?> create(KeycloakSession session) {
        return new JarmExecutor();
    }
}
