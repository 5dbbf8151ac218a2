package org.fapipack.requestobject;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.fapipack.core.jose.FapiAlgorithms;
import org.fapipack.executor.PackExecutorFactory;
import org.fapipack.executor.RealmPolicies;
import org.fapipack.executor.Setting;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/** Factory of {@link RequestObjectExecutor}. */
public final class RequestObjectExecutorFactory extends PackExecutorFactory {

    /** Provider id. */
    public static final String ID = "fapi-request-object";

    /** FAPI 2.0 Message Signing 5.3.1: exp at most 60 minutes after nbf. A realm may be stricter, never laxer. */
    static final Setting<Integer> MAX_LIFETIME_SECONDS = Setting.seconds(
            "max-lifetime-seconds",
            "Longest lifetime of a request object",
            "From its nbf to its exp, inclusive.",
            1,
            3600,
            3600);

    /** FAPI 2.0 Message Signing 5.3.1: nbf at most 60 minutes in the past. */
    static final Setting<Integer> MAX_AGE_SECONDS = Setting.seconds(
            "max-age-seconds", "Oldest request object", "From its nbf to now, inclusive.", 1, 3600, 3600);

    /** FAPI 2.0 Security Profile 5.3.2.1: up to 10 s ahead must be accepted, more than 60 s must not. */
    static final Setting<Integer> CLOCK_SKEW_SECONDS = Setting.seconds(
            "clock-skew-seconds",
            "Clock skew",
            "How far nbf and iat may lie ahead of this server's clock.",
            10,
            60,
            10);

    static final Setting<List<String>> ALLOWED_ALGORITHMS = Setting.choices(
            "allowed-algorithms",
            "Signature algorithms",
            "Algorithms a request object may be signed with.",
            FapiAlgorithms.SIGNATURE);

    static final Setting<Boolean> ENCRYPTION_REQUIRED = Setting.flag(
            "encryption-required",
            "Encryption required",
            "Refuse request objects that are signed but not encrypted to a key of the realm.",
            false);

    static final Setting<Boolean> BY_VALUE_ALLOWED = Setting.flag(
            "by-value-allowed",
            "By value allowed",
            "Also take a request object that the browser brings as the parameter request (FAPI 1.0); else it must be pushed (FAPI 2.0).",
            false);

    static final Setting<Boolean> KEY_IN_HEADER_ALLOWED = Setting.flag(
            "key-in-header-allowed",
            "Key in the header allowed",
            "Take request objects whose header has x5u, x5c, jku or jwk. They are ignored even then: a client's keys are those it registered.",
            false);

    static final List<Setting<?>> SETTINGS = List.of(
            MAX_LIFETIME_SECONDS,
            MAX_AGE_SECONDS,
            CLOCK_SKEW_SECONDS,
            ALLOWED_ALGORITHMS,
            ENCRYPTION_REQUIRED,
            BY_VALUE_ALLOWED,
            KEY_IN_HEADER_ALLOWED);

    public RequestObjectExecutorFactory() {
        super(ID, RequestObjectExecutor.EVENTS, """
                Demands a signed request object in every authorization request and checks signature algorithm, iss, aud, client_id, nbf, \
                exp, iat and typ when it is pushed (FAPI 2.0 Message Signing 5.3.1, FAPI 1.0 Advanced 5.2.2).""", SETTINGS);
    }

    @Override
    public ClientPolicyExecutorProvider<?> create(KeycloakSession session) {
        return new RequestObjectExecutor(session);
    }

    /** The signature algorithms that some enabled policy allows for request objects; empty when none is in use. */
    public static Set<String> algorithmsInUse(RealmPolicies policies) {
        return policies.settings(ID, RequestObjectExecutor.Configuration.class).stream()
                .flatMap(settings -> settings.get(ALLOWED_ALGORITHMS).stream())
                .collect(Collectors.toSet());
    }
}
