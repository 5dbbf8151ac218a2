package org.fapipack.messagesignature;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.fapipack.httpsignatures.FieldLine;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.HttpSignatureException;
import org.fapipack.httpsignatures.MessageSigner;
import org.fapipack.httpsignatures.ResponseSigner;
import org.jboss.logging.Logger;
import org.keycloak.models.KeycloakSession;
import org.keycloak.util.JsonSerialization;

/**
 * That the answer to a request will be signed, and with what.
 *
 * @param signer found before the request is acted on, so that a realm without a key fails early
 * @param request as received
 */
record SignedAnswer(MessageSigner signer, HttpMessage request, Clock clock) {

    private static final Logger LOG = Logger.getLogger(SignedAnswer.class);

    private static final String ATTRIBUTE = SignedAnswer.class.getName();

    void keepWith(KeycloakSession session) {
        session.setAttribute(ATTRIBUTE, this);
    }

    static Optional<SignedAnswer> keptWith(KeycloakSession session) {
        return Optional.ofNullable(session.getAttribute(ATTRIBUTE, SignedAnswer.class));
    }

    /** Writes the body, and signs it with the rest. What refuses the access token itself stays unsigned. */
    void sign(ContainerResponseContext response) {
        if (response.getStatus() == Response.Status.UNAUTHORIZED.getStatusCode()) {
            return;
        }
        try {
            byte[] content = HttpMethod.HEAD.equals(request.method().orElseThrow()) ? new byte[0] : write(response);
            signed(response, content).forEach(line -> response.getHeaders().putSingle(line.name(), line.value()));
            // Nobody else's request has this answer.
            response.getHeaders().putSingle(HttpHeaders.CACHE_CONTROL, "no-store");
        } catch (IOException | HttpSignatureException | GeneralSecurityException | RuntimeException failed) {
            LOG.errorf(failed, "An answer cannot be signed");
            response.setStatus(Response.Status.INTERNAL_SERVER_ERROR.getStatusCode());
            response.setEntity(Map.of("error", "server_error"), null, MediaType.APPLICATION_JSON_TYPE);
        }
    }

    private List<FieldLine> signed(ContainerResponseContext response, byte[] content)
            throws HttpSignatureException, GeneralSecurityException {
        HttpMessage.Builder message =
                HttpMessage.response(response.getStatus(), request).content(content);
        if (content.length > 0) {
            message.field(HttpHeaders.CONTENT_TYPE, response.getMediaType().toString());
        }
        return new ResponseSigner(signer, clock).sign(message.build()).fields();
    }

    /** Replaces the entity by its octets: JSON but for texts, which is what the two endpoints answer with. */
    private static byte[] write(ContainerResponseContext response) throws IOException {
        Object entity = response.getEntity();
        if (entity == null) {
            return new byte[0];
        }
        byte[] octets;
        if (entity instanceof byte[] written) {
            octets = written;
        } else if (entity instanceof String text) {
            octets = text.getBytes(StandardCharsets.UTF_8);
        } else {
            octets = JsonSerialization.writeValueAsBytes(entity);
        }
        response.setEntity(octets, null, response.getMediaType());
        return octets;
    }
}
