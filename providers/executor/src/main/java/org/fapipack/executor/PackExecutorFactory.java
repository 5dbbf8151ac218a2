package org.fapipack.executor;

import java.util.List;
import org.keycloak.Config;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.provider.ProviderConfigProperty;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProviderFactory;

/** The factory side of an executor of the pack: an id that starts with {@code fapi-}, help text, and the declared settings. */
public abstract class PackExecutorFactory implements ClientPolicyExecutorProviderFactory {

    private final String id;
    private final String helpText;
    private final List<Setting<?>> settings;

    protected PackExecutorFactory(String id, String helpText, List<Setting<?>> settings) {
        this.id = id;
        this.helpText = helpText;
        this.settings = settings;
    }

    @Override
    public final String getId() {
        return id;
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
