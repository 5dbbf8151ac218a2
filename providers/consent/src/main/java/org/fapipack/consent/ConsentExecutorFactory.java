package org.fapipack.consent;

import java.util.List;
import java.util.Optional;
import org.fapipack.core.consent.ConsentType;
import org.fapipack.core.consent.InvalidConsentType;
import org.fapipack.executor.PackExecutorFactory;
import org.fapipack.executor.Setting;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.services.clientpolicy.executor.ClientPolicyExecutorProvider;

/** Factory of {@link ConsentExecutor}. */
public final class ConsentExecutorFactory extends PackExecutorFactory {

    /** Provider id. */
    public static final String ID = "fapi-consent";

    private static final Logger LOG = Logger.getLogger(ConsentExecutorFactory.class);

    static final Setting<List<ConsentType>> CONSENT_TYPES = Setting.document(
            "consent-types",
            "Types of consent",
            "A JSON array that describes each type of consent of the ecosystem: its path, words, permissions and life. The server's log "
                    + "says what is wrong with one that is refused.",
            "[]",
            ConsentExecutorFactory::parse);

    static final List<Setting<?>> SETTINGS = List.of(CONSENT_TYPES);

    public ConsentExecutorFactory() {
        super(ID, ConsentExecutor.EVENTS, """
                Lets clients under this policy lodge, read and revoke consents at /realms/{realm}/fapi-consents, with an access token from \
                the client credentials grant that is bound to its sender.""", SETTINGS);
    }

    @Override
    public ClientPolicyExecutorProvider<?> create(KeycloakSession session) {
        return new ConsentExecutor(session);
    }

    private static Optional<List<ConsentType>> parse(String json) {
        try {
            return Optional.of(ConsentType.readAll(json));
        } catch (InvalidConsentType invalid) {
            LOG.warnf("Client policy executor %s: %s", ID, invalid.getMessage());
            return Optional.empty();
        }
    }
}
