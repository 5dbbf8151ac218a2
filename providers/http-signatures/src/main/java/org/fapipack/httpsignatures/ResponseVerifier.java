package org.fapipack.httpsignatures;

import java.time.Clock;
import java.util.Optional;

/**
 * Verifies responses of a resource server, for the client. A refused response is like a failed transport: its content is not used, and a
 * payment is not simply sent again. Safe for concurrent use.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9421.html#section-2.4">RFC 9421 section 2.4</a>, and FAPI 2.0 Http Signatures, draft 01, clause 5.3.2.2
 */
public final class ResponseVerifier {

    private final ProfileVerifier verifier;

    public ResponseVerifier(VerificationPolicy policy, MessageVerifier signatures, Clock clock) {
        verifier = new ProfileVerifier(
                FapiProfile.RESPONSE_TAG,
                (response, covered) -> {
                    HttpMessage request = response.request().orElseThrow();
                    FapiProfile.requireCoverage(
                            FapiProfile.requiredOfResponse(response), covered, RefusalReason.COVERAGE_MISSING);
                    // The draft leaves this to the signer; a client that did not look would take the answer to another
                    // request.
                    FapiProfile.requireCoverage(
                            FapiProfile.requiredOfItsRequest(request), covered, RefusalReason.BINDING_MISSING);
                    FapiProfile.requireSignatureOfRequest(request, covered, policy.limits());
                },
                policy,
                signatures,
                clock,
                Optional.empty());
    }

    /**
     * Verifies a response. Never throws for what a server sent.
     *
     * @param response as received, with its whole content, and with the request as it was sent, signature fields included
     * @param resourceServer the keys of the resource server
     * @throws IllegalArgumentException when the message is a request, or has none that caused it
     */
    public Verification verify(HttpMessage response, VerificationKeys resourceServer) {
        if (response.isRequest() || response.request().isEmpty()) {
            throw new IllegalArgumentException("a response and the request that caused it are needed");
        }
        return verifier.verify(response, resourceServer);
    }
}
