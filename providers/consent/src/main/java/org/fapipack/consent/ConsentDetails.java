package org.fapipack.consent;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.fapipack.core.consent.ConsentAuthorization;
import org.fapipack.core.consent.ConsentReference;
import org.keycloak.Config;
import org.keycloak.models.ClientModel;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.KeycloakSessionFactory;
import org.keycloak.models.UserSessionModel;
import org.keycloak.protocol.oidc.rar.AuthorizationDetailsProcessor;
import org.keycloak.protocol.oidc.rar.AuthorizationDetailsProcessorFactory;
import org.keycloak.representations.AuthorizationDetailsJSONRepresentation;
import org.keycloak.util.AuthorizationDetailsParser;

/**
 * Lets a request name its consent in authorization details. Keycloak knows a type of details by the id of a provider, which is fixed when the server
 * starts; a session seen through here has a provider for each type that the consents of the client name. What they name is checked by
 * {@link ConsentRequestCheck}; what tokens carry is the type and the consent, nothing else that the client sent.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9396.html">RFC 9396</a>
 */
public final class ConsentDetails {

    private ConsentDetails() {}

    /** What tokens for a consent say, where its type is named in authorization details. */
    public static Optional<AuthorizationDetailsJSONRepresentation> granted(StoredConsent consent) {
        return consent.type()
                .authorization()
                .map(ConsentAuthorization::reference)
                .filter(ConsentReference::isDetails)
                .map(reference -> {
                    AuthorizationDetailsJSONRepresentation granted = new AuthorizationDetailsJSONRepresentation();
                    granted.setType(reference.name());
                    reference.detail(consent.id()).forEach(granted::setCustomData);
                    return granted;
                });
    }

    /** The session to hand to Keycloak's endpoints; the given one where the realm does not use consents. */
    public static KeycloakSession of(KeycloakSession session) {
        if (!Consents.areUsedIn(session)) {
            return session;
        }
        KeycloakSessionFactory factory = proxy(
                KeycloakSessionFactory.class,
                session.getKeycloakSessionFactory(),
                (called, arguments) -> isForProcessors(called, "getProviderFactoriesStream", arguments)
                        ? Optional.of(withOurs(session))
                        : Optional.empty());
        return proxy(KeycloakSession.class, session, (called, arguments) -> {
            if (called.getName().equals("getKeycloakSessionFactory")) {
                return Optional.of(factory);
            }
            return isForProcessors(called, "getProvider", arguments) && arguments.length == 2
                    ? Optional.ofNullable(ours(session).get(String.valueOf(arguments[1])))
                    : Optional.empty();
        });
    }

    @FunctionalInterface
    private interface Answer {
        Optional<?> to(Method called, Object[] arguments);
    }

    private static <T> T proxy(Class<T> type, T target, Answer answer) {
        InvocationHandler handler = (proxy, called, arguments) -> {
            Optional<?> own = answer.to(called, arguments);
            if (own.isPresent()) {
                return own.get();
            }
            try {
                return called.invoke(target, arguments);
            } catch (InvocationTargetException thrown) {
                throw thrown.getCause();
            }
        };
        return type.cast(Proxy.newProxyInstance(ConsentDetails.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static boolean isForProcessors(Method called, String name, Object[] arguments) {
        return called.getName().equals(name)
                && arguments != null
                && arguments.length > 0
                && arguments[0] == AuthorizationDetailsProcessor.class;
    }

    private static Stream<?> withOurs(KeycloakSession session) {
        return Stream.concat(
                session.getKeycloakSessionFactory().getProviderFactoriesStream(AuthorizationDetailsProcessor.class),
                ours(session).values().stream().map(Factory::new));
    }

    private static Map<String, Processor> ours(KeycloakSession session) {
        Map<String, Processor> processors = new LinkedHashMap<>();
        ClientModel client = session.getContext().getClient();
        if (client != null) {
            Consents.of(session).typesOf(client).stream()
                    .flatMap(type -> type.authorization().stream())
                    .map(authorization -> authorization.reference())
                    .filter(ConsentReference::isDetails)
                    .forEach(reference -> {
                        // Keycloak reads details of a type only with a parser that was registered for it, and has one
                        // place for all realms.
                        AuthorizationDetailsParser.PARSERS.putIfAbsent(reference.name(), AsItIs.PARSER);
                        processors.put(reference.name(), new Processor(session, reference));
                    });
        }
        return processors;
    }

    /** The members of our details are not typed. */
    private enum AsItIs implements AuthorizationDetailsParser {
        PARSER;

        @Override
        public <T extends AuthorizationDetailsJSONRepresentation> T asSubtype(
                AuthorizationDetailsJSONRepresentation detail, Class<T> type) {
            return type.cast(detail);
        }
    }

    private record Factory(Processor processor) implements AuthorizationDetailsProcessorFactory {

        @Override
        public AuthorizationDetailsProcessor<?> create(KeycloakSession session) {
            return processor;
        }

        @Override
        public String getId() {
            return processor.getSupportedType();
        }

        @Override
        public void init(Config.Scope config) {
            // nothing to set
        }
    }

    private record Processor(KeycloakSession session, ConsentReference reference)
            implements AuthorizationDetailsProcessor<AuthorizationDetailsJSONRepresentation> {

        @Override
        public boolean isSupported() {
            return true;
        }

        @Override
        public String getSupportedType() {
            return reference.name();
        }

        @Override
        public Class<AuthorizationDetailsJSONRepresentation> getSupportedResponseJavaType() {
            return AuthorizationDetailsJSONRepresentation.class;
        }

        @Override
        public AuthorizationDetailsJSONRepresentation validateAuthorizationDetail(
                AuthorizationDetailsJSONRepresentation detail) {
            return detail;
        }

        @Override
        public AuthorizationDetailsJSONRepresentation process(
                UserSessionModel userSession,
                ClientSessionContext context,
                AuthorizationDetailsJSONRepresentation detail) {
            return granted();
        }

        @Override
        public List<AuthorizationDetailsJSONRepresentation> handleMissingAuthorizationDetails(
                UserSessionModel userSession, ClientSessionContext context) {
            return Optional.ofNullable(granted()).map(List::of).orElse(List.of());
        }

        /** What is stored with the client's session may be of another of its requests: only the consent of the code counts. */
        @Override
        public AuthorizationDetailsJSONRepresentation processStoredAuthorizationDetails(
                UserSessionModel userSession,
                ClientSessionContext context,
                AuthorizationDetailsJSONRepresentation detail) {
            return granted();
        }

        private AuthorizationDetailsJSONRepresentation granted() {
            return ConsentBinding.ofRequest(session)
                    .flatMap(ConsentDetails::granted)
                    .filter(granted -> reference.name().equals(granted.getType()))
                    .orElse(null);
        }

        @Override
        public void afterAuthorizationDetailsProcessed(
                UserSessionModel userSession,
                ClientSessionContext context,
                AuthorizationDetailsJSONRepresentation granted) {
            // nothing depends on it
        }

        @Override
        public void close() {
            // nothing to release
        }
    }
}
