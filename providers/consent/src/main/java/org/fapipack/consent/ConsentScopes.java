package org.fapipack.consent;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.fapipack.core.consent.ConsentAuthorization;
import org.fapipack.session.SessionView;
import org.keycloak.models.ClientModel;
import org.keycloak.models.ClientScopeModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.cache.CachedRealmModel;
import org.keycloak.models.delegate.ClientModelLazyDelegate;

/**
 * Lets a request name its consent in a scope. Keycloak refuses scopes that a client does not have, but asks the client last about each of them;
 * a client seen through here says that scopes that name a consent are its own. What they name is checked by {@link ConsentRequestCheck}.
 */
public final class ConsentScopes {

    private ConsentScopes() {}

    /** The client as Keycloak's check of scopes is to see it; the given one where its types of consent name none in a scope. */
    public static ClientModel of(KeycloakSession session, ClientModel client) {
        return client != null
                        && Consents.of(session).typesOf(client).stream()
                                .flatMap(type -> type.authorization().stream())
                                .anyMatch(authorization ->
                                        authorization.reference().isScope())
                ? new Client(session, client)
                : client;
    }

    /** A session whose realm finds clients as {@link #of} has them; the given one where the realm does not use consents. */
    public static KeycloakSession of(KeycloakSession session) {
        return Consents.areUsedIn(session)
                ? SessionView.withContext(
                        session, "getRealm", realm(session, session.getContext().getRealm()))
                : session;
    }

    private static RealmModel realm(KeycloakSession session, RealmModel realm) {
        Class<?> type = realm instanceof CachedRealmModel ? CachedRealmModel.class : RealmModel.class;
        return (RealmModel) Proxy.newProxyInstance(
                ConsentScopes.class.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
                    try {
                        Object answer = called.invoke(realm, arguments);
                        return called.getName().equals("getClientByClientId")
                                ? of(session, (ClientModel) answer)
                                : answer;
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    private static final class Client extends ClientModelLazyDelegate {

        private final KeycloakSession session;
        private final ClientModel client;

        Client(KeycloakSession session, ClientModel client) {
            super(() -> client);
            this.session = session;
            this.client = client;
        }

        @Override
        public ClientScopeModel getParameterizedClientScope(String scope) {
            boolean namesConsent = Consents.of(session).typesOf(client).stream()
                    .flatMap(type -> type.authorization().stream())
                    .map(ConsentAuthorization::reference)
                    .anyMatch(reference -> reference.isIn(scope));
            return namesConsent ? client : super.getParameterizedClientScope(scope);
        }
    }
}
