package org.fapipack.jarm;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.fapipack.executor.RealmPolicies;
import org.keycloak.models.KeycloakSession;

/**
 * A Keycloak session whose {@link KeycloakSession#tokens()} encodes JARM responses by the rules of {@link JarmExecutor}.
 *
 * <p>Keycloak builds authorization responses in static code that reaches for {@code session.tokens()}, which is no provider and so
 * cannot be replaced; handing that code another session is the one seam. All else goes to the session that was given.
 */
public final class JarmSession {

    private JarmSession() {}

    /** The session to build authorization responses with: a wrapped one when the realm's policies use JARM rules, else the given one. */
    public static KeycloakSession of(KeycloakSession session) {
        if (!RealmPolicies.mention(session, session.getContext().getRealm(), JarmExecutorFactory.ID)) {
            return session;
        }
        JarmTokenManager tokens = new JarmTokenManager(session);
        return (KeycloakSession) Proxy.newProxyInstance(
                JarmSession.class.getClassLoader(),
                new Class<?>[] {KeycloakSession.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("tokens")) {
                        return tokens;
                    }
                    try {
                        return method.invoke(session, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
