package org.fapipack.bench;

import java.net.http.HttpRequest;
import java.util.Map;
import org.fapipack.testkit.http.Form;

/** How a resource server proves who it is; the same for all variants of a run, because it costs the server time, too. */
interface Credentials {

    /** A client's representation with what the server has to know of these credentials. */
    Map<String, Object> registeredIn(Map<String, Object> client);

    /** Completes a request whose address and other headers are there; each call is good for one request at least. */
    HttpRequest authenticate(HttpRequest.Builder request, Form form);

    /** Whether a request may be sent more than once. */
    boolean reusable();
}
