package org.fapipack.bench;

import com.nimbusds.jose.JWSAlgorithm;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.fapipack.testkit.http.Form;
import org.fapipack.testkit.jose.JwtDraft;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.overlay.Parties;

/** {@code private_key_jwt} with ES256, as FAPI has it: a new assertion for each request, which the server verifies and remembers. */
record PrivateKeyJwt(String clientId, URI issuer, SigningKey key) implements Credentials {

    private static final Duration LIFETIME = Duration.ofSeconds(60);

    static PrivateKeyJwt random(String clientId, URI issuer) {
        return new PrivateKeyJwt(clientId, issuer, SigningKey.generate(JWSAlgorithm.ES256));
    }

    @Override
    public Map<String, Object> registeredIn(Map<String, Object> client) {
        Map<String, Object> registered = new LinkedHashMap<>(client);
        registered.put("clientAuthenticatorType", "client-jwt");
        return Parties.withAttributes(
                registered,
                Map.of(
                        "use.jwks.string",
                        "true",
                        "jwks.string",
                        SigningKey.publicJwks(key),
                        "token.endpoint.auth.signing.alg",
                        key.algorithm().getName()));
    }

    @Override
    public HttpRequest authenticate(HttpRequest.Builder request, Form form) {
        Instant now = Clock.systemUTC().instant();
        String assertion = JwtDraft.empty()
                .claim("iss", clientId)
                .claim("sub", clientId)
                .claim("aud", issuer.toString())
                .claim("jti", UUID.randomUUID().toString())
                .claim("iat", now)
                .claim("exp", now.plus(LIFETIME))
                .signedBy(key)
                .compact();
        Form authenticated = form.add("client_id", clientId)
                .add("client_assertion_type", FlowClient.ASSERTION_TYPE)
                .add("client_assertion", assertion);
        return request.POST(HttpRequest.BodyPublishers.ofString(authenticated.encode()))
                .build();
    }

    @Override
    public boolean reusable() {
        return false;
    }

    /** No secret in a message. */
    @Override
    public String toString() {
        return "PrivateKeyJwt[" + clientId + "]";
    }
}
