package org.fapipack.executor;

import java.util.List;
import java.util.Set;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProviderFactory;

/** The factory side of an executor of the pack: an id that starts with {@code fapi-}, help text, and the declared settings. */
public abstract class PackExecutorFactory implements ClientPolicyExecutorProviderFactory {

    private final String id;
    private final Set<ClientPolicyEvent> events;
    private final String helpText;
    private final List<Setting<?>> settings;

    /** @param events the only ones at which the executor enforces anything; at others it is not even made */
    protected PackExecutorFactory(
            String id, Set<ClientPolicyEvent> events, String helpText, List<Setting<?>> settings) {
        this.id = id;
        this.events = events;
        this.helpText = helpText;
        this.settings = settings;
    }

    @Override
    public final String getId() {
        return id;
    }

    /** Whether the executor does anything at the event. */
    final boolean actsAt(ClientPolicyEvent event) {
        return events.contains(event);
    }

    @Override
    public final String getHelpText() {
        return helpText;
    }

    @Override
    public final List<ProviderConfigProperty> getConfigProperties() {
        return settings.stream().map(Setting::property).toList();
    }

    @Override
    public final void init(Config.Scope config) {
        // everything is set per profile
    }

    @Override
    public final void postInit(KeycloakSessionFactory factory) {
        // nothing to prepare
    }

    @Override
    public final void close() {
        // nothing to release
    }
}
