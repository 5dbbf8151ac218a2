package org.fapipack.authorizationcode;

import java.util.List;
import org.fapipack.executor.PackExecutorFactory;
import org.fapipack.executor.Setting;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/** Factory of {@link AuthorizationCodeExecutor}. */
public final class AuthorizationCodeExecutorFactory extends PackExecutorFactory {

    /** Provider id. */
    public static final String ID = "fapi-authorization-code";

    static final Setting<Integer> MAX_LIFETIME_SECONDS = Setting.seconds(
            "max-lifetime-seconds",
            "Longest life of a code",
            "How long after it was issued an authorization code is good; the realm's own lifespan holds where it is shorter.",
            5,
            60,
            60);

    static final List<Setting<?>> SETTINGS = List.of(MAX_LIFETIME_SECONDS);

    public AuthorizationCodeExecutorFactory() {
        super(ID, AuthorizationCodeExecutor.EVENTS, """
                Refuses an authorization code that is older than a minute, or than the setting says (FAPI 2.0 Security Profile 5.3.2.1).""", SETTINGS);
    }

    @Override
    public ClientPolicyExecutorProvider<?> create(KeycloakSession session) {
        return new AuthorizationCodeExecutor(session);
    }
}
