package org.fapipack.httpsignatures;

import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Signs requests for resources, for the client. Immutable and safe for concurrent use.
 *
 * <p>Signs last, after all that changes fields or content; a retry with a new DPoP proof, a redirect and any other change needs a new signature
 * of the unsigned request.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9421.html#section-3.1">RFC 9421 section 3.1</a>, and FAPI 2.0 Http Signatures, draft 01, clause 5.3.1.1
 */
public final class RequestSigner {

    private final MessageSigner signer;
    private final Clock clock;
    private final List<ComponentIdentifier> alsoIfPresent;
    private final Optional<Supplier<String>> nonces;
    private final Optional<Duration> lifetime;

    /** Covers what the profile demands, and {@code content-type} and {@code x-fapi-interaction-id} where they are sent. */
    public RequestSigner(MessageSigner signer, Clock clock) {
        this(signer, clock, ProfileSigner.RECOMMENDED, Optional.empty(), Optional.empty());
    }

    private RequestSigner(
            MessageSigner signer,
            Clock clock,
            List<ComponentIdentifier> alsoIfPresent,
            Optional<Supplier<String>> nonces,
            Optional<Duration> lifetime) {
        this.signer = requireNonNull(signer, "signer");
        this.clock = requireNonNull(clock, "clock");
        this.alsoIfPresent = List.copyOf(alsoIfPresent);
        this.nonces = nonces;
        this.lifetime = lifetime;
    }

    /** The same, but with other fields to cover where they are sent, by their names in lower case. */
    public RequestSigner coveringIfPresent(List<String> names) {
        return new RequestSigner(
                signer, clock, names.stream().map(ComponentIdentifier::of).toList(), nonces, lifetime);
    }

    /** The same, but each signature carries a nonce: an unguessable value of printable ASCII, another one each time. */
    public RequestSigner withNonces(Supplier<String> nonces) {
        return new RequestSigner(signer, clock, alsoIfPresent, Optional.of(nonces), lifetime);
    }

    /** The same, but each signature says {@code expires}, so long after {@code created}; in whole seconds. */
    public RequestSigner expiringAfter(Duration lifetime) {
        return new RequestSigner(signer, clock, alsoIfPresent, nonces, Optional.of(lifetime));
    }

    /**
     * Signs a request.
     *
     * @param request as it will be sent, with {@code Authorization}, {@code DPoP} and its whole content
     * @return what to add before sending: {@code request.with(signature.fields())}
     * @throws HttpSignatureException when there is not exactly one {@code Authorization}, more than one {@code DPoP}, a {@code Content-Digest}
     *     that is not of the content, or a field to cover that is not printable ASCII
     * @throws GeneralSecurityException when the key cannot be used
     */
    public MessageSignature sign(HttpMessage request) throws HttpSignatureException, GeneralSecurityException {
        if (!request.isRequest()) {
            throw new IllegalArgumentException("a request is needed");
        }
        if (request.values("authorization").size() > 1 || request.values("dpop").size() > 1) {
            throw new HttpSignatureException(
                    RefusalReason.AUTHORIZATION_AMBIGUOUS, "there is more than one Authorization or DPoP");
        }
        Optional<String> digest = ProfileSigner.digestToAdd(request);
        HttpMessage complete = ProfileSigner.withDigest(request, digest);
        Set<ComponentIdentifier> covered = FapiProfile.requiredOfRequest(complete);
        if (complete.has(ContentDigest.FIELD)) {
            covered.add(ComponentIdentifier.CONTENT_DIGEST);
        }
        for (ComponentIdentifier field : alsoIfPresent) {
            if (complete.has(field.name())) {
                covered.add(field);
            }
        }
        var created = clock.instant();
        SignatureInput.Builder input = SignatureInput.builder(ProfileSigner.freeLabel(complete, "sig1"))
                .cover(covered)
                .created(created);
        lifetime.ifPresent(after -> input.expires(created.plus(after)));
        nonces.ifPresent(next -> input.nonce(next.get()));
        input.keyId(signer.keyId()).tag(FapiProfile.REQUEST_TAG);
        return ProfileSigner.sign(complete, digest, input.build(), signer);
    }
}
