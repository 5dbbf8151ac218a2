package org.fapipack.par;

import java.util.List;
import org.fapipack.executor.PackExecutorFactory;
import org.fapipack.executor.RealmPolicies;
import org.fapipack.executor.Setting;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/** Factory of {@link PushedAuthorizationExecutor}. */
public final class PushedAuthorizationExecutorFactory extends PackExecutorFactory {

    /** Provider id. */
    public static final String ID = "fapi-pushed-authorization";

    static final Setting<Integer> MAX_LIFETIME_SECONDS = Setting.seconds(
            "max-lifetime-seconds",
            "Longest life of a request_uri",
            "How long a pushed request may wait for the browser; the realm's own setting holds where it is shorter.",
            5,
            599,
            599);

    static final Setting<Integer> MAX_CHARACTERS = Setting.number(
            "max-characters",
            "Largest request",
            "Characters of all names and values of a pushed request together.",
            4_096,
            262_144,
            65_536);

    static final Setting<Boolean> PUSHING_REQUIRED = Setting.flag(
            "pushing-required",
            "Pushing required",
            "Refuse requests that were not pushed. FAPI 2.0 demands that; FAPI 1.0 leaves it to the client.",
            true);

    static final Setting<Boolean> ID_TOKEN_HINT_ALLOWED = Setting.flag(
            "id-token-hint-allowed",
            "id_token_hint allowed",
            "Take requests with the parameter id_token_hint, which Keycloak makes no use of. Some ecosystems want it refused.",
            true);

    static final List<Setting<?>> SETTINGS =
            List.of(MAX_LIFETIME_SECONDS, MAX_CHARACTERS, PUSHING_REQUIRED, ID_TOKEN_HINT_ALLOWED);

    public PushedAuthorizationExecutorFactory() {
        super(ID, PushedAuthorizationExecutor.EVENTS, """
                Demands pushed authorization requests and checks them when they are pushed: one value per parameter, nothing dropped, PKCE with \
                S256, redirect_uri, scope. Binds a request_uri to its client, and takes nothing but client_id and request_uri from the browser \
                (FAPI 2.0 Security Profile 5.3.2.2, RFC 9126).""", SETTINGS);
    }

    @Override
    public ClientPolicyExecutorProvider<?> create(KeycloakSession session) {
        return new PushedAuthorizationExecutor(session);
    }

    /** Whether every enabled policy that lists the executor demands pushing; false when none lists it. */
    public static boolean isPushingRequired(RealmPolicies policies) {
        List<PushedAuthorizationExecutor.Configuration> settings =
                policies.settings(ID, PushedAuthorizationExecutor.Configuration.class);
        return !settings.isEmpty() && settings.stream().allMatch(each -> each.get(PUSHING_REQUIRED));
    }
}
