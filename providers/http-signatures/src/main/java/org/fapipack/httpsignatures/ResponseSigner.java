package org.fapipack.httpsignatures;

import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Signs responses, for the resource server: success and error alike, once the request was authenticated. Immutable and safe for concurrent use.
 *
 * <p>Signs last, after compression; nothing may change the content afterwards ({@code Cache-Control: no-transform}).
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9421.html#section-2.4">RFC 9421 section 2.4</a>, and FAPI 2.0 Http Signatures, draft 01, clause 5.3.2.1
 */
public final class ResponseSigner {

    /** For a client that asks for {@code expires}: the window that the draft recommends to verifiers. */
    private static final Duration WISHED_LIFETIME = Duration.ofSeconds(60);

    private final MessageSigner signer;
    private final Clock clock;

    public ResponseSigner(MessageSigner signer, Clock clock) {
        this.signer = requireNonNull(signer, "signer");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Signs a response. Covers what the profile demands, {@code content-type} and {@code x-fapi-interaction-id} where they are sent, and of a
     * signed request also every component that its signature covers: a signature's value alone does not identify the request (RFC 9421 section
     * 7.3.7). A request that asks for other components and parameters ({@code Accept-Signature}) gets those, as long as they contain what the
     * profile demands.
     *
     * @param response as it will be sent, with its whole content and with the request as received
     * @return what to add before sending: {@code response.with(signature.fields())}
     * @throws HttpSignatureException when the request's signature fields do not parse, when there is a {@code Content-Digest} that is not of the
     *     content, or a field to cover that is not printable ASCII
     * @throws GeneralSecurityException when the key cannot be used
     * @throws IllegalArgumentException when the message is a request, or has none that caused it
     */
    public MessageSignature sign(HttpMessage response) throws HttpSignatureException, GeneralSecurityException {
        HttpMessage request = response.request()
                .orElseThrow(
                        () -> new IllegalArgumentException("a response and the request that caused it are needed"));
        Optional<String> digest = ProfileSigner.digestToAdd(response);
        HttpMessage complete = ProfileSigner.withDigest(response, digest);
        Set<ComponentIdentifier> covered = FapiProfile.requiredOfResponse(complete);
        if (complete.has(ContentDigest.FIELD)) {
            covered.add(ComponentIdentifier.CONTENT_DIGEST);
        }
        for (ComponentIdentifier field : ProfileSigner.RECOMMENDED) {
            if (complete.has(field.name())) {
                covered.add(field);
            }
        }
        covered.addAll(FapiProfile.requiredOfItsRequest(request));
        List<ReceivedSignature> ofRequest = FapiProfile.signaturesOfRequest(request, Limits.DEFAULT);
        for (ReceivedSignature signature : ofRequest) {
            for (ComponentIdentifier component : signature.input().components()) {
                covered.add(component.fromRequest());
            }
        }
        if (!ofRequest.isEmpty()) {
            covered.add(ComponentIdentifier.SIGNATURE.fromRequest());
            covered.add(ComponentIdentifier.SIGNATURE_INPUT.fromRequest());
        }
        Instant created = clock.instant();
        SignatureInput input = SignatureInput.builder(ProfileSigner.freeLabel(complete, "sig1"))
                .cover(covered)
                .created(created)
                .keyId(signer.keyId())
                .tag(FapiProfile.RESPONSE_TAG)
                .build();
        Optional<MessageSignature> asAsked = asAsked(complete, digest, created);
        return asAsked.isPresent() ? asAsked.get() : ProfileSigner.sign(complete, digest, input, signer);
    }

    /** The first wish of the request that can be granted and keeps the profile; a wish for less is not heard. */
    private Optional<MessageSignature> asAsked(HttpMessage response, Optional<String> digest, Instant created)
            throws GeneralSecurityException {
        HttpMessage request = response.request().orElseThrow();
        if (!request.has(AcceptSignature.FIELD) || response.has("signature-input") || response.has("signature")) {
            return Optional.empty();
        }
        try {
            for (AcceptSignature wish : AcceptSignature.of(request)) {
                Optional<SignatureInput> granted = granted(wish, response, created);
                if (granted.isPresent()) {
                    return Optional.of(ProfileSigner.sign(response, digest, granted.get(), signer));
                }
            }
        } catch (HttpSignatureException noWishThatCanBeRead) {
            return Optional.empty();
        }
        return Optional.empty();
    }

    private Optional<SignatureInput> granted(AcceptSignature wish, HttpMessage response, Instant created) {
        HttpMessage request = response.request().orElseThrow();
        try {
            Set<ComponentIdentifier> asked = wish.components();
            FapiProfile.requireCoverage(
                    FapiProfile.requiredOfResponse(response), asked, RefusalReason.COVERAGE_MISSING);
            FapiProfile.requireCoverage(
                    FapiProfile.requiredOfItsRequest(request), asked, RefusalReason.BINDING_MISSING);
            FapiProfile.requireSignatureOfRequest(request, asked, Limits.DEFAULT);
            Optional<SignatureInput> input =
                    wish.granted(signer, FapiProfile.RESPONSE_TAG, created, created.plus(WISHED_LIFETIME));
            if (input.isPresent()) {
                SignatureBase.of(response, input.get());
            }
            return input;
        } catch (HttpSignatureException tooLittleOrNotThere) {
            return Optional.empty();
        }
    }
}
