package org.fapipack.messagesignature;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MediaType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Optional;
import org.fapipack.httpsignatures.Content;
import org.keycloak.models.KeycloakSession;

/**
 * The octets of a request's body, read before the endpoint reads them, which then finds them as ever.
 *
 * @param content what was read; up to the limit where there was more
 * @param state whether that is all
 */
record ReceivedContent(Content content, State state) {

    enum State {
        COMPLETE,
        TOO_LARGE,
        /** The server has read the form already, and keeps its parameters only. */
        UNREAD
    }

    /** The longest body that the consent API takes (its {@code max-body-bytes}). */
    static final int MAX_OCTETS = 262_144;

    private static final String ATTRIBUTE = ReceivedContent.class.getName();

    /** Reads the body of the current request. */
    static void keep(KeycloakSession session, ContainerRequestContext request) throws IOException {
        session.setAttribute(ATTRIBUTE, read(session, request));
    }

    /** What {@link #keep} has read; unread when it was not called. */
    static ReceivedContent of(KeycloakSession session) {
        return Optional.ofNullable(session.getAttribute(ATTRIBUTE, ReceivedContent.class))
                .orElseGet(() -> new ReceivedContent(Content.empty(), State.UNREAD));
    }

    private static ReceivedContent read(KeycloakSession session, ContainerRequestContext request) throws IOException {
        if (isForm(request.getMediaType())) {
            boolean empty = request.getLength() <= 0
                    && session.getContext()
                            .getHttpRequest()
                            .getDecodedFormParameters()
                            .isEmpty();
            return new ReceivedContent(Content.empty(), empty ? State.COMPLETE : State.UNREAD);
        }
        InputStream body = request.getEntityStream();
        if (body == null) {
            return new ReceivedContent(Content.empty(), State.COMPLETE);
        }
        byte[] octets = body.readNBytes(MAX_OCTETS + 1);
        boolean complete = octets.length <= MAX_OCTETS;
        InputStream again = new ByteArrayInputStream(octets);
        request.setEntityStream(complete ? again : new SequenceInputStream(again, body));
        return new ReceivedContent(Content.of(octets), complete ? State.COMPLETE : State.TOO_LARGE);
    }

    private static boolean isForm(MediaType type) {
        return type != null
                && (type.isCompatible(MediaType.APPLICATION_FORM_URLENCODED_TYPE)
                        || type.isCompatible(MediaType.MULTIPART_FORM_DATA_TYPE));
    }
}
