package org.fapipack.testkit.client;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.HttpCaller;
import org.fapipack.testkit.jose.JwtDraft;

/** A form request, complete with client authentication and DPoP proof, that can still be changed before it is sent. */
public final class EndpointCall {

    private final HttpCaller http;
    private final Consumer<Exchange> observer;
    private final URI uri;
    private final Form form;
    private final Headers headers;

    EndpointCall(HttpCaller http, Consumer<Exchange> observer, URI uri, Form form, Headers headers) {
        this.http = http;
        this.observer = observer;
        this.uri = uri;
        this.form = form;
        this.headers = headers;
    }

    /** Sets a parameter to exactly this value. */
    public EndpointCall set(String name, String value) {
        return new EndpointCall(http, observer, uri, form.set(name, value), headers);
    }

    /** Adds a parameter, also when it is there already. */
    public EndpointCall add(String name, String value) {
        return new EndpointCall(http, observer, uri, form.add(name, value), headers);
    }

    public EndpointCall remove(String name) {
        return new EndpointCall(http, observer, uri, form.remove(name), headers);
    }

    /** Another client assertion. */
    public EndpointCall clientAssertion(JwtDraft assertion) {
        return set("client_assertion", assertion.compact());
    }

    /** No client authentication by assertion; {@code client_id} stays if it is there. */
    public EndpointCall withoutClientAssertion() {
        return remove("client_assertion").remove("client_assertion_type");
    }

    /** Another DPoP proof. */
    public EndpointCall dpop(JwtDraft proof) {
        return withoutHeader("DPoP").header("DPoP", proof.compact());
    }

    public EndpointCall withoutDpop() {
        return withoutHeader("DPoP");
    }

    /** Adds a header line. */
    public EndpointCall header(String name, String value) {
        return new EndpointCall(http, observer, uri, form, headers.add(name, value));
    }

    public EndpointCall withoutHeader(String name) {
        List<Map.Entry<String, String>> kept = headers.lines().stream()
                .filter(line -> !line.getKey().equalsIgnoreCase(name))
                .toList();
        return new EndpointCall(http, observer, uri, form, new Headers(kept));
    }

    /** The same request to another address. */
    public EndpointCall to(URI other) {
        return new EndpointCall(http, observer, other, form, headers);
    }

    public URI uri() {
        return uri;
    }

    public Form form() {
        return form;
    }

    /** Sends it as it is now. May be called again: the very same octets go out, which is a replay. */
    public Exchange send() {
        Exchange exchange = http.post(uri, form, headers);
        observer.accept(exchange);
        return exchange;
    }
}
