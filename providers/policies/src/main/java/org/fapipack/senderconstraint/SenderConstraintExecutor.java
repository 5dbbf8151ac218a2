package org.fapipack.senderconstraint;

import static org.fapipack.senderconstraint.SenderConstraintExecutorFactory.ALLOWED_ALGORITHMS;
import static org.fapipack.senderconstraint.SenderConstraintExecutorFactory.ALLOWED_METHODS;
import static org.fapipack.senderconstraint.SenderConstraintExecutorFactory.CLOCK_SKEW_SECONDS;
import static org.fapipack.senderconstraint.SenderConstraintExecutorFactory.MAX_AGE_SECONDS;
import static org.fapipack.senderconstraint.SenderConstraintExecutorFactory.MUTUAL_TLS_HOST;
import static org.fapipack.senderconstraint.SenderConstraintExecutorFactory.NONCE;
import static org.fapipack.senderconstraint.SenderConstraintExecutorFactory.NONCE_LIFETIME_SECONDS;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.fapipack.core.dpop.DpopProofRules;
import org.fapipack.executor.ExecutorConfiguration;
import org.fapipack.executor.PackExecutor;
import org.fapipack.executor.RulesInForce;
import org.fapipack.senderconstraint.SenderConstraintExecutor.Configuration;
import org.keycloak.protocol.oidc.OIDCAdvancedConfigWrapper;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.context.ClientCRUDContext;

/**
 * Puts a client's tokens under FAPI rules for sender constraint.
 *
 * <p>Acts on REGISTER and UPDATE: a client that registered no allowed method gets the only one there is, or is refused with
 * {@code invalid_client_metadata}. At run time {@link SenderConstraint} asks for the rules: policy events come after the code was consumed,
 * and their errors are rewritten.
 *
 * @see <a href="https://openid.net/specs/fapi-security-profile-2_0-final.html#section-5.3.2.1">FAPI 2.0 Security Profile 5.3.2.1</a>
 */
final class SenderConstraintExecutor extends PackExecutor<Configuration> {

    /** Those that {@link #enforce} does something at. */
    static final Set<ClientPolicyEvent> EVENTS = Set.of(ClientPolicyEvent.REGISTER, ClientPolicyEvent.UPDATE);

    /** The settings; see {@link SenderConstraintExecutorFactory}. */
    static final class Configuration extends ExecutorConfiguration {
        Configuration() {
            super(SenderConstraintExecutorFactory.ID, SenderConstraintExecutorFactory.SETTINGS);
        }

        /** Empty where none is set. */
        String mutualTlsHost() {
            return get(MUTUAL_TLS_HOST);
        }

        SenderConstraintRules rules() {
            return new SenderConstraintRules(
                    get(ALLOWED_METHODS),
                    new DpopProofRules(
                            get(ALLOWED_ALGORITHMS),
                            Duration.ofSeconds(get(MAX_AGE_SECONDS)),
                            Duration.ofSeconds(get(CLOCK_SKEW_SECONDS))),
                    new NonceRules(
                            NonceRules.Mode.valueOf(get(NONCE).toUpperCase(Locale.ROOT)),
                            Duration.ofSeconds(get(NONCE_LIFETIME_SECONDS))));
        }
    }

    SenderConstraintExecutor() {
        super(SenderConstraintExecutorFactory.ID, EVENTS, Configuration.class, new Configuration());
    }

    @Override
    protected void contribute(RulesInForce question, Configuration settings) {
        question.add(SenderConstraintRules.class, settings.rules());
    }

    @Override
    protected void enforce(ClientPolicyContext context, Configuration settings) throws ClientPolicyException {
        switch (context.getEvent()) {
            case REGISTER, UPDATE ->
                checkMetadata(
                        ((ClientCRUDContext) context).getProposedClientRepresentation(), settings.get(ALLOWED_METHODS));
            default -> {
                // what is checked at run time cannot wait for an event
            }
        }
    }

    private static void checkMetadata(ClientRepresentation representation, List<String> allowed)
            throws ClientPolicyException {
        OIDCAdvancedConfigWrapper client = OIDCAdvancedConfigWrapper.fromClientRepresentation(representation);
        boolean dpop = client.isUseDPoP() && allowed.contains(SenderConstraintExecutorFactory.DPOP);
        boolean mutualTls = client.isUseMtlsHokToken() && allowed.contains(SenderConstraintExecutorFactory.MUTUAL_TLS);
        if (dpop || mutualTls) {
            spellAsConditionsDo(client);
            return;
        }
        if (allowed.size() > 1) {
            throw new ClientPolicyException(
                    "invalid_client_metadata",
                    "the client must register dpop_bound_access_tokens or tls_client_certificate_bound_access_tokens");
        }
        client.setUseDPoP(allowed.contains(SenderConstraintExecutorFactory.DPOP));
        client.setUseMtlsHoKToken(allowed.contains(SenderConstraintExecutorFactory.MUTUAL_TLS));
    }

    /** Keycloak takes any case for {@code true}, a policy's condition does not: who spells it otherwise would leave the policy, still bound. */
    private static void spellAsConditionsDo(OIDCAdvancedConfigWrapper client) {
        if (client.isUseDPoP()) {
            client.setUseDPoP(true);
        }
        if (client.isUseMtlsHokToken()) {
            client.setUseMtlsHoKToken(true);
        }
    }
}
