package org.fapipack.httpsignatures.jaxrs;

import jakarta.annotation.Priority;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Some implementations let what no mapper takes go past the response filters, unsigned. Every mapper of the application goes before this one. */
@Priority(Integer.MAX_VALUE)
final class FailureMapper implements ExceptionMapper<Throwable> {

    private static final Logger LOG = System.getLogger(FailureMapper.class.getName());

    @Override
    public Response toResponse(Throwable failure) {
        if (failure instanceof WebApplicationException answered) {
            return answered.getResponse();
        }
        LOG.log(Level.ERROR, "the application failed", failure);
        return Response.serverError().build();
    }
}
