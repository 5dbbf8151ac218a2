package org.fapipack.clientauth;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.fapipack.core.jose.FapiAlgorithms;
import org.fapipack.executor.PackExecutorFactory;
import org.fapipack.executor.RealmPolicies;
import org.fapipack.executor.Setting;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/** Factory of {@link ClientAuthenticationExecutor}. */
public final class ClientAuthenticationExecutorFactory extends PackExecutorFactory {

    /** Provider id. */
    public static final String ID = "fapi-client-authentication";

    static final String ISSUER_ONLY = "issuer-as-string";

    static final Setting<List<String>> ALLOWED_METHODS = Setting.choices(
            "allowed-methods",
            "Client authentication methods",
            "How a client may authenticate. FAPI 2.0 and FAPI 1.0 Advanced know private_key_jwt and mutual TLS; client_secret_jwt, and none "
                    + "for public clients, are for FAPI 1.0 Baseline.",
            ClientAuthenticationMethod.registeredNames(),
            List.of(
                    ClientAuthenticationMethod.PRIVATE_KEY_JWT.registeredName(),
                    ClientAuthenticationMethod.TLS_CLIENT_AUTH.registeredName(),
                    ClientAuthenticationMethod.SELF_SIGNED_TLS_CLIENT_AUTH.registeredName()));

    static final Setting<List<String>> ALLOWED_ALGORITHMS = Setting.choices(
            "allowed-algorithms",
            "Signature algorithms",
            "Algorithms a client assertion of private_key_jwt may be signed with.",
            FapiAlgorithms.SIGNATURE);

    static final Setting<String> AUDIENCE = Setting.choice(
            "assertion-audience",
            "Audience of client assertions",
            "What aud must be: the issuer identifier as one string (FAPI 2.0), or the issuer or an endpoint, also within an array (FAPI 1.0).",
            List.of(ISSUER_ONLY, "issuer-or-endpoint"),
            ISSUER_ONLY);

    static final Setting<Integer> MAX_LIFETIME_SECONDS = Setting.seconds(
            "max-lifetime-seconds",
            "Longest life of an assertion",
            "How far exp may lie ahead, and iat back.",
            10,
            3600,
            300);

    static final Setting<Integer> CLOCK_SKEW_SECONDS =
            Setting.seconds("clock-skew-seconds", "Clock skew", "How far the client's clock may be off.", 10, 60, 10);

    static final Setting<Boolean> KEY_IN_HEADER_ALLOWED = Setting.flag(
            "key-in-header-allowed",
            "Key in the header allowed",
            "Take assertions whose header has x5u, x5c, jku or jwk. They are ignored even then: a client's keys are those it registered.",
            false);

    static final List<Setting<?>> SETTINGS = List.of(
            ALLOWED_METHODS,
            ALLOWED_ALGORITHMS,
            AUDIENCE,
            MAX_LIFETIME_SECONDS,
            CLOCK_SKEW_SECONDS,
            KEY_IN_HEADER_ALLOWED);

    public ClientAuthenticationExecutorFactory() {
        super(ID, ClientAuthenticationExecutor.EVENTS, """
                Accepts only the allowed client authentication methods at every endpoint that authenticates, and checks audience, lifetime, \
                algorithm, key size and replay of client assertions before anything else happens (FAPI 2.0 Security Profile 5.3.2.1).""", SETTINGS);
    }

    @Override
    public ClientPolicyExecutorProvider<?> create(KeycloakSession session) {
        return new ClientAuthenticationExecutor(session);
    }

    /** The authentication methods that some enabled policy allows, by their registered names; empty when none is in use. */
    public static Set<String> methodsInUse(RealmPolicies policies) {
        return policies.settings(ID, ClientAuthenticationExecutor.Configuration.class).stream()
                .flatMap(settings -> settings.get(ALLOWED_METHODS).stream())
                .collect(Collectors.toSet());
    }

    /** The signature algorithms that some enabled policy allows for client assertions; empty when none is in use. */
    public static Set<String> algorithmsInUse(RealmPolicies policies) {
        return policies.settings(ID, ClientAuthenticationExecutor.Configuration.class).stream()
                .flatMap(settings -> settings.get(ALLOWED_ALGORITHMS).stream())
                .collect(Collectors.toSet());
    }
}
