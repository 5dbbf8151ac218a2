package org.fapipack.interactionid;

import jakarta.ws.rs.core.HttpHeaders;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.fapipack.executor.RealmPolicies;
import org.keycloak.common.util.Time;
import org.keycloak.models.KeycloakSession;

/** The interaction id of the current request. */
public final class InteractionId {

    /** Name of the event detail. */
    public static final String DETAIL = "x_fapi_interaction_id";

    private static final String HEADER = "x-fapi-interaction-id";

    /** RFC 4122 section 3, in either case. */
    private static final Pattern UUID_TEXT = Pattern.compile("(?i)[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    /** RFC 9110 section 5.6.7, IMF-fixdate. */
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private InteractionId() {}

    /**
     * Puts the id into the answer, and the time, which Keycloak leaves out. The id is the one that came with the request, or a new one where
     * none came, several did, or it is no UUID.
     *
     * @return the id, empty in a realm where no enabled policy lists the executor
     */
    public static Optional<String> answer(KeycloakSession session) {
        if (!RealmPolicies.mention(session, session.getContext().getRealm(), InteractionIdExecutorFactory.ID)) {
            return Optional.empty();
        }
        String id = sent(session).orElseGet(() -> UUID.randomUUID().toString());
        session.getContext().getHttpResponse().setHeader(HEADER, id);
        session.getContext()
                .getHttpResponse()
                .setHeader(HttpHeaders.DATE, DATE.format(Instant.ofEpochMilli(Time.currentTimeMillis())));
        return Optional.of(id);
    }

    /**
     * A session whose events have the id of the request.
     *
     * @param id as it was {@linkplain #answer answered}; where it is empty, the given session is returned
     */
    public static KeycloakSession inEvents(KeycloakSession session, Optional<String> id) {
        return id.map(known -> EventsWithId.in(session, known)).orElse(session);
    }

    private static Optional<String> sent(KeycloakSession session) {
        List<String> values =
                session.getContext().getHttpRequest().getHttpHeaders().getRequestHeader(HEADER);
        return Optional.ofNullable(values)
                .filter(all -> all.size() == 1)
                .map(all -> all.get(0))
                .filter(value -> UUID_TEXT.matcher(value).matches());
    }
}
