package org.fapipack.executor;

import java.util.List;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.keycloak.representations.idm.ClientPolicyExecutorConfigurationRepresentation;

/**
 * The settings of one executor as an administrator saved them. Keycloak asks {@link #validateConfig()} when a profile is saved:
 * an unknown key, a misspelt one and a value outside its range are refused there, with a line in the log that names the setting.
 */
public abstract class ExecutorConfiguration extends ClientPolicyExecutorConfigurationRepresentation {

    private static final Logger LOG = Logger.getLogger(ExecutorConfiguration.class);

    private final String executorId;
    private final List<Setting<?>> settings;

    /** Subclasses need a constructor without arguments, which Keycloak calls through Jackson. */
    protected ExecutorConfiguration(String executorId, List<Setting<?>> settings) {
        this.executorId = executorId;
        this.settings = settings;
    }

    @Override
    public final boolean validateConfig() {
        Optional<String> unknown = getConfigAsMap().keySet().stream()
                .filter(key ->
                        settings.stream().noneMatch(setting -> setting.key().equals(key)))
                .findFirst();
        if (unknown.isPresent()) {
            LOG.warnf("Client policy executor %s has no setting '%s'", executorId, unknown.get());
            return false;
        }
        Optional<Setting<?>> invalid = settings.stream()
                .filter(setting ->
                        setting.read(getConfigAsMap().get(setting.key())).isEmpty())
                .findFirst();
        if (invalid.isPresent()) {
            LOG.warnf(
                    "Client policy executor %s: the value of setting '%s' is not valid. %s",
                    executorId, invalid.get().key(), invalid.get().property().getHelpText());
            return false;
        }
        Optional<String> contradiction = contradiction();
        contradiction.ifPresent(text -> LOG.warnf("Client policy executor %s: %s", executorId, text));
        return contradiction.isEmpty();
    }

    /** Says where two settings that are valid alone do not go together; empty when they do. */
    protected Optional<String> contradiction() {
        return Optional.empty();
    }

    /**
     * The value of a setting, its default where the profile leaves it out.
     *
     * @throws IllegalStateException if a value that is not valid got past the check at save time: closed, never guessed
     */
    public final <T> T get(Setting<T> setting) {
        return setting.read(getConfigAsMap().get(setting.key()))
                .orElseThrow(() -> new IllegalStateException(
                        "setting '%s' of client policy executor %s is not valid".formatted(setting.key(), executorId)));
    }
}
