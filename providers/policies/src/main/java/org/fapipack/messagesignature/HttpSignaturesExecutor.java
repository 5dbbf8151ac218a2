package org.fapipack.messagesignature;

import static org.fapipack.messagesignature.HttpSignaturesExecutorFactory.ALLOWED_ALGORITHMS;
import static org.fapipack.messagesignature.HttpSignaturesExecutorFactory.CLOCK_SKEW_SECONDS;
import static org.fapipack.messagesignature.HttpSignaturesExecutorFactory.MAX_AGE_SECONDS;
import static org.fapipack.messagesignature.HttpSignaturesExecutorFactory.REQUESTS;
import static org.fapipack.messagesignature.HttpSignaturesExecutorFactory.RESPONSES;
import static org.fapipack.messagesignature.HttpSignaturesExecutorFactory.RESPONSE_ALGORITHM;

import java.time.Duration;
import java.util.Set;
import org.fapipack.executor.ExecutorConfiguration;
import org.fapipack.executor.PackExecutor;
import org.fapipack.executor.RulesInForce;
import org.fapipack.messagesignature.HttpSignaturesExecutor.Configuration;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;

/**
 * Says which client's requests have to be signed, and which responses are. It acts on no event: no event of Keycloak knows the octets of a
 * message, so {@link ResourceSignatures} asks for the rules where a request is answered.
 */
final class HttpSignaturesExecutor extends PackExecutor<Configuration> {

    /** Those that {@link #enforce} does something at. */
    static final Set<ClientPolicyEvent> EVENTS = Set.of();

    /** The settings; see {@link HttpSignaturesExecutorFactory}. */
    static final class Configuration extends ExecutorConfiguration {
        Configuration() {
            super(HttpSignaturesExecutorFactory.ID, HttpSignaturesExecutorFactory.SETTINGS);
        }

        HttpSignatureRules rules() {
            return new HttpSignatureRules(
                    HttpSignatureRules.Use.of(get(REQUESTS)),
                    HttpSignatureRules.Use.of(get(RESPONSES)),
                    get(ALLOWED_ALGORITHMS),
                    get(RESPONSE_ALGORITHM),
                    Duration.ofSeconds(get(MAX_AGE_SECONDS)),
                    Duration.ofSeconds(get(CLOCK_SKEW_SECONDS)));
        }
    }

    HttpSignaturesExecutor() {
        super(HttpSignaturesExecutorFactory.ID, EVENTS, Configuration.class, new Configuration());
    }

    @Override
    protected void contribute(RulesInForce question, Configuration settings) {
        question.add(HttpSignatureRules.class, settings.rules());
    }

    @Override
    protected void enforce(ClientPolicyContext context, Configuration settings) {
        // see above
    }
}
