package org.fapipack.executor;

import com.fasterxml.jackson.databind.JsonNode;
import org.keycloak.component.ComponentModel;
import org.keycloak.component.JsonConfigComponentModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.Provider;
import org.keycloak.representations.idm.ClientPolicyConditionRepresentation;
import org.keycloak.representations.idm.ClientPolicyExecutorRepresentation;
import org.keycloak.services.clientpolicy.condition.ClientPolicyConditionProvider;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;
import org.keycloak.util.JsonSerialization;

/**
 * A condition or an executor as a policy or profile lists it.
 *
 * @param <P> which of both
 */
final class KnownProvider<P extends Provider> {

    private final Class<?> type;
    private final ComponentModel component;
    private final JsonNode configuration;

    /** What was read from the configuration for an executor of the pack; null until it is asked for. Reading it twice does no harm. */
    private volatile ExecutorConfiguration settings;

    private KnownProvider(Class<? extends Provider> type, String realmId, String id, JsonNode configuration) {
        this.type = type;
        this.component = new JsonConfigComponentModel(type, realmId, id, configuration);
        this.configuration = configuration;
    }

    static KnownProvider<ClientPolicyConditionProvider<?>> condition(
            String realmId, ClientPolicyConditionRepresentation condition) {
        return new KnownProvider<>(
                ClientPolicyConditionProvider.class,
                realmId,
                condition.getConditionProviderId(),
                condition.getConfiguration());
    }

    static KnownProvider<ClientPolicyExecutorProvider<?>> executor(
            String realmId, ClientPolicyExecutorRepresentation executor) {
        return new KnownProvider<>(
                ClientPolicyExecutorProvider.class,
                realmId,
                executor.getExecutorProviderId(),
                executor.getConfiguration());
    }

    /** The provider id, for example {@code client-attributes}. */
    String id() {
        return component.getProviderId();
    }

    /** Of one realm, provider and hash of its configuration; Keycloak has one instance for each in a session. */
    String componentId() {
        return component.getId();
    }

    /**
     * The provider, without settings yet.
     *
     * @throws IllegalStateException if Keycloak has no such provider, for example as its JAR was taken away
     */
    @SuppressWarnings("unchecked") // the type that it was made with
    P in(KeycloakSession session) {
        Class<P> wanted = (Class<P>) type;
        P provider = session.getComponentProvider(wanted, component.getId(), factory -> component);
        if (provider == null) {
            throw new IllegalStateException("no client policy condition or executor has the id " + id());
        }
        return provider;
    }

    /** Settings for a provider that may change them, as Keycloak's own do where a profile leaves one out. */
    <C> C settingsOfItsOwn(Class<C> kind) {
        return JsonSerialization.mapper.convertValue(configuration, kind);
    }

    /** The settings of an executor of the pack, which nobody changes; the defaults where the profile has none. */
    <C extends ExecutorConfiguration> C settings(Class<C> kind) {
        ExecutorConfiguration known = settings;
        if (!kind.isInstance(known)) {
            known = JsonSerialization.mapper.convertValue(
                    configuration == null ? JsonSerialization.mapper.createObjectNode() : configuration, kind);
            settings = known;
        }
        return kind.cast(known);
    }
}
