package org.fapipack.testkit.client;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.fapipack.testkit.http.Json;

/** What an issuer says about itself in its discovery document. */
public record ServerMetadata(Map<String, Object> document) {

    /** Names of endpoints as discovery spells them. */
    public static final String PUSHED_AUTHORIZATION_REQUEST = "pushed_authorization_request_endpoint";

    public static final String AUTHORIZATION = "authorization_endpoint";
    public static final String TOKEN = "token_endpoint";
    public static final String INTROSPECTION = "introspection_endpoint";
    public static final String REVOCATION = "revocation_endpoint";
    public static final String USERINFO = "userinfo_endpoint";

    public String issuer() {
        return text("issuer");
    }

    public URI jwksUri() {
        return URI.create(text("jwks_uri"));
    }

    public URI endpoint(String name) {
        return URI.create(text(name));
    }

    /** The endpoint for a client that shows a certificate (RFC 8705, section 5): the alias, if there is one. */
    public URI mtlsEndpoint(String name) {
        if (document.get("mtls_endpoint_aliases") instanceof Map<?, ?> aliases
                && aliases.get(name) instanceof String alias) {
            return URI.create(alias);
        }
        return endpoint(name);
    }

    /** A list of strings; empty when the document does not have it. */
    public List<String> list(String name) {
        return document.get(name) instanceof List<?> list
                ? list.stream().map(String.class::cast).toList()
                : List.of();
    }

    /** Whether every client has to push its requests. */
    public boolean requiresPushedRequests() {
        return Boolean.TRUE.equals(document.get("require_pushed_authorization_requests"));
    }

    private String text(String name) {
        return Json.text(document, name).orElseThrow(() -> new NoSuchElementException("discovery has no " + name));
    }
}
