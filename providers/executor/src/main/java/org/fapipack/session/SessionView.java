package org.fapipack.session;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.keycloak.models.KeycloakContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.provider.Provider;

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
        return view(KeycloakSession.class, session, named(method), arguments -> answer);
    }

    /**
     * A view of a session whose context answers one of its methods differently.
     *
     * @param method name of a method of {@link KeycloakContext} without parameters
     * @param answer what the context answers to it, of the method's type
     */
    public static KeycloakSession withContext(KeycloakSession session, String method, Object answer) {
        return with(
                session,
                "getContext",
                view(KeycloakContext.class, session.getContext(), named(method), arguments -> answer));
    }

    /** A view of a session whose providers of one type, asked for by id, come decorated. */
    public static <T extends Provider> KeycloakSession withEach(
            KeycloakSession session, Class<T> type, UnaryOperator<T> decorator) {
        return view(
                KeycloakSession.class,
                session,
                (called, arguments) -> called.getName().equals("getProvider")
                        && called.getParameterCount() == 2
                        && type.equals(arguments[0])
                        && arguments[1] instanceof String,
                arguments -> {
                    T provider = session.getProvider(type, (String) arguments[1]);
                    return provider == null ? null : decorator.apply(provider);
                });
    }

    private static BiPredicate<Method, Object[]> named(String method) {
        return (called, arguments) -> called.getName().equals(method) && called.getParameterCount() == 0;
    }

    private static <T> T view(
            Class<T> type, T target, BiPredicate<Method, Object[]> differs, Function<Object[], Object> answer) {
        return type.cast(Proxy.newProxyInstance(
                SessionView.class.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
                    if (differs.test(called, arguments)) {
                        return answer.apply(arguments);
                    }
                    try {
                        return called.invoke(target, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                }));
    }
}
