package org.fapipack.demo.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.fapipack.httpsignatures.Evidence;
import org.fapipack.httpsignatures.FieldLine;
import org.fapipack.httpsignatures.HttpMessage;
import org.fapipack.httpsignatures.RequestVerifier;
import org.fapipack.httpsignatures.ResponseSigner;
import org.fapipack.httpsignatures.VerificationKeys;
import org.fapipack.httpsignatures.VerificationPolicy;
import org.fapipack.httpsignatures.jose.JoseMessageSigner;
import org.fapipack.httpsignatures.jose.JoseMessageVerifier;
import org.fapipack.httpsignatures.server.Decision;
import org.fapipack.httpsignatures.server.EvidenceFolder;
import org.fapipack.httpsignatures.server.InMemoryNonceStore;
import org.fapipack.httpsignatures.server.MessageGuard;
import org.fapipack.httpsignatures.server.MessageGuard.SigningException;
import org.fapipack.httpsignatures.server.Mode;
import org.fapipack.testkit.http.Headers;
import org.fapipack.testkit.http.Json;
import org.fapipack.testkit.jose.SigningKey;
import org.fapipack.testkit.overlay.Parties;
import org.fapipack.testkit.resource.ApiAnswer;
import org.fapipack.testkit.resource.ApiRequest;
import org.fapipack.testkit.resource.MessageProtection;
import org.fapipack.testkit.resource.TokenIntrospection;

/**
 * Verifies requests by the keys of their client, and signs answers by the API's own key, which is registered at the issuer.
 *
 * <p>Whose keys count says the introspection of the request's access token: {@code client_id}, and {@link Parties#CLIENT_KEYS} with the client's
 * public keys. The issuer signs both.
 */
final class SignedMessages implements MessageProtection {

    private static final Logger LOG = System.getLogger(SignedMessages.class.getName());

    /** Signatures are good for about a minute; one small API serves less in that time. */
    private static final int MAX_NONCES = 10_000;

    private static final VerificationKeys NO_KEYS = VerificationKeys.of(List.of());

    private final MessageGuard guard;
    private final SigningKey key;
    private final Map<String, VerificationKeys> clientKeys = new ConcurrentHashMap<>();

    /**
     * @param publicUri the address that clients use
     * @param key signs answers; a JWK with {@code alg} and {@code kid}
     * @param mode not off
     * @param evidence where requests are kept; empty for nowhere
     */
    SignedMessages(URI publicUri, SigningKey key, Mode mode, Optional<Path> evidence, Clock clock) {
        this.key = key;
        MessageGuard.Builder settings = MessageGuard.at(publicUri.toString())
                .mode(mode)
                .verifying(
                        new RequestVerifier(
                                VerificationPolicy.STRICT,
                                new JoseMessageVerifier(),
                                clock,
                                new InMemoryNonceStore(MAX_NONCES, clock)),
                        client -> clientKeys.getOrDefault(client, NO_KEYS))
                .signing(new ResponseSigner(signer(key), clock));
        evidence.map(folder -> new EvidenceFolder(folder, Json::write))
                .ifPresent(folder -> settings.keeping(proof -> keep(folder, proof)));
        guard = settings.build();
    }

    private static JoseMessageSigner signer(SigningKey key) {
        try {
            return JoseMessageSigner.of(key.privateJwk());
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("no key to sign answers with", e);
        }
    }

    private static void keep(EvidenceFolder folder, Evidence proof) {
        try {
            folder.keep(proof);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<ApiAnswer> refuse(ApiRequest request, TokenIntrospection token) {
        Optional<String> client = token.text("client_id");
        client.ifPresent(id -> clientKeys.put(id, keys(token)));
        try {
            return guard.decide(message(request), client) instanceof Decision.Refused refused
                    ? Optional.of(new ApiAnswer(refused.status(), headers(refused.fields()), refused.body()))
                    : Optional.empty();
        } catch (UncheckedIOException e) {
            LOG.log(Level.ERROR, "evidence of a request cannot be kept", e);
            return Optional.of(failure(503, "temporarily_unavailable"));
        }
    }

    private static VerificationKeys keys(TokenIntrospection token) {
        try {
            return Json.object(token.members().get(Parties.CLIENT_KEYS)).get("keys") instanceof List<?> keys
                    ? VerificationKeys.ofJwks(Json.objects(keys))
                    : NO_KEYS;
        } catch (IllegalArgumentException noKeys) {
            return NO_KEYS;
        }
    }

    @Override
    public ApiAnswer sign(ApiRequest request, ApiAnswer answer) {
        HttpMessage.Builder message = HttpMessage.response(answer.status(), message(request))
                .content(answer.body().getBytes(UTF_8));
        answer.headers().lines().forEach(line -> message.field(line.getKey(), line.getValue()));
        try {
            return new ApiAnswer(
                    answer.status(), answer.headers().addAll(headers(guard.sign(message.build()))), answer.body());
        } catch (SigningException logged) {
            return failure(500, "server_error");
        }
    }

    @Override
    public String publicJwks() {
        return SigningKey.publicJwks(key);
    }

    private static HttpMessage message(ApiRequest request) {
        HttpMessage.Builder message =
                HttpMessage.request(request.method(), request.uri().toString()).content(request.content());
        request.headers().lines().forEach(line -> message.field(line.getKey(), line.getValue()));
        return message.build();
    }

    private static Headers headers(List<FieldLine> lines) {
        Headers headers = Headers.none();
        for (FieldLine line : lines) {
            headers = headers.add(line.name(), line.value());
        }
        return headers;
    }

    private static ApiAnswer failure(int status, String error) {
        return new ApiAnswer(
                status, Headers.of("Content-Type", "application/json"), Json.write(Map.of("error", error)));
    }
}
