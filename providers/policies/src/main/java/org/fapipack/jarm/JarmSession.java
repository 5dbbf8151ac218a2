package org.fapipack.jarm;

import java.util.Optional;
import java.util.function.Supplier;
import org.fapipack.executor.RealmPolicies;
import org.fapipack.executor.RulesInForce;
import org.fapipack.session.SessionView;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * A Keycloak session whose {@link KeycloakSession#tokens()} encodes JARM responses by the rules of {@link JarmExecutor}.
 *
 * <p>Keycloak builds authorization responses in static code that reaches for {@code session.tokens()}, which is no provider and so
 * cannot be replaced; handing that code another session is the one seam. All else goes to the session that was given.
 */
public final class JarmSession {

    private JarmSession() {}

    /**
     * The session to build the answer of one authorization with: by the rules that were in force when it began, else by those in
     * force now.
     */
    public static KeycloakSession of(KeycloakSession session, AuthenticationSessionModel authSession) {
        Optional<JarmRules> kept = JarmRules.keptWith(authSession);
        return kept.isPresent() ? with(session, () -> kept) : of(session);
    }

    /** The session to build answers with where no authorization has begun; the given one when no policy of the realm uses JARM rules. */
    public static KeycloakSession of(KeycloakSession session) {
        return isUsedIn(session) ? with(session, () -> rules(session)) : session;
    }

    /** Whether JARM rules are in force for the client. */
    public static boolean concerns(KeycloakSession session, ClientModel client) {
        return isUsedIn(session)
                && RulesInForce.find(session, client, JarmRules.class).isPresent();
    }

    private static boolean isUsedIn(KeycloakSession session) {
        return RealmPolicies.mention(session, session.getContext().getRealm(), JarmExecutorFactory.ID);
    }

    /** The rules for the client of the request, who may change while the request is served. */
    private static Optional<JarmRules> rules(KeycloakSession session) {
        AuthenticationSessionModel authSession = session.getContext().getAuthenticationSession();
        Optional<JarmRules> kept = authSession == null ? Optional.empty() : JarmRules.keptWith(authSession);
        ClientModel client = session.getContext().getClient();
        return kept.or(() -> client == null ? Optional.empty() : RulesInForce.find(session, client, JarmRules.class));
    }

    private static KeycloakSession with(KeycloakSession session, Supplier<Optional<JarmRules>> rules) {
        return SessionView.with(session, "tokens", new JarmTokenManager(session, rules));
    }
}
