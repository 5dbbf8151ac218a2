package org.fapipack.authorizationcode;

import static org.fapipack.authorizationcode.AuthorizationCodeExecutorFactory.MAX_LIFETIME_SECONDS;

import java.util.Set;
import org.fapipack.authorizationcode.AuthorizationCodeExecutor.Configuration;
import org.fapipack.executor.ExecutorConfiguration;
import org.fapipack.executor.PackExecutor;
import org.keycloak.OAuthErrorException;
import org.keycloak.common.util.Time;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.context.TokenRequestContext;

/**
 * Limits the life of authorization codes. Acts on TOKEN_REQUEST: a code that is too old is {@code invalid_grant}, and used up, as one whose time
 * the realm ended.
 *
 * @see <a href="https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.3.2.1">FAPI 2.0 Security Profile 5.3.2.1</a>
 */
final class AuthorizationCodeExecutor extends PackExecutor<Configuration> {

    /** Those that {@link #enforce} does something at. */
    static final Set<ClientPolicyEvent> EVENTS = Set.of(ClientPolicyEvent.TOKEN_REQUEST);

    /** The settings; see {@link AuthorizationCodeExecutorFactory}. */
    static final class Configuration extends ExecutorConfiguration {
        Configuration() {
            super(AuthorizationCodeExecutorFactory.ID, AuthorizationCodeExecutorFactory.SETTINGS);
        }
    }

    private final KeycloakSession session;

    AuthorizationCodeExecutor(KeycloakSession session) {
        super(AuthorizationCodeExecutorFactory.ID, EVENTS, Configuration.class, new Configuration());
        this.session = session;
    }

    @Override
    protected void enforce(ClientPolicyContext context, Configuration settings) throws ClientPolicyException {
        switch (context.getEvent()) {
            case TOKEN_REQUEST -> checkAge((TokenRequestContext) context, settings.get(MAX_LIFETIME_SECONDS));
            default -> {
                // only this one redeems a code
            }
        }
    }

    private void checkAge(TokenRequestContext context, int maxSeconds) throws ClientPolicyException {
        // A code says when it ends, not when it began.
        int lifespan = session.getContext().getRealm().getAccessCodeLifespan();
        int issuedAt = context.getParseResult().getCodeData().getExpiration() - lifespan;
        if (Time.currentTimeMillis() / 1000 - issuedAt > maxSeconds) {
            throw new ClientPolicyException(OAuthErrorException.INVALID_GRANT, "the authorization code has expired");
        }
    }
}
