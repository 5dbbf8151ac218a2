package org.fapipack.senderconstraint;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.fapipack.core.jose.FapiAlgorithms;
import org.fapipack.executor.PackExecutorFactory;
import org.fapipack.executor.RealmPolicies;
import org.fapipack.executor.Setting;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/** Factory of {@link SenderConstraintExecutor}. */
public final class SenderConstraintExecutorFactory extends PackExecutorFactory {

    /** Provider id. */
    public static final String ID = "fapi-sender-constrained-tokens";

    /** A value of {@code allowed-methods}: tokens bound to a key. */
    public static final String DPOP = "dpop";

    /** A value of {@code allowed-methods}: tokens bound to a certificate. */
    public static final String MUTUAL_TLS = "mtls";

    static final Setting<List<String>> ALLOWED_METHODS = Setting.choices(
            "allowed-methods",
            "Methods",
            "How access tokens may be bound: by DPoP, to a certificate, or whichever of both the client registered.",
            List.of(DPOP, MUTUAL_TLS));

    static final Setting<List<String>> ALLOWED_ALGORITHMS = Setting.choices(
            "allowed-algorithms",
            "Signature algorithms of DPoP proofs",
            "Algorithms a DPoP proof may be signed with.",
            FapiAlgorithms.SIGNATURE);

    /** Keycloak's own check, which follows, fails with an internal error at 25 seconds and refuses older proofs. */
    static final Setting<Integer> MAX_AGE_SECONDS = Setting.seconds(
            "max-age-seconds", "Oldest DPoP proof", "How far the iat of a proof may lie back.", 5, 24, 24);

    /** Keycloak's own check allows 15. */
    static final Setting<Integer> CLOCK_SKEW_SECONDS =
            Setting.seconds("clock-skew-seconds", "Clock skew", "How far the client's clock may be ahead.", 10, 15, 10);

    static final Setting<String> NONCE = Setting.choice(
            "nonce",
            "Server nonces",
            "Nonces of the server in DPoP proofs (RFC 9449 section 8): 'off', 'accepted' hands them out and refuses wrong ones, 'required' "
                    + "refuses a proof without one as well, with use_dpop_nonce.",
            List.of("off", "accepted", "required"),
            "off");

    static final Setting<Integer> NONCE_LIFETIME_SECONDS = Setting.seconds(
            "nonce-lifetime-seconds",
            "Life of a nonce",
            "A nonce is good for at least this long, and at most twice as long.",
            30,
            600,
            120);

    static final Setting<String> MUTUAL_TLS_HOST = Setting.text(
            "mtls-host",
            "Host for mutual TLS",
            "Host name, with a port where it is not 443, that asks for client certificates; mtls_endpoint_aliases in the metadata then name it. Empty "
                    + "when the one host of the server does.",
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[1-9][0-9]{0,4})?"));

    static final List<Setting<?>> SETTINGS = List.of(
            ALLOWED_METHODS,
            ALLOWED_ALGORITHMS,
            MAX_AGE_SECONDS,
            CLOCK_SKEW_SECONDS,
            NONCE,
            NONCE_LIFETIME_SECONDS,
            MUTUAL_TLS_HOST);

    public SenderConstraintExecutorFactory() {
        super(ID, SenderConstraintExecutor.EVENTS, """
                Issues only sender-constrained access tokens, by DPoP or mutual TLS as the client registered, and checks algorithm, key size, \
                address, age, replay and nonce of DPoP proofs at the PAR, token and userinfo endpoints (FAPI 2.0 Security Profile 5.3.2.1, \
                RFC 9449).""", SETTINGS);
    }

    @Override
    public ClientPolicyExecutorProvider<?> create(KeycloakSession session) {
        return new SenderConstraintExecutor();
    }

    /** The methods that some enabled policy allows, {@code dpop} and {@code mtls}; empty when none is in use. */
    public static Set<String> methodsInUse(RealmPolicies policies) {
        return policies.settings(ID, SenderConstraintExecutor.Configuration.class).stream()
                .flatMap(settings -> settings.get(ALLOWED_METHODS).stream())
                .collect(Collectors.toSet());
    }

    /** The host for clients with certificates, with its port, that a policy names; empty when none does. The first where several do. */
    public static Optional<String> mutualTlsHostInUse(RealmPolicies policies) {
        return policies.settings(ID, SenderConstraintExecutor.Configuration.class).stream()
                .map(SenderConstraintExecutor.Configuration::mutualTlsHost)
                .filter(host -> !host.isEmpty())
                .findFirst();
    }

    /** The signature algorithms that some enabled policy allows for DPoP proofs; empty when none is in use. */
    public static Set<String> algorithmsInUse(RealmPolicies policies) {
        return policies.settings(ID, SenderConstraintExecutor.Configuration.class).stream()
                .flatMap(settings -> settings.get(ALLOWED_ALGORITHMS).stream())
                .collect(Collectors.toSet());
    }
}
