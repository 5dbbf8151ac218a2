package org.fapipack.interactionid;

import java.util.List;
import org.fapipack.executor.PackExecutorFactory;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/** Factory of {@link InteractionIdExecutor}. */
public final class InteractionIdExecutorFactory extends PackExecutorFactory {

    /** Provider id. */
    public static final String ID = "fapi-interaction-id";

    public InteractionIdExecutorFactory() {
        super(ID, InteractionIdExecutor.EVENTS, """
                Answers every request at the OpenID Connect endpoints of the realm with the request's x-fapi-interaction-id, or with a new one, and \
                with Date, and writes the id into events (FAPI 1.0 Baseline 6.2.1).""", List.of());
    }

    @Override
    public ClientPolicyExecutorProvider<?> create(KeycloakSession session) {
        return new InteractionIdExecutor();
    }
}
