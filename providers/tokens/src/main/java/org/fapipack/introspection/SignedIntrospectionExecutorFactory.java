package org.fapipack.introspection;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.fapipack.executor.PackExecutorFactory;
import org.fapipack.executor.RealmPolicies;
import org.fapipack.executor.Setting;
import org.fapipack.executor.SignatureAlgorithmSettings;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/** Factory of {@link SignedIntrospectionExecutor}. */
public final class SignedIntrospectionExecutorFactory extends PackExecutorFactory {

    /** Provider id. */
    public static final String ID = "fapi-signed-introspection";

    static final String REFUSE = "refuse";

    static final SignatureAlgorithmSettings ALGORITHMS =
            SignatureAlgorithmSettings.of("An introspection response", "introspection_signed_response_alg");

    static final Setting<Boolean> SIGNED_RESPONSE_REQUIRED = Setting.flag(
            "signed-response-required",
            "Signed responses only",
            "Answer with a signed response even where the request accepts anything, and refuse (406) a request that accepts only "
                    + "plain JSON. Stops a downgrade by a forged Accept header.",
            false);

    static final Setting<String> OTHER_CLIENTS = Setting.choice(
            "other-clients",
            "Clients that are no resource server",
            "What a client under this policy without the attribute fapi.resource.server=true gets: 'inactive' answers that every "
                    + "token is inactive, 'refuse' answers 403 unauthorized_client.",
            List.of("inactive", REFUSE),
            "inactive");

    static final List<Setting<?>> SETTINGS =
            List.of(ALGORITHMS.allowed(), ALGORITHMS.preferred(), SIGNED_RESPONSE_REQUIRED, OTHER_CLIENTS);

    public SignedIntrospectionExecutorFactory() {
        super(ID, SignedIntrospectionExecutor.EVENTS, """
                Answers token introspection with a signed response (RFC 9701) when the resource server accepts \
                application/token-introspection+jwt, narrows what it may see, and tells clients that are no resource server \
                nothing.""", SETTINGS);
    }

    @Override
    public ClientPolicyExecutorProvider<?> create(KeycloakSession session) {
        return new SignedIntrospectionExecutor(session);
    }

    /** The signature algorithms that some enabled policy of the realm allows for introspection responses; empty when none is in use. */
    public static Set<String> algorithmsInUse(RealmPolicies policies) {
        return policies.settings(ID, SignedIntrospectionExecutor.Configuration.class).stream()
                .flatMap(settings -> settings.get(ALGORITHMS.allowed()).stream())
                .collect(Collectors.toSet());
    }
}
