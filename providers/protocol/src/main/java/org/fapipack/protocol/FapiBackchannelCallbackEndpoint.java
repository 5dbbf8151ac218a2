package org.fapipack.protocol;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Map;
import java.util.Optional;
import org.fapipack.consent.BackchannelRequests;
import org.fapipack.consent.page.DeviceAccounts;
import org.keycloak.OAuthErrorException;
import org.keycloak.events.EventBuilder;
import org.keycloak.models.CibaConfig;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.OAuth2DeviceCodeModel;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.models.utils.KeycloakModelUtils;
import org.keycloak.protocol.oidc.grants.ciba.channel.AuthenticationChannelResponse;
import org.keycloak.protocol.oidc.grants.ciba.channel.AuthenticationChannelResponse.Status;
import org.keycloak.protocol.oidc.grants.ciba.endpoints.BackchannelAuthenticationCallbackEndpoint;
import org.keycloak.protocol.oidc.grants.device.endpoints.DeviceEndpoint;
import org.keycloak.representations.AccessToken;
import org.keycloak.services.ErrorResponseException;

/**
 * The stock endpoint for authentication devices. Where a request is for a consent, what the customer decides on the device is the decision on the
 * consent, made before the client learns of it.
 */
public class FapiBackchannelCallbackEndpoint extends BackchannelAuthenticationCallbackEndpoint {

    /** What the device says the customer chose: ids, as a text that is a JSON array. */
    private static final String ACCOUNTS = "accounts";

    private String credential;
    private boolean isForConsent;

    FapiBackchannelCallbackEndpoint(KeycloakSession session, EventBuilder event) {
        super(session, event);
    }

    @Override
    protected String getRawBearerToken(HttpHeaders headers, AuthenticationChannelResponse response) {
        credential = super.getRawBearerToken(headers, response);
        return credential;
    }

    /**
     * Keycloak calls this when it has verified the credential. What is decided on a consent is committed at once: a client that is told of it may
     * ask for tokens before this request ends.
     */
    @Override
    protected Status preApprove(AuthenticationChannelResponse response) {
        Status status = super.preApprove(response);
        AccessToken device = session.tokens().decode(credential, AccessToken.class);
        String scope = DeviceEndpoint.getDeviceByUserCode(session, realm, device.getId())
                .getScope();
        isForConsent = BackchannelRequests.isForConsent(scope);
        return isForConsent
                ? KeycloakModelUtils.runJobInTransactionWithResult(
                        session.getKeycloakSessionFactory(),
                        session.getContext(),
                        decision -> decide(decision, scope, device.getSubject(), status, response),
                        "decision on a consent")
                : status;
    }

    private static Status decide(
            KeycloakSession session,
            String scope,
            String customerId,
            Status status,
            AuthenticationChannelResponse response) {
        RealmModel realm = session.getContext().getRealm();
        ClientModel client = session.getContext().getClient();
        UserModel customer = session.users().getUserById(realm, customerId);
        BackchannelRequests requests = BackchannelRequests.of(session);
        if (customer == null || status == Status.UNAUTHORIZED) {
            requests.forgetUndecided(scope);
            return Status.UNAUTHORIZED;
        }
        if (status == Status.CANCELLED) {
            requests.refuse(client, scope, customer);
            return status;
        }
        return switch (requests.approve(
                client,
                scope,
                customer,
                consent -> DeviceAccounts.of(
                        realm,
                        customer,
                        consent,
                        Optional.ofNullable(response.getAdditionalParams())
                                .map((Map<String, String> said) -> said.get(ACCOUNTS))))) {
            case APPROVED -> status;
            case OVER -> Status.UNAUTHORIZED;
            case ACCOUNTS_MISSING ->
                throw new ErrorResponseException(
                        OAuthErrorException.INVALID_REQUEST,
                        "'accounts' must have the accounts that the customer chose, as a JSON array",
                        Response.Status.BAD_REQUEST);
        };
    }

    /** What was decided on a consent holds, and the device is done, also where the client cannot be told: it can ask. */
    @Override
    protected void sendClientNotificationRequest(ClientModel client, CibaConfig config, OAuth2DeviceCodeModel request) {
        try {
            super.sendClientNotificationRequest(client, config, request);
        } catch (ErrorResponseException notTold) {
            if (!isForConsent) {
                throw notTold;
            }
        }
    }
}
