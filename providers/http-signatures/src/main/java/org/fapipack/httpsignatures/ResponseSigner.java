package org.fapipack.httpsignatures;

import static java.util.Objects.requireNonNull;

import java.security.GeneralSecurityException;
import java.time.Clock;
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

    private final MessageSigner signer;
    private final Clock clock;

    public ResponseSigner(MessageSigner signer, Clock clock) {
        this.signer = requireNonNull(signer, "signer");
        this.clock = requireNonNull(clock, "clock");
    }

    /**
     * Signs a response. Covers what the profile demands, {@code content-type} and {@code x-fapi-interaction-id} where they are sent, and of a
     * signed request also every component that its signature covers: a signature's value alone does not identify the request (RFC 9421 section
     * 7.3.7).
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
        SignatureInput input = SignatureInput.builder(ProfileSigner.freeLabel(complete, "sig1"))
                .cover(covered)
                .created(clock.instant())
                .keyId(signer.keyId())
                .tag(FapiProfile.RESPONSE_TAG)
                .build();
        return ProfileSigner.sign(complete, digest, input, signer);
    }
}
