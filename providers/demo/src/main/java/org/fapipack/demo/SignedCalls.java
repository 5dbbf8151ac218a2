package org.fapipack.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import org.fapipack.httpsignatures.Evidence;
import org.fapipack.httpsignatures.FieldLine;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.HttpSignatureException;
import org.fapipack.httpsignatures.MessageSignature;
import org.fapipack.httpsignatures.RequestSigner;
import org.fapipack.httpsignatures.ResponseVerifier;
import org.fapipack.httpsignatures.Verification;
import org.fapipack.httpsignatures.VerificationKeys;
import org.fapipack.httpsignatures.VerificationPolicy;
import org.fapipack.httpsignatures.jose.JoseMessageSigner;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;
import org.fapipack.testkit.client.ApiCall;
import org.fapipack.testkit.client.FapiClient;
import org.fapipack.testkit.client.RandomText;
import org.fapipack.testkit.http.Exchange;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.SigningKey;

/** A client's signed calls of the API: signs requests with its registered key, verifies answers with the keys that the API publishes. */
final class SignedCalls {

    private static final int NONCE_OCTETS = 16;

    private final FapiClient client;
    private final URI metadata;
    private final SigningKey key;
    private final Clock clock;

    /** @param accounts the protected resource; what the API publishes is at the same host */
    SignedCalls(FapiClient client, URI accounts) {
        this(
                client,
                accounts.resolve("/.well-known/oauth-protected-resource"),
                client.authenticationKey().orElseThrow(),
                Clock.systemUTC());
    }

    private SignedCalls(FapiClient client, URI metadata, SigningKey key, Clock clock) {
        this.client = client;
        this.metadata = metadata;
        this.key = key;
        this.clock = clock;
    }

    /** The same, but signed by another key under this client's key id. */
    SignedCalls by(SigningKey other) {
        return new SignedCalls(client, metadata, other.withKeyId(key.keyId()), clock);
    }

    /** The same, but signed at another time. */
    SignedCalls at(Clock other) {
        return new SignedCalls(client, metadata, key, other);
    }

    /** A complete and signed call, not yet sent. */
    ApiCall call(String method, URI resource, String accessToken, String json) {
        return signed(
                client.apiCall(method, resource, accessToken, Headers.of("Accept", "application/json"), json),
                RandomText.ofOctets(NONCE_OCTETS));
    }

    /** Signs a call that is not signed yet. */
    ApiCall signed(ApiCall call, String nonce) {
        try {
            MessageSignature signature = new RequestSigner(JoseMessageSigner.of(key.privateJwk()), clock)
                    .withNonces(() -> nonce)
                    .sign(message(call));
            Headers lines = Headers.none();
            for (FieldLine line : signature.fields()) {
                lines = lines.add(line.name(), line.value());
            }
            return call.adding(lines);
        } catch (GeneralSecurityException | HttpSignatureException e) {
            throw new IllegalStateException("the call cannot be signed", e);
        }
    }

    /** Verifies an answer as one to this call. */
    Verification verify(ApiCall call, Exchange answer) {
        HttpMessage.Builder message = HttpMessage.response(answer.status(), message(call))
                .content(answer.body().getBytes(UTF_8));
        answer.responseHeaders().forEach((name, values) -> values.forEach(value -> message.field(name, value)));
        return new ResponseVerifier(VerificationPolicy.STRICT, new JoseMessageVerifier(), clock)
                .verify(message.build(), apiKeys());
    }

    /**
     * What proves a message that was verified.
     *
     * @throws Steps.Mismatch when it was refused
     */
    static Evidence accepted(Verification verification) {
        if (verification instanceof Verification.Refused refused) {
            throw new Steps.Mismatch("the client does not believe the answer: "
                    + refused.reason().code());
        }
        return ((Verification.Accepted) verification).evidence().get(0);
    }

    /** The API's keys as it publishes them (RFC 9728), over TLS. */
    private VerificationKeys apiKeys() {
        Exchange published = client.callApi(metadata, Headers.none()).expect(200);
        Steps.requireEqual(
                "the resource that the metadata is of",
                metadata.resolve("/").toString(),
                Json.text(published.json(), "resource").orElse("") + "/");
        URI jwks = URI.create(Json.text(published.json(), "jwks_uri").orElseThrow());
        return VerificationKeys.ofJwks(Json.objects((List<?>)
                client.callApi(jwks, Headers.none()).expect(200).json().get("keys")));
    }

    private static HttpMessage message(ApiCall call) {
        HttpMessage.Builder message = HttpMessage.request(
                        call.method(), call.uri().toString())
                .content(call.body().getBytes(UTF_8));
        call.headers().lines().forEach(line -> message.field(line.getKey(), line.getValue()));
        return message.build();
    }
}
