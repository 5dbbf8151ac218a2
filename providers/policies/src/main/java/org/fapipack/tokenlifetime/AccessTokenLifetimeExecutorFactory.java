package org.fapipack.tokenlifetime;

import java.util.List;
import org.fapipack.executor.PackExecutorFactory;
import org.fapipack.executor.Setting;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/** Factory of {@link AccessTokenLifetimeExecutor}. */
public final class AccessTokenLifetimeExecutorFactory extends PackExecutorFactory {

    /** Provider id. */
    public static final String ID = "fapi-access-token-lifetime";

    private static final int DAY = 86_400;

    static final Setting<Integer> MIN_SECONDS = Setting.seconds(
            "min-seconds",
            "Shortest life",
            "No access token lives shorter, unless its consent ends before.",
            1,
            DAY,
            1);

    static final Setting<Integer> MAX_SECONDS =
            Setting.seconds("max-seconds", "Longest life", "No access token lives longer.", 1, DAY, 900);

    static final List<Setting<?>> SETTINGS = List.of(MIN_SECONDS, MAX_SECONDS);

    public AccessTokenLifetimeExecutorFactory() {
        super(ID, AccessTokenLifetimeExecutor.EVENTS, """
                Keeps the life of access tokens inside a window: one that the realm or the client sets outside of it is moved to its nearest \
                end, and a client that wants such one is refused.""", SETTINGS);
    }

    @Override
    public ClientPolicyExecutorProvider<?> create(KeycloakSession session) {
        return new AccessTokenLifetimeExecutor();
    }
}
