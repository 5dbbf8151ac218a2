package org.fapipack.interactionid;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.HashMap;
import java.util.Map;
import org.keycloak.events.Event;
import org.keycloak.events.EventListenerProvider;
import org.keycloak.events.EventStoreProvider;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;

/**
 * A session whose events have the id of the request, for endpoints of Keycloak that make their events themselves. Keycloak writes an error down in a
 * session of its own, which it has from the factory.
 */
final class EventsWithId {

    private EventsWithId() {}

    static KeycloakSession in(KeycloakSession session, String id) {
        return proxy(KeycloakSession.class, (called, arguments) -> switch (called.getName()) {
            case "getProvider" -> provider(invoke(called, session, arguments), id);
            case "getKeycloakSessionFactory" -> factory(session.getKeycloakSessionFactory(), id);
            default -> invoke(called, session, arguments);
        });
    }

    private static KeycloakSessionFactory factory(KeycloakSessionFactory factory, String id) {
        return proxy(KeycloakSessionFactory.class, (called, arguments) -> {
            Object answer = invoke(called, factory, arguments);
            return answer instanceof KeycloakSession made ? in(made, id) : answer;
        });
    }

    private static Object provider(Object provider, String id) {
        if (provider instanceof EventStoreProvider store) {
            return proxy(EventStoreProvider.class, (called, arguments) -> noted(called, store, arguments, id));
        }
        if (provider instanceof EventListenerProvider listener) {
            return proxy(EventListenerProvider.class, (called, arguments) -> noted(called, listener, arguments, id));
        }
        return provider;
    }

    private static Object noted(Method called, Object target, Object[] arguments, String id) throws Throwable {
        if (arguments != null && arguments[0] instanceof Event event) {
            Map<String, String> details =
                    event.getDetails() == null ? new HashMap<>() : new HashMap<>(event.getDetails());
            details.put(InteractionId.DETAIL, id);
            event.setDetails(details);
        }
        return invoke(called, target, arguments);
    }

    @FunctionalInterface
    private interface Answer {
        Object to(Method called, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Answer answer) {
        InvocationHandler handler = (proxy, called, arguments) -> answer.to(called, arguments);
        return type.cast(Proxy.newProxyInstance(EventsWithId.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object invoke(Method called, Object target, Object[] arguments) throws Throwable {
        try {
            return called.invoke(target, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }
}
