package org.fapipack.interactionid;

import java.util.List;
import java.util.Set;
import org.fapipack.executor.ExecutorConfiguration;
import org.fapipack.executor.PackExecutor;
import org.fapipack.interactionid.InteractionIdExecutor.Configuration;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;

/**
 * Switches {@link InteractionId} on for a realm. It acts on no event: the id is answered before it is known which client asks.
 *
 * @see <a href="https://openid.net/specs/openid-financial-api-part-1-1_0.html#section-6.2.1">FAPI 1.0 Baseline 6.2.1</a>
 */
final class InteractionIdExecutor extends PackExecutor<Configuration> {

    /** Those that {@link #enforce} does something at. */
    static final Set<ClientPolicyEvent> EVENTS = Set.of();

    /** No settings. */
    static final class Configuration extends ExecutorConfiguration {
        Configuration() {
            super(InteractionIdExecutorFactory.ID, List.of());
        }
    }

    InteractionIdExecutor() {
        super(InteractionIdExecutorFactory.ID, EVENTS, Configuration.class, new Configuration());
    }

    @Override
    protected void enforce(ClientPolicyContext context, Configuration settings) {
        // see above
    }
}
