package org.fapipack.consent;

import static org.fapipack.consent.ConsentExecutorFactory.CONSENT_TYPES;

import java.util.Set;
import org.fapipack.consent.ConsentExecutor.Configuration;
import org.fapipack.executor.AuthorizationDetailTypes;
import org.fapipack.executor.ExecutorConfiguration;
import org.fapipack.executor.PackExecutor;
import org.fapipack.executor.RulesInForce;
import org.keycloak.models.KeycloakSession;
import org.keycloak.protocol.oidc.grants.ciba.clientpolicy.context.BackchannelAuthenticationRequestContext;
import org.keycloak.protocol.oidc.grants.ciba.clientpolicy.context.BackchannelTokenRequestContext;
import org.keycloak.protocol.oidc.par.clientpolicy.context.PushedAuthorizationRequestContext;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.context.AuthorizationRequestContext;
import org.keycloak.services.clientpolicy.context.TokenRequestContext;
import org.keycloak.services.clientpolicy.context.UserInfoRequestContext;

/**
 * Says which types of consent a client may lodge. Acts on PUSHED_AUTHORIZATION_REQUEST and AUTHORIZATION_REQUEST: the consent that a request is for
 * is checked at both, because it may change in between. Acts on BACKCHANNEL_AUTHENTICATION_REQUEST and BACKCHANNEL_TOKEN_REQUEST, where a customer
 * decides on a device of their own. Acts on TOKEN_REQUEST and USERINFO_REQUEST: a code or an access token is good only as long as
 * its consent is in force.
 */
final class ConsentExecutor extends PackExecutor<Configuration> {

    /** Those that {@link #enforce} does something at. */
    static final Set<ClientPolicyEvent> EVENTS = Set.of(
            ClientPolicyEvent.PUSHED_AUTHORIZATION_REQUEST,
            ClientPolicyEvent.AUTHORIZATION_REQUEST,
            ClientPolicyEvent.BACKCHANNEL_AUTHENTICATION_REQUEST,
            ClientPolicyEvent.BACKCHANNEL_TOKEN_REQUEST,
            ClientPolicyEvent.TOKEN_REQUEST,
            ClientPolicyEvent.USERINFO_REQUEST);

    /** The settings; see {@link ConsentExecutorFactory}. */
    static final class Configuration extends ExecutorConfiguration {
        Configuration() {
            super(ConsentExecutorFactory.ID, ConsentExecutorFactory.SETTINGS);
        }

        ConsentRules rules() {
            return ConsentRules.of(get(CONSENT_TYPES));
        }
    }

    private final KeycloakSession session;

    ConsentExecutor(KeycloakSession session) {
        super(ConsentExecutorFactory.ID, EVENTS, Configuration.class, new Configuration());
        this.session = session;
    }

    @Override
    protected void contribute(RulesInForce question, Configuration settings) {
        ConsentRules rules = question.made(ConsentRules.class, settings, Configuration::rules);
        question.add(ConsentRules.class, rules);
        question.add(AuthorizationDetailTypes.class, rules.authorizationDetailTypes());
    }

    @Override
    protected void enforce(ClientPolicyContext context, Configuration settings) throws ClientPolicyException {
        switch (context.getEvent()) {
            case PUSHED_AUTHORIZATION_REQUEST -> {
                PushedAuthorizationRequestContext pushed = (PushedAuthorizationRequestContext) context;
                new ConsentRequestCheck(session, pushed.getClient()).check(pushed.getRequest());
            }
            case AUTHORIZATION_REQUEST -> {
                AuthorizationRequestContext opened = (AuthorizationRequestContext) context;
                try {
                    ConsentRequestCheck.note(
                            opened.getAuthenticationSession(),
                            opened.getAuthorizationEndpointRequest(),
                            new ConsentRequestCheck(
                                            session,
                                            opened.getAuthenticationSession().getClient())
                                    .check(opened.getAuthorizationEndpointRequest()));
                } catch (ConsentsUnavailable unavailable) {
                    throw new ClientPolicyException(ConsentsUnavailable.ERROR, ConsentsUnavailable.DESCRIPTION);
                }
            }
            case BACKCHANNEL_AUTHENTICATION_REQUEST ->
                BackchannelRequests.of(session).check((BackchannelAuthenticationRequestContext) context);
            case BACKCHANNEL_TOKEN_REQUEST ->
                BackchannelRequests.of(session).check((BackchannelTokenRequestContext) context);
            case TOKEN_REQUEST ->
                new ConsentTokenCheck(session).check(((TokenRequestContext) context).getParseResult());
            case USERINFO_REQUEST ->
                new ConsentTokenCheck(session).check(((UserInfoRequestContext) context).getTokenForUserInfo());
            default -> {
                // other tokens are looked at where they are issued or introspected
            }
        }
    }
}
