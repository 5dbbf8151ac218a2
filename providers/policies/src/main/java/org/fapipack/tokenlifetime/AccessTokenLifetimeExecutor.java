package org.fapipack.tokenlifetime;

import static org.fapipack.tokenlifetime.AccessTokenLifetimeExecutorFactory.MAX_SECONDS;
import static org.fapipack.tokenlifetime.AccessTokenLifetimeExecutorFactory.MIN_SECONDS;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fapipack.executor.ExecutorConfiguration;
import org.fapipack.executor.PackExecutor;
import org.fapipack.executor.RulesInForce;
import org.fapipack.tokenlifetime.AccessTokenLifetimeExecutor.Configuration;
import org.keycloak.protocol.oidc.OIDCConfigAttributes;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.context.ClientCRUDContext;

/**
 * Keeps the life of access tokens inside a window. Acts on REGISTER and UPDATE, where it refuses a life outside of it with
 * {@code invalid_client_metadata}; what is issued is kept inside by {@link LifetimeInWindow}.
 */
final class AccessTokenLifetimeExecutor extends PackExecutor<Configuration> {

    /** Those that {@link #enforce} does something at. */
    static final Set<ClientPolicyEvent> EVENTS = Set.of(ClientPolicyEvent.REGISTER, ClientPolicyEvent.UPDATE);

    /** The settings; see {@link AccessTokenLifetimeExecutorFactory}. */
    static final class Configuration extends ExecutorConfiguration {
        Configuration() {
            super(AccessTokenLifetimeExecutorFactory.ID, AccessTokenLifetimeExecutorFactory.SETTINGS);
        }

        @Override
        protected Optional<String> contradiction() {
            return get(MIN_SECONDS) > get(MAX_SECONDS)
                    ? Optional.of(MIN_SECONDS.key() + " must not be above " + MAX_SECONDS.key())
                    : Optional.empty();
        }

        AccessTokenLifetimeRules rules() {
            return new AccessTokenLifetimeRules(get(MIN_SECONDS), get(MAX_SECONDS));
        }
    }

    AccessTokenLifetimeExecutor() {
        super(AccessTokenLifetimeExecutorFactory.ID, EVENTS, Configuration.class, new Configuration());
    }

    @Override
    protected void contribute(RulesInForce question, Configuration settings) {
        question.add(AccessTokenLifetimeRules.class, settings.rules());
    }

    @Override
    protected void enforce(ClientPolicyContext context, Configuration settings) throws ClientPolicyException {
        switch (context.getEvent()) {
            case REGISTER, UPDATE -> check((ClientCRUDContext) context, settings.rules());
            default -> {
                // what is issued is looked at whatever the grant, and not every grant has an event
            }
        }
    }

    private static void check(ClientCRUDContext context, AccessTokenLifetimeRules rules) throws ClientPolicyException {
        Map<String, String> attributes =
                context.getProposedClientRepresentation().getAttributes();
        String life = attributes == null ? null : attributes.get(OIDCConfigAttributes.ACCESS_TOKEN_LIFESPAN);
        if (life != null && !life.isBlank() && !rules.allow(life)) {
            throw new ClientPolicyException(
                    "invalid_client_metadata",
                    "the lifespan of access tokens must be %d to %d seconds"
                            .formatted(rules.minSeconds(), rules.maxSeconds()));
        }
    }
}
