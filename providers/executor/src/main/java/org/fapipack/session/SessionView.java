package org.fapipack.session;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.keycloak.models.KeycloakContext;
import org.keycloak.models.KeycloakSession;

/** A Keycloak session that answers one of its methods differently; all else goes to the session that was given. */
public final class SessionView {

    private SessionView() {}

    /**
     * A view of a session.
     *
     * @param method name of a method of {@link KeycloakSession} without parameters
     * @param answer what the view answers to it, of the method's type
     */
    public static KeycloakSession with(KeycloakSession session, String method, Object answer) {
        return view(KeycloakSession.class, session, method, answer);
    }

    /**
     * A view of a session whose context answers one of its methods differently.
     *
     * @param method name of a method of {@link KeycloakContext} without parameters
     * @param answer what the context answers to it, of the method's type
     */
    public static KeycloakSession withContext(KeycloakSession session, String method, Object answer) {
        return with(session, "getContext", view(KeycloakContext.class, session.getContext(), method, answer));
    }

    private static <T> T view(Class<T> type, T target, String method, Object answer) {
        return type.cast(Proxy.newProxyInstance(
                SessionView.class.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
                    if (called.getName().equals(method) && called.getParameterCount() == 0) {
                        return answer;
                    }
                    try {
                        return called.invoke(target, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }
}
