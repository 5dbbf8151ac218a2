package org.fapipack.executor;

import java.util.HashMap;
import java.util.Map;
import org.jboss.logging.Logger;
import org.keycloak.common.Profile;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.representations.idm.ClientPolicyConditionConfigurationRepresentation;
import org.keycloak.representations.idm.ClientPolicyExecutorConfigurationRepresentation;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.ClientPolicyMode;
import org.keycloak.services.clientpolicy.ClientPolicyVote;
import org.keycloak.services.clientpolicy.DefaultClientPolicyManager;
import org.keycloak.services.clientpolicy.condition.ClientPolicyConditionProvider;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/**
 * Keycloak's own manager in a realm that has not opted in. In others it applies policies by the same rules, but from {@linkplain KnownPolicies what
 * was read already}: Keycloak reads the texts of all policies and profiles, and the settings of all conditions and of the executors of each policy that
 * holds, anew for each event, several times in a request. Here a condition or executor gets its settings once in a session, and executors of the pack
 * are left out of events at which they do nothing.
 */
final class FapiClientPolicyManager extends DefaultClientPolicyManager {

    /** The one of Keycloak's manager: whoever wants to see why a policy holds switches on the same category for all realms. */
    private static final Logger LOG = Logger.getLogger(DefaultClientPolicyManager.class);

    private final KeycloakSession session;

    /** Whose settings a provider of this session has, by the id of its component: an id is made of a hash of the settings, so two may have the same. */
    private final Map<String, KnownProvider<?>> configured = new HashMap<>();

    FapiClientPolicyManager(KeycloakSession session) {
        super(session);
        this.session = session;
    }

    @Override
    public void triggerOnEvent(ClientPolicyContext context) throws ClientPolicyException {
        if (!Profile.isFeatureEnabled(Profile.Feature.CLIENT_POLICIES)) {
            return; // as Keycloak does
        }
        RealmModel realm = session.getContext().getRealm();
        RealmPolicies policies = RealmPolicies.of(session, realm);
        if (!policies.haveOptedIn()) {
            super.triggerOnEvent(context);
        } else if (context instanceof RulesInForce) {
            trigger(policies.ofThePack(), context);
        } else {
            trigger(policies.at(context.getEvent(), session.getKeycloakSessionFactory()), context);
        }
    }

    private void trigger(KnownPolicies policies, ClientPolicyContext context) throws ClientPolicyException {
        for (KnownPolicies.Policy policy : policies.policies()) {
            boolean holds = holds(policy, context);
            LOG.tracef("Policy %s %s at %s", policy.name(), holds ? "holds" : "does not hold", context.getEvent());
            if (holds) {
                execute(policy, context);
            }
        }
    }

    /** A policy holds when a condition says yes and none says no; with mode STRICT none may abstain either. */
    private boolean holds(KnownPolicies.Policy policy, ClientPolicyContext context) throws ClientPolicyException {
        boolean saidYes = false;
        for (KnownProvider<ClientPolicyConditionProvider<?>> known : policy.conditions()) {
            ClientPolicyVote vote = vote(condition(known), context);
            LOG.tracef("Policy %s, condition %s: %s", policy.name(), known.id(), vote);
            if (vote == ClientPolicyVote.NO
                    || (vote == ClientPolicyVote.ABSTAIN && policy.mode() == ClientPolicyMode.STRICT)) {
                return false;
            }
            saidYes |= vote == ClientPolicyVote.YES;
        }
        return saidYes;
    }

    private static ClientPolicyVote vote(ClientPolicyConditionProvider<?> condition, ClientPolicyContext context)
            throws ClientPolicyException {
        ClientPolicyVote vote = condition.applyPolicy(context);
        if (!condition.isNegativeLogic() || vote == ClientPolicyVote.ABSTAIN) {
            return vote;
        }
        return vote == ClientPolicyVote.YES ? ClientPolicyVote.NO : ClientPolicyVote.YES;
    }

    private void execute(KnownPolicies.Policy policy, ClientPolicyContext context) throws ClientPolicyException {
        for (KnownProvider<ClientPolicyExecutorProvider<?>> known : policy.executors()) {
            try {
                executor(known).executeOnEvent(context);
            } catch (ClientPolicyException refused) {
                LOG.tracef(
                        "Policy %s, executor %s: %s, %s",
                        policy.name(), known.id(), refused.getError(), refused.getErrorDetail());
                throw refused;
            }
        }
    }

    private ClientPolicyConditionProvider<?> condition(KnownProvider<ClientPolicyConditionProvider<?>> known) {
        ClientPolicyConditionProvider<?> condition = known.in(session);
        if (getsSettings(known)) {
            configure(known, condition);
        }
        return condition;
    }

    private ClientPolicyExecutorProvider<?> executor(KnownProvider<ClientPolicyExecutorProvider<?>> known) {
        ClientPolicyExecutorProvider<?> executor = known.in(session);
        if (getsSettings(known)) {
            configure(known, executor);
        }
        return executor;
    }

    private boolean getsSettings(KnownProvider<?> known) {
        return configured.put(known.componentId(), known) != known;
    }

    private static <C extends ClientPolicyConditionConfigurationRepresentation> void configure(
            KnownProvider<?> known, ClientPolicyConditionProvider<C> condition) {
        condition.setupConfiguration(known.settingsOfItsOwn(condition.getConditionConfigurationClass()));
    }

    private static <C extends ClientPolicyExecutorConfigurationRepresentation> void configure(
            KnownProvider<?> known, ClientPolicyExecutorProvider<C> executor) {
        if (executor instanceof PackExecutor<?> ours) {
            ours.takeSettings(known);
        } else {
            executor.setupConfiguration(known.settingsOfItsOwn(executor.getExecutorConfigurationClass()));
        }
    }
}
