package org.fapipack.par;

import java.util.Map;
import org.jboss.logging.Logger;
import org.keycloak.common.util.Time;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.models.utils.SessionExpiration;
import org.keycloak.protocol.oidc.par.endpoints.ParEndpoint;
import org.keycloak.protocol.oidc.par.endpoints.request.AuthzEndpointParParser;
import org.keycloak.sessions.AuthenticationSessionModel;

/**
 * The one use of a pushed {@code request_uri}.
 *
 * <p>The lifetime of the {@code request_uri} (its {@code expires_in}) bounds how long it may wait for the browser. Once the page is
 * open, the login may take as long as the realm allows logins to take. So the use is not recorded by removing the pushed request,
 * which may be gone by then, but by a mark of its own in the single-use store: put if absent, atomic across the cluster.
 */
public final class OneTimeRequestUri {

    private static final Logger LOG = Logger.getLogger(OneTimeRequestUri.class);

    /** Client notes, because they survive "restart login" and the restart cookie; authentication notes do not. */
    static final String NOTE_REQUEST_URI = "fapi.request_uri";

    static final String NOTE_OPENED_AT = "fapi.request_uri.opened-at";

    private static final String USED = "fapi.par.used:";
    private static final String OPENED = "fapi.par.opened:";

    /** Seconds. Two requests that end an authorization at the same time may read clocks of two nodes; 60 s is more than NTP lets them differ. */
    private static final int MARGIN_SECONDS = 60;

    /** What became of the {@code request_uri} when the authorization ended. */
    public enum Use {
        /** The client did not opt in, or nothing was pushed. */
        NOT_CONCERNED,
        /** This was the first use; the client may be answered. */
        FIRST,
        /** It was used before; the client must not get another answer. */
        REPEATED,
        /** The page was opened longer ago than the realm lets a login take. */
        TOO_LATE
    }

    private OneTimeRequestUri() {}

    /**
     * Notes on the authentication session that it came from this {@code request_uri} and that the one use is to be enforced; and, in
     * the single-use store, that it was opened. A store that lost its entries has lost the marks of use as well, but not the browser's
     * restart cookie, so a use is granted only where the store still knows of the opening.
     */
    static void open(KeycloakSession session, AuthenticationSessionModel authSession, String requestUri) {
        authSession.setClientNote(NOTE_REQUEST_URI, requestUri);
        authSession.setClientNote(NOTE_OPENED_AT, Long.toString(nowSeconds()));
        session.singleUseObjects().put(key(OPENED, authSession), lifespanSeconds(authSession.getRealm()), Map.of());
    }

    /** Whether the one use of a {@code request_uri} is enforced for this authentication session. */
    public static boolean concerns(AuthenticationSessionModel authSession) {
        return authSession.getClientNote(NOTE_REQUEST_URI) != null;
    }

    /** Consumes the {@code request_uri} of an authentication session. Of any number of calls for one {@code request_uri}, one answers FIRST. */
    public static Use consume(KeycloakSession session, AuthenticationSessionModel authSession) {
        String requestUri = authSession.getClientNote(NOTE_REQUEST_URI);
        if (requestUri == null) {
            return Use.NOT_CONCERNED;
        }
        long openedAt = Long.parseLong(authSession.getClientNote(NOTE_OPENED_AT));
        if (nowSeconds() - openedAt > SessionExpiration.getAuthSessionLifespan(authSession.getRealm())
                || session.singleUseObjects().get(key(OPENED, authSession)) == null) {
            // Past this point the mark of another tab's use may be gone.
            return Use.TOO_LATE;
        }
        // Every page that can still end was opened before the pushed request is removed below, so the mark has to last
        // one login.
        if (!session.singleUseObjects().putIfAbsent(key(USED, authSession), lifespanSeconds(authSession.getRealm()))) {
            LOG.debugf(
                    "request_uri of client %s used again",
                    authSession.getClient().getClientId());
            return Use.REPEATED;
        }
        AuthzEndpointParParser.removeRequestObject(session, requestUri);
        return Use.FIRST;
    }

    private static String key(String kind, AuthenticationSessionModel authSession) {
        return kind
                + authSession.getRealm().getId()
                + ':'
                + authSession.getClient().getId()
                + ':'
                + authSession.getClientNote(NOTE_REQUEST_URI).substring(ParEndpoint.REQUEST_URI_PREFIX_LENGTH);
    }

    private static long lifespanSeconds(RealmModel realm) {
        return (long) SessionExpiration.getAuthSessionLifespan(realm) + MARGIN_SECONDS;
    }

    private static long nowSeconds() {
        return Time.currentTimeMillis() / 1000;
    }
}
