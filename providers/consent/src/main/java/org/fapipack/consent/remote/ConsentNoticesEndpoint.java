package org.fapipack.consent.remote;

import jakarta.ws.rs.POST;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.fapipack.consent.Consents;
import org.fapipack.consent.ConsentsUnavailable;
import org.fapipack.consent.StoredConsent;
import org.fapipack.core.consent.ConsentState;
import org.keycloak.common.util.Time;
import org.keycloak.events.Details;
import org.keycloak.events.EventBuilder;
import org.keycloak.events.EventType;
import org.keycloak.models.KeycloakSession;

/**
 * Takes notices of a store that a consent changed: security event tokens, pushed. A notice is a reason to ask the store, not an answer, so an old
 * one or one that comes twice does no harm. Only where the store cannot be asked, a fresh notice that a consent is over is believed.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8935.html">RFC 8935</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8417.html">RFC 8417</a>
 */
public final class ConsentNoticesEndpoint {

    private static final int MAX_BYTES = 16_384;

    private final KeycloakSession session;
    private final EventBuilder event;

    ConsentNoticesEndpoint(KeycloakSession session) {
        this.session = session;
        this.event = new EventBuilder(
                        session.getContext().getRealm(),
                        session,
                        session.getContext().getConnection())
                .event(EventType.UPDATE_CONSENT);
    }

    @POST
    public Response take(InputStream body) {
        try {
            Notice notice = Notice.read(session, compact(body));
            event.client(notice.client()).detail("consent_id", notice.consentId());
            return take(notice);
        } catch (RefusedNotice refused) {
            event.detail(Details.REASON, refused.getMessage()).error(refused.error());
            return Response.status(Response.Status.BAD_REQUEST)
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .header(HttpHeaders.CONTENT_LANGUAGE, "en")
                    .type(MediaType.APPLICATION_JSON_TYPE)
                    .entity(Map.of("err", refused.error(), "description", refused.getMessage()))
                    .build();
        }
    }

    private Response take(Notice notice) {
        Consents consents = Consents.of(session);
        try {
            Optional<StoredConsent> now = consents.noticed(notice.client(), notice.consentId());
            now.ifPresent(
                    consent -> event.detail("consent_state", consent.state().key()));
        } catch (ConsentsUnavailable unavailable) {
            Optional<ConsentState> end = notice.end(Instant.ofEpochMilli(Time.currentTimeMillis()));
            if (end.isEmpty()) {
                event.detail(Details.REASON, unavailable.reason()).error(ConsentsUnavailable.ERROR);
                throw unavailable;
            }
            consents.noticedEnd(notice.client(), notice.consentId(), end.get());
            event.detail("consent_state", end.get().key());
        }
        event.success();
        // Keycloak answers 500 where a type is missing, body or not.
        return Response.accepted()
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .type(MediaType.TEXT_PLAIN_TYPE)
                .build();
    }

    private String compact(InputStream body) throws RefusedNotice {
        MediaType type = session.getContext().getHttpRequest().getHttpHeaders().getMediaType();
        if (type == null || !type.isCompatible(new MediaType("application", "secevent+jwt"))) {
            throw new RefusedNotice(RefusedNotice.INVALID_REQUEST, "the body must be application/secevent+jwt");
        }
        try {
            byte[] bytes = body == null ? new byte[0] : body.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new RefusedNotice(RefusedNotice.INVALID_REQUEST, "the body may have " + MAX_BYTES + " bytes");
            }
            return new String(bytes, StandardCharsets.US_ASCII);
        } catch (IOException unreadable) {
            throw new RefusedNotice(RefusedNotice.INVALID_REQUEST, "the body cannot be read");
        }
    }
}
