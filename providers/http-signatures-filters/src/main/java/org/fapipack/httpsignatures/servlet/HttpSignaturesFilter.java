package org.fapipack.httpsignatures.servlet;

import static java.util.Objects.requireNonNull;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.fapipack.httpsignatures.ContentDigester.ContentTooLongException;
import org.fapipack.httpsignatures.Evidence;
import org.fapipack.httpsignatures.FieldLine;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.server.Decision;
import org.fapipack.httpsignatures.server.MessageGuard;
import org.fapipack.httpsignatures.server.MessageGuard.ReceivedRequest;
import org.fapipack.httpsignatures.server.MessageGuard.SigningException;
import org.fapipack.httpsignatures.server.Mode;

/**
 * Verifies each request before it is handed on, and signs each answer after everything behind the filter is done with it. Comes after the filter
 * that checks the access token, and before (inside) nothing that changes a body: compression outside of it breaks the digest. Safe for concurrent
 * use.
 *
 * <p>Both bodies are kept in memory up to the guard's limits: a request's, because nobody may act on content that is not verified yet; an
 * answer's, because its digest stands before it. An answer that is too long, or that the application failed to make, becomes a signed 500 without
 * content; {@code sendError} sends its status without the container's page. Asynchronous processing and multipart parsing are not available
 * behind the filter.
 */
public final class HttpSignaturesFilter implements Filter {

    /** The request attribute with what proves the request, a {@code List} of {@link Evidence}; empty when it did not have to be signed. */
    public static final String EVIDENCE = HttpSignaturesFilter.class.getName() + ".evidence";

    private static final Logger LOG = System.getLogger(HttpSignaturesFilter.class.getName());

    private final MessageGuard guard;
    private final Function<HttpServletRequest, Optional<String>> client;

    /**
     * @param client the client that the request's access token was issued to, which the token filter has found out; empty when the request has no
     *     token that is good
     */
    public HttpSignaturesFilter(MessageGuard guard, Function<HttpServletRequest, Optional<String>> client) {
        this.guard = requireNonNull(guard, "guard");
        this.client = requireNonNull(client, "client");
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (guard.mode() == Mode.OFF) {
            chain.doFilter(request, response);
        } else {
            filter((HttpServletRequest) request, (HttpServletResponse) response, chain);
        }
    }

    private void filter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (request.getContentLengthLong() > guard.maxRequestOctets()) {
            answer(response, guard.tooLong());
            return;
        }
        HttpMessage head = message(request);
        Optional<String> clientId = client.apply(request);
        Optional<Decision.Refused> early = guard.refusalBeforeContent(head, clientId);
        if (early.isPresent()) {
            answer(response, early.get());
            return;
        }
        ReceivedRequest received;
        try {
            received = guard.receive(head, request.getInputStream());
        } catch (ContentTooLongException tooLong) {
            answer(response, guard.tooLong());
            return;
        }
        Decision decision = guard.decide(received.message(), clientId);
        if (decision instanceof Decision.Refused refused) {
            answer(response, refused);
            return;
        }
        request.setAttribute(EVIDENCE, ((Decision.Passed) decision).evidence());
        BufferedResponse buffered = new BufferedResponse(response, guard.maxResponseOctets());
        boolean failed = false;
        try {
            chain.doFilter(new BufferedRequest(request, received.octets()), buffered);
        } catch (IOException | ServletException | RuntimeException failure) {
            if (!buffered.isTooLong()) {
                LOG.log(Level.ERROR, "the application failed", failure);
            }
            failed = true;
        }
        if (buffered.isTooLong()) {
            LOG.log(Level.ERROR, "the answer has more than {0} octets", guard.maxResponseOctets());
        }
        if (failed || buffered.isTooLong()) {
            buffered.fail();
        }
        send(request, received.message(), response, buffered);
    }

    private void send(
            HttpServletRequest request, HttpMessage received, HttpServletResponse response, BufferedResponse buffered)
            throws IOException {
        byte[] octets = buffered.content();
        int status = response.getStatus();
        boolean hasContent = !request.getMethod().equals("HEAD") && status != 204 && status != 304;
        if (!String.join(",", response.getHeaders("Cache-Control")).contains("no-transform")) {
            response.addHeader(
                    "Cache-Control",
                    response.containsHeader("Cache-Control") ? "no-transform" : "no-store, no-transform");
        }
        HttpMessage.Builder message = HttpMessage.response(status, received);
        for (String name : response.getHeaderNames()) {
            response.getHeaders(name).forEach(value -> message.field(name, value));
        }
        if (hasContent) {
            message.content(octets);
        }
        List<FieldLine> signature;
        try {
            signature = guard.sign(message.build());
        } catch (SigningException logged) {
            response.reset();
            response.setStatus(500);
            response.setContentLength(0);
            return;
        }
        signature.forEach(line -> response.addHeader(line.name(), line.value()));
        if (status != 204 && status != 304) {
            response.setContentLength(octets.length);
        }
        if (hasContent) {
            response.getOutputStream().write(octets);
        }
        response.flushBuffer();
    }

    /** The request as it arrived, without content. */
    private HttpMessage message(HttpServletRequest request) {
        String query = request.getQueryString();
        String target = request.getRequestURI() + (query == null ? "" : "?" + query);
        HttpMessage.Builder message = HttpMessage.request(request.getMethod(), guard.targetUri(target));
        for (String name : Collections.list(request.getHeaderNames())) {
            Collections.list(request.getHeaders(name)).forEach(value -> message.field(name, value));
        }
        return message.build();
    }

    private static void answer(HttpServletResponse response, Decision.Refused refused) throws IOException {
        byte[] body = refused.body().getBytes(StandardCharsets.UTF_8);
        response.setStatus(refused.status());
        refused.fields().forEach(line -> response.addHeader(line.name(), line.value()));
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
        response.flushBuffer();
    }
}
