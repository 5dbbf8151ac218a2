package org.fapipack.httpsignatures.jaxrs;

import jakarta.annotation.Priority;
import jakarta.ws.rs.Priorities;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import org.fapipack.httpsignatures.ContentDigester.ContentTooLongException;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.server.Decision;
import org.fapipack.httpsignatures.server.MessageGuard;
import org.fapipack.httpsignatures.server.MessageGuard.ReceivedRequest;

/** Hands on what is verified, with the same octets. */
@PreMatching
@Priority(Priorities.AUTHENTICATION + 1)
final class RequestFilter implements ContainerRequestFilter {

    /** The request property with the request that passed; answers without it are not signed. */
    static final String RECEIVED = RequestFilter.class.getName() + ".received";

    private final MessageGuard guard;
    private final Function<ContainerRequestContext, Optional<String>> client;
    private final Function<ContainerRequestContext, String> requestTarget;

    RequestFilter(
            MessageGuard guard,
            Function<ContainerRequestContext, Optional<String>> client,
            Function<ContainerRequestContext, String> requestTarget) {
        this.guard = guard;
        this.client = client;
        this.requestTarget = requestTarget;
    }

    @Override
    public void filter(ContainerRequestContext request) throws IOException {
        HttpMessage.Builder fields =
                HttpMessage.request(request.getMethod(), guard.targetUri(requestTarget.apply(request)));
        request.getHeaders().forEach((name, values) -> values.forEach(value -> fields.field(name, value)));
        HttpMessage head = fields.build();
        Optional<String> clientId = client.apply(request);
        Optional<Decision.Refused> early = guard.refusalBeforeContent(head, clientId);
        if (early.isPresent()) {
            refuse(request, early.get());
            return;
        }
        ReceivedRequest received;
        try {
            received = guard.receive(head, request.getEntityStream());
        } catch (ContentTooLongException tooLong) {
            refuse(request, guard.tooLong());
            return;
        }
        Decision decision = guard.decide(received.message(), clientId);
        if (decision instanceof Decision.Refused refused) {
            refuse(request, refused);
            return;
        }
        request.setProperty(HttpSignaturesFeature.EVIDENCE, ((Decision.Passed) decision).evidence());
        request.setProperty(RECEIVED, received.message());
        request.setEntityStream(new ByteArrayInputStream(received.octets()));
    }

    private static void refuse(ContainerRequestContext request, Decision.Refused refused) {
        Response.ResponseBuilder answer = Response.status(refused.status()).entity(refused.body());
        refused.fields().forEach(line -> answer.header(line.name(), line.value()));
        request.abortWith(answer.build());
    }
}
