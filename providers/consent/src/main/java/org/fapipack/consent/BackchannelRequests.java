package org.fapipack.consent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.fapipack.core.consent.AuthorizationDefect;
import org.fapipack.core.consent.ConsentActor;
import org.fapipack.core.consent.ConsentState;
import org.keycloak.OAuth2Constants;
import org.keycloak.OAuthErrorException;
import org.keycloak.common.util.Time;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.OAuth2DeviceCodeModel;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserModel;
import org.keycloak.protocol.oidc.grants.ciba.channel.CIBAAuthenticationRequest;
import org.keycloak.protocol.oidc.grants.ciba.clientpolicy.context.BackchannelAuthenticationRequestContext;
import org.keycloak.protocol.oidc.grants.ciba.clientpolicy.context.BackchannelTokenRequestContext;
import org.keycloak.protocol.oidc.grants.ciba.endpoints.request.BackchannelAuthenticationEndpointRequestParser;
import org.keycloak.services.clientpolicy.ClientPolicyException;

/**
 * Backchannel authentication requests that are for a consent, from when they are checked until there are tokens. What binds such a request to its
 * consent is in its scope, as it is in the scope of a code; the authentication device reads the id of the consent as {@code consent_id}.
 *
 * @see <a href="https://openid.net/specs/openid-client-initiated-backchannel-authentication-core-1_0.html">OpenID Connect CIBA Core 1.0</a>
 */
public final class BackchannelRequests {

    private static final String WAITING = BackchannelRequests.class.getName();

    private final KeycloakSession session;
    private final RealmModel realm;
    private final Consents consents;

    private BackchannelRequests(KeycloakSession session) {
        this.session = session;
        this.realm = session.getContext().getRealm();
        this.consents = Consents.of(session);
    }

    public static BackchannelRequests of(KeycloakSession session) {
        return new BackchannelRequests(session);
    }

    /** Whether a request with that scope was checked, and is for a consent. */
    public static boolean isForConsent(String scope) {
        return ConsentBinding.inScope(scope).isPresent();
    }

    /** What becomes of a request when its customer has agreed. */
    public enum Outcome {
        /** It goes on. */
        APPROVED,
        /** There is nothing left to agree to. */
        OVER,
        /** It is not clear to which accounts, and the device may say so once more. */
        ACCOUNTS_MISSING
    }

    /** Checks a request whose client and customer are known, and binds it to its consent. Of several for one consent, one waits. */
    void check(BackchannelAuthenticationRequestContext context) throws ClientPolicyException {
        CIBAAuthenticationRequest request = context.getParsedRequest();
        ClientModel client = request.getClient();
        ConsentRequestCheck check = new ConsentRequestCheck(session, client);
        JsonNode signed = session.getAttribute(
                BackchannelAuthenticationEndpointRequestParser.CIBA_SIGNED_AUTHENTICATION_REQUEST, JsonNode.class);
        Optional<StoredConsent> found;
        try {
            found = check.check(
                    context.getRequest(),
                    signed == null ? JsonNodeFactory.instance.objectNode() : signed,
                    context.getRequestParameters().keySet());
        } catch (ConsentsUnavailable unavailable) {
            throw new ClientPolicyException(ConsentsUnavailable.ERROR, ConsentsUnavailable.DESCRIPTION);
        }
        if (found.isEmpty()) {
            return;
        }
        StoredConsent consent = found.get();
        if (!consent.isFor(request.getUser())) {
            throw new ClientPolicyException(
                    consent.type().authorization().orElseThrow().error(AuthorizationDefect.OTHER_CUSTOMER),
                    "the consent is for somebody else");
        }
        Duration life = Duration.ofSeconds(Math.max(1, request.getExp() - Time.currentTimeSeconds()));
        if (!session.singleUseObjects().putIfAbsent(waiting(consent.id()), life.toSeconds())) {
            throw new ClientPolicyException(
                    OAuthErrorException.INVALID_REQUEST, "another request for the consent waits for the customer");
        }
        session.setAttribute(WAITING, consent.id());
        Set<String> granted = check.granted(consent, request.getScope());
        granted.add(OAuth2Constants.OFFLINE_ACCESS);
        request.setScope(ConsentBinding.scope(granted, consent.id(), nextGrant(consent)));
        request.setOtherClaims(ConsentBinding.CLAIM, consent.id());
    }

    /** Lets another request come, where the present one was refused after it was checked. */
    public void forgetRefused() {
        Optional.ofNullable(session.getAttribute(WAITING, String.class)).ifPresent(this::forget);
    }

    private void forget(String consentId) {
        session.singleUseObjects().remove(waiting(consentId));
    }

    private String waiting(String consentId) {
        return "fapi.consent-backchannel." + realm.getId() + '.' + consentId;
    }

    private static int nextGrant(StoredConsent consent) {
        return consent.grant() + (ConsentEntity.isGrant(consent.state(), ConsentState.AUTHORISED) ? 1 : 0);
    }

    /**
     * Notes that the customer of a request agreed on the device. To say the same once more has the same outcome: a node may stop between the
     * decision and Keycloak's note of it, and then the request still waits.
     *
     * @param scope of a request that is for a consent
     * @param choice the accounts that the customer agrees to, empty where that is not clear
     */
    public Outcome approve(
            ClientModel client,
            String scope,
            UserModel customer,
            Function<StoredConsent, Optional<Set<String>>> choice) {
        ConsentBinding.Grant grant = ConsentBinding.inScope(scope).orElseThrow();
        Outcome outcome = consents.find(client, grant.consentId())
                .filter(consent -> consent.isFor(customer))
                .map(consent -> approve(client, consent, grant, customer, choice))
                .orElse(Outcome.OVER);
        if (outcome != Outcome.ACCOUNTS_MISSING) {
            forget(grant.consentId());
        }
        return outcome;
    }

    private Outcome approve(
            ClientModel client,
            StoredConsent consent,
            ConsentBinding.Grant grant,
            UserModel customer,
            Function<StoredConsent, Optional<Set<String>>> choice) {
        boolean open = ConsentRequestCheck.isOpen(consent) && nextGrant(consent) == grant.number();
        Optional<Set<String>> accounts = choice.apply(consent);
        if (open && accounts.isEmpty()) {
            return Outcome.ACCOUNTS_MISSING;
        }
        if (open && consents.authorise(consent, customer, accounts.get()).isPresent()) {
            return Outcome.APPROVED;
        }
        // The same decision may be there already, also from an answer at the same time.
        return consents.find(client, consent.id())
                        .filter(now -> isDecided(now, grant, customer))
                        .filter(now -> accounts.equals(Optional.of(now.accounts())))
                        .isPresent()
                ? Outcome.APPROVED
                : Outcome.OVER;
    }

    private static boolean isDecided(StoredConsent consent, ConsentBinding.Grant grant, UserModel customer) {
        return consent.state() == ConsentState.AUTHORISED
                && consent.grant() == grant.number()
                && consent.customerId().equals(Optional.of(customer.getId()));
    }

    /** Notes that the customer of a request refused on the device. A consent that is in force stays so. */
    public void refuse(ClientModel client, String scope, UserModel customer) {
        ConsentBinding.inScope(scope).ifPresent(grant -> {
            consents.find(client, grant.consentId())
                    .filter(consent -> consent.isFor(customer) && consent.state() == ConsentState.AWAITING)
                    .ifPresent(consent ->
                            consents.move(consent, ConsentState.REJECTED, ConsentActor.CUSTOMER, customer.getId()));
            forget(grant.consentId());
        });
    }

    /** Lets another request come, because the device ended this one without a decision. */
    public void forgetUndecided(String scope) {
        ConsentBinding.inScope(scope).ifPresent(grant -> forget(grant.consentId()));
    }

    /** Checks a request for tokens. The consent it is for is that of the token request from now on. */
    void check(BackchannelTokenRequestContext context) throws ClientPolicyException {
        CIBAAuthenticationRequest request = context.getParsedRequest();
        ClientModel client = session.getContext().getClient();
        Optional<ConsentBinding.Grant> grant = ConsentBinding.inScope(request.getScope());
        if (grant.isEmpty()) {
            return;
        }
        ConsentBinding.demand(session);
        // In this order: what is decided on the consent comes first.
        if (!isApproved(request) || ConsentedTokens.of(session).isInForce(client, grant.get())) {
            return; // Keycloak knows what else there is to say
        }
        throw new ClientPolicyException(OAuthErrorException.INVALID_GRANT, "the consent is not in force");
    }

    /** What the customer decides is in the database before Keycloak's store says so. */
    private boolean isApproved(CIBAAuthenticationRequest request) {
        Map<String, String> kept = session.singleUseObjects().get(OAuth2DeviceCodeModel.createKey(request.getId()));
        if (kept == null) {
            return false;
        }
        OAuth2DeviceCodeModel device = OAuth2DeviceCodeModel.fromCache(realm, request.getId(), kept);
        return !device.isPending() && !device.isDenied() && !device.isExpired();
    }
}
