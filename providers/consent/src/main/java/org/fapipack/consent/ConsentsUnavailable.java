package org.fapipack.consent;

import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/**
 * Where the consents are kept cannot be asked now, or its answer makes no sense: nothing is known, so nothing is allowed. Nothing was decided
 * either, and the customer may try again. Where nobody catches it, the answer is 503 with {@value #ERROR}.
 */
public final class ConsentsUnavailable extends WebApplicationException {

    /** The OAuth error (RFC 6749, section 4.1.2.1). */
    public static final String ERROR = "temporarily_unavailable";

    /** What a client's developer reads. */
    public static final String DESCRIPTION = "consents cannot be looked up now, try again later";

    /** What {@code Retry-After} (RFC 9110, section 10.2.3) says: soon, so that a code is still good then. */
    private static final int RETRY_AFTER_SECONDS = 5;

    private static final long serialVersionUID = 1L;

    private final String reason;

    /** @param reason a code for logs and events, for example {@code store_timeout}; tells a client nothing */
    public ConsentsUnavailable(String reason) {
        super(
                "consents are not available: " + reason,
                Response.status(Response.Status.SERVICE_UNAVAILABLE)
                        .header(HttpHeaders.CACHE_CONTROL, "no-store")
                        .header(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS)
                        .type(MediaType.APPLICATION_JSON_TYPE)
                        .entity(Map.of("error", ERROR, "error_description", DESCRIPTION))
                        .build());
        this.reason = reason;
    }

    /** The code for logs and events. */
    public String reason() {
        return reason;
    }
}
