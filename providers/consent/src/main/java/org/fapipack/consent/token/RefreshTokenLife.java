package org.fapipack.consent.token;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.fapipack.consent.StoredConsent;
import org.keycloak.common.util.Time;
import org.keycloak.models.AuthenticatedClientSessionModel;
import org.keycloak.models.ClientModel;
import org.keycloak.models.ClientSessionContext;
import org.keycloak.models.RealmModel;
import org.keycloak.models.UserSessionModel;
import org.keycloak.models.utils.SessionExpirationUtils;
import org.keycloak.protocol.oidc.OIDCAdvancedConfigWrapper;

/** How long a refresh token lives: an ID token that tells is made before it is. */
final class RefreshTokenLife {

    private RefreshTokenLife() {}

    /** When the refresh token expires, empty where it does not, or there is none: with its consent, or with the session before that. */
    static Optional<Instant> end(StoredConsent consent, ClientSessionContext context) {
        ClientModel client = context.getClientSession().getClient();
        return OIDCAdvancedConfigWrapper.fromClientModel(client).isUseRefreshToken()
                ? Stream.concat(consent.view().end().stream(), endOfSession(context).stream())
                        .min(Instant::compareTo)
                : Optional.empty();
    }

    /** As Keycloak reckons when it makes a refresh token. */
    private static Optional<Instant> endOfSession(ClientSessionContext context) {
        AuthenticatedClientSessionModel clientSession = context.getClientSession();
        UserSessionModel userSession = clientSession.getUserSession();
        ClientModel client = clientSession.getClient();
        RealmModel realm = client.getRealm();
        boolean offline = userSession.isOffline() || context.isOfflineTokenRequested();
        if (offline && !realm.isOfflineSessionMaxLifespanEnabled()) {
            return Optional.empty();
        }
        long idle = SessionExpirationUtils.calculateClientSessionIdleTimestamp(
                offline, userSession.isRememberMe(), Time.currentTimeMillis(), realm, client);
        long max = SessionExpirationUtils.calculateClientSessionMaxLifespanTimestamp(
                offline,
                userSession.isRememberMe(),
                millis(clientSession.getStarted()),
                millis(userSession.getStarted()),
                realm,
                client);
        return Optional.of(Instant.ofEpochMilli(max > 0 ? Math.min(idle, max) : idle));
    }

    private static long millis(int seconds) {
        return TimeUnit.SECONDS.toMillis(seconds);
    }
}
