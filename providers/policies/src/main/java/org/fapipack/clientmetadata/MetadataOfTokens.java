package org.fapipack.clientmetadata;

import java.util.Optional;
import org.fapipack.executor.RulesInForce;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;

/**
 * What {@link ClientMetadataExecutor} demands of a client that asks for tokens. A client that was saved before the policy is found when it pushes an
 * authorization request, but not every grant begins with one, and a refresh token may come from one of before.
 */
public final class MetadataOfTokens {

    private MetadataOfTokens() {}

    /** The first defect of what a client registered about its tokens; empty when it has not opted in. Its keys are judged where they are used. */
    public static Optional<String> firstDefect(KeycloakSession session, ClientModel client) {
        return RulesInForce.find(session, client, ClientMetadataRules.class)
                .flatMap(rules -> rules.firstDefectOfTokens(
                                client::getAttribute, ClientMetadataExecutor.defaultAlgorithm(session))
                        .or(() -> ClientMetadataExecutor.fullScopeDefect(client)));
    }
}
