package org.fapipack.protocol;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import jakarta.ws.rs.ext.Provider;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.keycloak.models.KeycloakSession;
import org.keycloak.models.RealmModel;
import org.keycloak.services.error.KeycloakErrorHandler;

/**
 * Answers with 400 what is the sender's mistake and 500 in stock, in realms that {@linkplain OptedIn opted in}: a form that cannot be read, for the
 * server reads it before any endpoint is called, and a character that the database does not know. Every other exception is answered by Keycloak's
 * own handler.
 */
@Provider
class UnreadableRequestMapper implements ExceptionMapper<Exception> {

    /** The reader has no exception of its own; it throws what it stumbles over. */
    private static final String FORM_READER = "org.jboss.resteasy.reactive.server.handlers.FormBodyHandler";

    /** SQL: character not in repertoire. PostgreSQL says it of NUL, wherever it is compared or stored. */
    private static final String UNKNOWN_CHARACTER = "22021";

    @Context
    KeycloakSession session;

    @Override
    public Response toResponse(Exception failure) {
        Optional<String> mistake = mistake(failure);
        RealmModel realm = session.getContext().getRealm();
        if (mistake.isEmpty() || realm == null || !OptedIn.realm(session, realm)) {
            return KeycloakErrorHandler.getResponse(session, failure);
        }
        session.getTransactionManager().setRollbackOnly();
        return UnreadableRequest.answer(mistake.get());
    }

    private static Optional<String> mistake(Exception failure) {
        if (failure instanceof WebApplicationException) {
            return Optional.empty();
        }
        if (isOfTheFormReader(failure)) {
            return Optional.of("the form cannot be read");
        }
        return isOfAnUnknownCharacter(failure)
                ? Optional.of("the request has a character that is not allowed")
                : Optional.empty();
    }

    private static boolean isOfTheFormReader(Exception failure) {
        return Arrays.stream(failure.getStackTrace()).anyMatch(frame -> FORM_READER.equals(frame.getClassName()));
    }

    private static boolean isOfAnUnknownCharacter(Exception failure) {
        return Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .anyMatch(cause ->
                        cause instanceof SQLException refused && UNKNOWN_CHARACTER.equals(refused.getSQLState()));
    }
}
