package org.fapipack.httpsignatures.jaxrs;

import jakarta.annotation.Priority;
import jakarta.ws.rs.InternalServerErrorException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.RuntimeDelegate;
import jakarta.ws.rs.ext.WriterInterceptor;
import jakarta.ws.rs.ext.WriterInterceptorContext;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.server.LimitedBuffer;
import org.fapipack.httpsignatures.server.MessageGuard;
import org.fapipack.httpsignatures.server.MessageGuard.SigningException;

/**
 * Signs answers without content as a filter, others when their octets are written: the last filter on the way out, and the stream that
 * is nearest to the wire.
 */
@Priority(ResponseFilter.OUTERMOST)
final class ResponseFilter implements ContainerResponseFilter, WriterInterceptor {

    /** Some implementations take 0 and less for no priority at all. */
    static final int OUTERMOST = 1;

    private static final Logger LOG = System.getLogger(ResponseFilter.class.getName());

    private static final String STATUS = ResponseFilter.class.getName() + ".status";

    private final MessageGuard guard;

    ResponseFilter(MessageGuard guard) {
        this.guard = guard;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (!(request.getProperty(RequestFilter.RECEIVED) instanceof HttpMessage received)) {
            return;
        }
        MultivaluedMap<String, Object> headers = response.getHeaders();
        if (headers.getOrDefault("Cache-Control", List.of()).stream()
                .noneMatch(value -> text(value).contains("no-transform"))) {
            headers.add(
                    "Cache-Control", headers.containsKey("Cache-Control") ? "no-transform" : "no-store, no-transform");
        }
        int status = response.getStatus();
        if (status == 204 || status == 304) {
            response.setEntity(null);
        }
        if (request.getMethod().equals("HEAD") || !response.hasEntity()) {
            request.removeProperty(STATUS);
            try {
                sign(HttpMessage.response(status, received), headers);
            } catch (SigningException logged) {
                response.setEntity(null);
                headers.clear();
                response.setStatus(500);
            }
        } else {
            request.setProperty(STATUS, status);
        }
    }

    @Override
    public void aroundWriteTo(WriterInterceptorContext context) throws IOException {
        if (!(context.getProperty(RequestFilter.RECEIVED) instanceof HttpMessage received)
                || !(context.getProperty(STATUS) instanceof Integer status)) {
            context.proceed();
            return;
        }
        OutputStream wire = context.getOutputStream();
        LimitedBuffer buffer = new LimitedBuffer(guard.maxResponseOctets());
        context.setOutputStream(buffer);
        try {
            context.proceed();
            // A compressing interceptor may leave its stream here for the implementation to close.
            context.getOutputStream().close();
        } catch (IOException | RuntimeException failure) {
            if (!buffer.isTooLong()) {
                throw failure;
            }
        }
        if (buffer.isTooLong()) {
            LOG.log(Level.ERROR, "the answer has more than {0} octets", guard.maxResponseOctets());
            throw new InternalServerErrorException("the answer is too long to be signed");
        }
        byte[] octets = buffer.octets();
        try {
            sign(HttpMessage.response(status, received).content(octets), context.getHeaders());
        } catch (SigningException logged) {
            throw new InternalServerErrorException("the answer cannot be signed", logged);
        }
        context.setOutputStream(wire);
        wire.write(octets);
    }

    private void sign(HttpMessage.Builder message, MultivaluedMap<String, Object> headers) throws SigningException {
        headers.forEach((name, values) -> values.forEach(value -> message.field(name, text(value))));
        guard.sign(message.build()).forEach(line -> headers.add(line.name(), line.value()));
    }

    /** As the implementation will write it. */
    @SuppressWarnings("unchecked")
    private static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        var delegate = (RuntimeDelegate.HeaderDelegate<Object>)
                RuntimeDelegate.getInstance().createHeaderDelegate(value.getClass());
        return delegate == null ? value.toString() : delegate.toString(value);
    }
}
