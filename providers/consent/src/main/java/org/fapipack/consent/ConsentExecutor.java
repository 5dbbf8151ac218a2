package org.fapipack.consent;

import static org.fapipack.consent.ConsentExecutorFactory.CONSENT_TYPES;

import org.fapipack.consent.ConsentExecutor.Configuration;
import org.fapipack.executor.ExecutorConfiguration;
import org.fapipack.executor.PackExecutor;
import org.fapipack.executor.RulesInForce;
import org.keycloak.services.clientpolicy.ClientPolicyContext;

/** Says which types of consent a client may lodge; acts on no event. */
final class ConsentExecutor extends PackExecutor<Configuration> {

    /** The settings; see {@link ConsentExecutorFactory}. */
    static final class Configuration extends ExecutorConfiguration {
        Configuration() {
            super(ConsentExecutorFactory.ID, ConsentExecutorFactory.SETTINGS);
        }

        ConsentRules rules() {
            return new ConsentRules(get(CONSENT_TYPES));
        }
    }

    ConsentExecutor() {
        super(ConsentExecutorFactory.ID, Configuration.class, new Configuration());
    }

    @Override
    protected void contribute(RulesInForce question, Configuration settings) {
        question.add(ConsentRules.class, settings.rules());
    }

    @Override
    protected void enforce(ClientPolicyContext context, Configuration settings) {
        // see above
    }
}
