package org.fapipack.executor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
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

    private final Class<? extends Provider> type;
    private final String realmId;
    private final String id;
    private final JsonNode configuration;

    /** Made when it is needed, as Keycloak does: a profile that no policy links may list what cannot be made. */
    private volatile ComponentModel component;

    /** What was read from the configuration for an executor of the pack; null until it is asked for. Reading it twice does no harm. */
    private volatile ExecutorConfiguration settings;

    private KnownProvider(Class<? extends Provider> type, String realmId, String id, JsonNode configuration) {
        this.type = type;
        this.realmId = realmId;
        this.id = id;
        this.configuration = configuration == null ? NullNode.getInstance() : configuration;
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

    /** The provider id, for example {@code client-attributes}; null where none is said. */
    String id() {
        return id;
    }

    /** Of one realm, provider and hash of its configuration; Keycloak has one instance for each in a session. */
    String componentId() {
        return component().getId();
    }

    private ComponentModel component() {
        ComponentModel made = component;
        if (made == null) {
            made = new JsonConfigComponentModel(type, realmId, id, configuration);
            component = made;
        }
        return made;
    }

    /**
     * The provider, without settings yet.
     *
     * @throws IllegalStateException if Keycloak has no such provider, for example as its JAR was taken away
     * @throws IllegalArgumentException if none is said
     */
    @SuppressWarnings("unchecked") // the type that it was made with
    P in(KeycloakSession session) {
        Class<P> wanted = (Class<P>) type;
        ComponentModel asked = component();
        P provider = session.getComponentProvider(wanted, asked.getId(), factory -> asked);
        if (provider == null) {
            throw new IllegalStateException("no client policy condition or executor has the id " + id);
        }
        return provider;
    }

    /** Settings for a provider that may change them, as Keycloak's own do where a profile leaves one out; null where the profile has none. */
    <C> C settingsOfItsOwn(Class<C> kind) {
        return JsonSerialization.mapper.convertValue(configuration, kind);
    }

    /** The settings of an executor of the pack, which nobody changes; the defaults where the profile has none. */
    <C extends ExecutorConfiguration> C settings(Class<C> kind) {
        ExecutorConfiguration known = settings;
        if (!kind.isInstance(known)) {
            known = JsonSerialization.mapper.convertValue(
                    configuration.isNull() ? JsonSerialization.mapper.createObjectNode() : configuration, kind);
            settings = known;
        }
        return kind.cast(known);
    }
}
