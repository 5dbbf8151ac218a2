package org.fapipack.executor;

import java.util.Set;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/**
 * An executor of the pack: enforces at the events of a client policy, and tells what it stands for when an override asks which
 * rules are {@linkplain RulesInForce in force}.
 *
 * @param <C> its settings
 */
public abstract class PackExecutor<C extends ExecutorConfiguration> implements ClientPolicyExecutorProvider<C> {

    private final String id;
    private final Set<ClientPolicyEvent> events;
    private final Class<C> configurationClass;
    private final C defaults;
    private C configuration;

    /**
     * @param id the provider id
     * @param events those of its factory
     * @param configurationClass the type Keycloak reads a profile's JSON into
     * @param defaults the settings of a profile that names the executor without any
     */
    protected PackExecutor(String id, Set<ClientPolicyEvent> events, Class<C> configurationClass, C defaults) {
        this.id = id;
        this.events = events;
        this.configurationClass = configurationClass;
        this.defaults = defaults;
        this.configuration = defaults;
    }

    /** Enforces the rules at one of the executor's events; not called at others. */
    protected abstract void enforce(ClientPolicyContext context, C settings) throws ClientPolicyException;

    /** The rules this executor stands for under its settings; contributes nothing by default. */
    protected void contribute(RulesInForce question, C settings) {
        // an executor whose rules no override needs to know
    }

    @Override
    public final void executeOnEvent(ClientPolicyContext context) throws ClientPolicyException {
        if (context instanceof RulesInForce question) {
            contribute(question, configuration);
        } else if (events.contains(context.getEvent())) {
            enforce(context, configuration);
        }
    }

    @Override
    public final void setupConfiguration(C newConfiguration) {
        this.configuration = newConfiguration == null ? defaults : newConfiguration;
    }

    /** Settings that were read already, for all requests. */
    final void takeSettings(KnownProvider<?> known) {
        this.configuration = known.settings(configurationClass);
    }

    @Override
    public final Class<C> getExecutorConfigurationClass() {
        return configurationClass;
    }

    @Override
    public final String getProviderId() {
        return id;
    }
}
