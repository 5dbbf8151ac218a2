package org.fapipack.introspection;

import static org.fapipack.introspection.SignedIntrospectionExecutorFactory.ALGORITHMS;
import static org.fapipack.introspection.SignedIntrospectionExecutorFactory.OTHER_CLIENTS;
import static org.fapipack.introspection.SignedIntrospectionExecutorFactory.REFUSE;
import static org.fapipack.introspection.SignedIntrospectionExecutorFactory.SIGNED_RESPONSE_REQUIRED;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.fapipack.executor.ExecutorConfiguration;
import org.fapipack.executor.PackExecutor;
import org.fapipack.introspection.SignedIntrospectionExecutor.Configuration;
import org.keycloak.models.KeycloakSession;
import org.keycloak.representations.idm.ClientRepresentation;
import org.keycloak.services.clientpolicy.ClientPolicyContext;
import org.keycloak.services.clientpolicy.ClientPolicyEvent;
import org.keycloak.services.clientpolicy.ClientPolicyException;
import org.keycloak.services.clientpolicy.context.ClientCRUDContext;

/**
 * Puts a client's introspection requests under RFC 9701 and FAPI rules.
 *
 * <p>Acts on TOKEN_INTROSPECT, where it only says which rules hold: Keycloak turns every error thrown there into
 * {@code invalid_request}, so the introspection provider refuses with the right status itself. Acts on REGISTER and UPDATE: a
 * resource server that names no algorithm gets the default, unusable metadata is refused with {@code invalid_client_metadata}.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9701.html#section-6">RFC 9701 section 6</a>
 */
final class SignedIntrospectionExecutor extends PackExecutor<Configuration> {

    /** Those that {@link #enforce} does something at. */
    static final Set<ClientPolicyEvent> EVENTS =
            Set.of(ClientPolicyEvent.TOKEN_INTROSPECT, ClientPolicyEvent.REGISTER, ClientPolicyEvent.UPDATE);

    private static final String INVALID_CLIENT_METADATA = "invalid_client_metadata";
    private static final String RULES = SignedIntrospectionRules.class.getName();

    /** The settings; see {@link SignedIntrospectionExecutorFactory}. */
    static final class Configuration extends ExecutorConfiguration {
        Configuration() {
            super(SignedIntrospectionExecutorFactory.ID, SignedIntrospectionExecutorFactory.SETTINGS);
        }

        @Override
        protected Optional<String> contradiction() {
            return ALGORITHMS.contradiction(this);
        }

        SignedIntrospectionRules rules() {
            return new SignedIntrospectionRules(
                    get(ALGORITHMS.allowed()),
                    get(ALGORITHMS.preferred()),
                    get(SIGNED_RESPONSE_REQUIRED),
                    REFUSE.equals(get(OTHER_CLIENTS)));
        }
    }

    private final KeycloakSession session;

    SignedIntrospectionExecutor(KeycloakSession session) {
        super(SignedIntrospectionExecutorFactory.ID, EVENTS, Configuration.class, new Configuration());
        this.session = session;
    }

    /** The rules that hold for the introspection request being served; empty when no policy with this executor applies. */
    static Optional<SignedIntrospectionRules> rulesOfRequest(KeycloakSession session) {
        return Optional.ofNullable(session.getAttribute(RULES, SignedIntrospectionRules.class));
    }

    @Override
    protected void enforce(ClientPolicyContext context, Configuration settings) throws ClientPolicyException {
        switch (context.getEvent()) {
            case TOKEN_INTROSPECT ->
                session.setAttribute(
                        RULES,
                        rulesOfRequest(session)
                                .map(known -> known.and(settings.rules()))
                                .orElse(settings.rules()));
            case REGISTER, UPDATE ->
                checkMetadata(((ClientCRUDContext) context).getProposedClientRepresentation(), settings.rules());
            default -> {
                // no other event concerns a resource server's introspection
            }
        }
    }

    private static void checkMetadata(ClientRepresentation client, SignedIntrospectionRules rules)
            throws ClientPolicyException {
        Map<String, String> attributes = client.getAttributes() == null ? new HashMap<>() : client.getAttributes();
        if (!ResourceServerMetadata.isResourceServer(attributes::get)) {
            return;
        }
        try {
            ResourceServerMetadata metadata = ResourceServerMetadata.read(attributes::get, rules);
            attributes.put(ResourceServerMetadata.SIGNED_RESPONSE_ALG, metadata.signedResponseAlg());
            client.setAttributes(attributes);
        } catch (InvalidResourceServerMetadata invalid) {
            throw new ClientPolicyException(INVALID_CLIENT_METADATA, invalid.getMessage());
        }
    }
}
