package org.fapipack.clientauth;

import static org.fapipack.clientauth.ClientAuthenticationExecutorFactory.ALLOWED_ALGORITHMS;
import static org.fapipack.clientauth.ClientAuthenticationExecutorFactory.ALLOWED_METHODS;
import static org.fapipack.clientauth.ClientAuthenticationExecutorFactory.AUDIENCE;
import static org.fapipack.clientauth.ClientAuthenticationExecutorFactory.CLOCK_SKEW_SECONDS;
import static org.fapipack.clientauth.ClientAuthenticationExecutorFactory.ISSUER_ONLY;
import static org.fapipack.clientauth.ClientAuthenticationExecutorFactory.KEY_IN_HEADER_ALLOWED;
import static org.fapipack.clientauth.ClientAuthenticationExecutorFactory.MAX_LIFETIME_SECONDS;

import java.time.Duration;
import java.util.Set;
import org.fapipack.clientauth.ClientAuthenticationExecutor.Configuration;
import org.fapipack.core.clientassertion.ClientAssertionRules;
import org.fapipack.executor.ExecutorConfiguration;
import org.fapipack.executor.PackExecutor;
import org.fapipack.executor.RulesInForce;
import org.keycloak.OAuthErrorException;
import org.keycloak.authentication.authenticators.client.ClientIdAndSecretAuthenticator;
import org.keycloak.authentication.authenticators.client.FederatedJWTClientAuthenticator;
import org.keycloak.authentication.authenticators.client.JWTClientAuthenticator;
import org.keycloak.authentication.authenticators.client.JWTClientSecretAuthenticator;
import org.keycloak.authentication.authenticators.client.X509ClientAuthenticator;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;
import org.keycloak.services.clientpolicy.ClientPolicyException;

/**
 * Puts a client's authentication under FAPI rules. Keycloak triggers policies after the client was authenticated and, for some grants, after
 * the code was consumed, so the authenticators of this package ask for the rules instead. Acts on PUSHED_AUTHORIZATION_REQUEST: whom an
 * authenticator of another extension let in is refused.
 *
 * @see <a href="https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.3.2.1">FAPI 2.0 Security Profile 5.3.2.1</a>
 */
final class ClientAuthenticationExecutor extends PackExecutor<Configuration> {

    /** Those that {@link #enforce} does something at. */
    static final Set<ClientPolicyEvent> EVENTS = Set.of(ClientPolicyEvent.PUSHED_AUTHORIZATION_REQUEST);

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

    /** The authenticators that ask for the rules, ours in the places of Keycloak's. What another one lets in was judged by nobody. */
    private static final Set<String> JUDGING = Set.of(
            JWTClientAuthenticator.PROVIDER_ID,
            X509ClientAuthenticator.PROVIDER_ID,
            ClientIdAndSecretAuthenticator.PROVIDER_ID,
            JWTClientSecretAuthenticator.PROVIDER_ID,
            FederatedJWTClientAuthenticator.PROVIDER_ID);

    private final KeycloakSession session;

    ClientAuthenticationExecutor(KeycloakSession session) {
        super(ClientAuthenticationExecutorFactory.ID, EVENTS, Configuration.class, new Configuration());
        this.session = session;
    }

    @Override
    protected void contribute(RulesInForce question, Configuration settings) {
        question.add(ClientAuthenticationRules.class, settings.rules());
    }

    @Override
    protected void enforce(ClientPolicyContext context, Configuration settings) throws ClientPolicyException {
        // At the token endpoint Keycloak's secure-client-authenticator looks at this.
        if (context.getEvent() == ClientPolicyEvent.PUSHED_AUTHORIZATION_REQUEST) {
            refuseUnjudged(session.getContext().getClient());
        }
    }

    private static void refuseUnjudged(ClientModel client) throws ClientPolicyException {
        String authenticator = client.getClientAuthenticatorType();
        if (authenticator != null && !JUDGING.contains(authenticator)) {
            throw new ClientPolicyException(
                    OAuthErrorException.INVALID_CLIENT,
                    "the client must authenticate by a method that the server's rules know");
        }
    }
}
