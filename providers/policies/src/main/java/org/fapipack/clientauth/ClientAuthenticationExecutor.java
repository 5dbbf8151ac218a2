package org.fapipack.clientauth;

import static org.fapipack.clientauth.ClientAuthenticationExecutorFactory.ALLOWED_ALGORITHMS;
import static org.fapipack.clientauth.ClientAuthenticationExecutorFactory.ALLOWED_METHODS;
import static org.fapipack.clientauth.ClientAuthenticationExecutorFactory.AUDIENCE;
import static org.fapipack.clientauth.ClientAuthenticationExecutorFactory.CLOCK_SKEW_SECONDS;
import static org.fapipack.clientauth.ClientAuthenticationExecutorFactory.ISSUER_ONLY;
import static org.fapipack.clientauth.ClientAuthenticationExecutorFactory.KEY_IN_HEADER_ALLOWED;
import static org.fapipack.clientauth.ClientAuthenticationExecutorFactory.MAX_LIFETIME_SECONDS;

import java.time.Duration;
import org.fapipack.clientauth.ClientAuthenticationExecutor.Configuration;
import org.fapipack.core.clientassertion.ClientAssertionRules;
import org.fapipack.executor.ExecutorConfiguration;
import org.fapipack.executor.PackExecutor;
import org.fapipack.executor.RulesInForce;
import org.keycloak.services.clientpolicy.ClientPolicyContext;

/**
 * Puts a client's authentication under FAPI rules. It acts on no event: Keycloak triggers policies after the client was authenticated and,
 * for some grants, after the code was consumed. The authenticators of this package ask for the rules instead.
 *
 * @see <a href="https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.3.2.1">FAPI 2.0 Security Profile 5.3.2.1</a>
 */
final class ClientAuthenticationExecutor extends PackExecutor<Configuration> {

    /** The settings; see {@link ClientAuthenticationExecutorFactory}. */
    static final class Configuration extends ExecutorConfiguration {
        Configuration() {
            super(ClientAuthenticationExecutorFactory.ID, ClientAuthenticationExecutorFactory.SETTINGS);
        }

        ClientAuthenticationRules rules() {
            return new ClientAuthenticationRules(
                    get(ALLOWED_METHODS),
                    new ClientAssertionRules(
                            get(ALLOWED_ALGORITHMS),
                            Duration.ofSeconds(get(MAX_LIFETIME_SECONDS)),
                            Duration.ofSeconds(get(CLOCK_SKEW_SECONDS)),
                            !ISSUER_ONLY.equals(get(AUDIENCE)),
                            get(KEY_IN_HEADER_ALLOWED)));
        }
    }

    ClientAuthenticationExecutor() {
        super(ClientAuthenticationExecutorFactory.ID, Configuration.class, new Configuration());
    }

    @Override
    protected void contribute(RulesInForce question, Configuration settings) {
        question.add(ClientAuthenticationRules.class, settings.rules());
    }

    @Override
    protected void enforce(ClientPolicyContext context, Configuration settings) {
        // see above
    }
}
