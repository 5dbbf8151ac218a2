package org.fapipack.par;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.keycloak.OAuth2Constants;
import org.keycloak.models.ClientModel;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.SingleUseObjectProvider;
import org.keycloak.protocol.oidc.par.endpoints.ParEndpoint;

/**
 * Keycloak's single-use store, except for a request that a client with rules pushes: it lives no longer than the rules allow, holds no
 * credential, and its owner is noted beside it, because Keycloak's own entry names neither realm nor client.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9126.html#section-7">RFC 9126 section 7</a>
 */
final class PushedRequestStore implements SingleUseObjectProvider {

    private static final String OWNER = "fapi.par.owner:";
    private static final String REALM = "realm";
    private static final String CLIENT = "client";

    /** Not needed any more once the client is authenticated. */
    private static final Set<String> CREDENTIALS = Set.of(
            OAuth2Constants.CLIENT_ASSERTION, OAuth2Constants.CLIENT_ASSERTION_TYPE, OAuth2Constants.CLIENT_SECRET);

    private final KeycloakSession session;
    private final SingleUseObjectProvider store;

    PushedRequestStore(KeycloakSession session) {
        this.session = session;
        this.store = session.singleUseObjects();
    }

    /** Whether a {@code request_uri} was pushed by this client, and has not expired; empty when nobody with rules pushed it. */
    static Optional<Boolean> isPushedBy(KeycloakSession session, ClientModel client, String requestUri) {
        return Optional.ofNullable(session.singleUseObjects().get(OWNER + id(requestUri)))
                .map(owner -> client.getId().equals(owner.get(CLIENT))
                        && client.getRealm().getId().equals(owner.get(REALM)));
    }

    /** Whether the pushed request is still there; it goes when it is used, and when it expires. */
    static boolean holds(KeycloakSession session, String requestUri) {
        return session.singleUseObjects().get(ParEndpoint.CACHE_KEY_PREFIX + id(requestUri)) != null;
    }

    private static String id(String requestUri) {
        return requestUri.substring(ParEndpoint.REQUEST_URI_PREFIX_LENGTH);
    }

    @Override
    public void put(String key, long lifespanSeconds, Map<String, String> notes) {
        ClientModel client = session.getContext().getClient();
        Optional<PushedAuthorization> strict = key.startsWith(ParEndpoint.CACHE_KEY_PREFIX) && client != null
                ? PushedAuthorization.of(session, client)
                : Optional.empty();
        if (strict.isEmpty()) {
            store.put(key, lifespanSeconds, notes);
            return;
        }
        long seconds = strict.get().lifetimeSeconds(lifespanSeconds);
        Map<String, String> withoutCredentials = new HashMap<>(notes);
        withoutCredentials.keySet().removeAll(CREDENTIALS);
        store.put(key, seconds, withoutCredentials);
        store.put(
                OWNER + key.substring(ParEndpoint.CACHE_KEY_PREFIX.length()),
                seconds,
                Map.of(REALM, client.getRealm().getId(), CLIENT, client.getId()));
    }

    @Override
    public Map<String, String> get(String key) {
        return store.get(key);
    }

    @Override
    public Map<String, String> remove(String key) {
        return store.remove(key);
    }

    @Override
    public boolean replace(String key, Map<String, String> notes) {
        return store.replace(key, notes);
    }

    @Override
    public boolean putIfAbsent(String key, long lifespanInSeconds) {
        return store.putIfAbsent(key, lifespanInSeconds);
    }

    @Override
    public boolean contains(String key) {
        return store.contains(key);
    }

    @Override
    public void close() {
        // the session closes its own store
    }
}
