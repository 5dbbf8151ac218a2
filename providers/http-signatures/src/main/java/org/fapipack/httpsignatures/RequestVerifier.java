package org.fapipack.httpsignatures;

import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * Verifies requests for resources, for the resource server. Keeps nothing between calls but what the nonce store keeps; safe for concurrent
 * use.
 *
 * <p>The access token and what it is bound to are verified by the caller, first: only then is it known whose keys count. Fields that are not
 * covered stay as untrusted as ever.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9421.html#section-3.2">RFC 9421 section 3.2</a>, and FAPI 2.0 Http Signatures, draft 01, clause 5.3.1.2
 */
public final class RequestVerifier {

    private final ProfileVerifier verifier;

    /** Without a store: nonces are not looked at. {@code created} alone does not stop a replay; DPoP proofs or mutual TLS do. */
    public RequestVerifier(VerificationPolicy policy, MessageVerifier signatures, Clock clock) {
        this(policy, signatures, clock, Optional.empty());
    }

    /** With a store: a nonce is good once. */
    public RequestVerifier(VerificationPolicy policy, MessageVerifier signatures, Clock clock, NonceStore nonces) {
        this(policy, signatures, clock, Optional.of(nonces));
    }

    private RequestVerifier(
            VerificationPolicy policy, MessageVerifier signatures, Clock clock, Optional<NonceStore> nonces) {
        verifier = new ProfileVerifier(
                FapiProfile.REQUEST_TAG,
                (request, covered) -> FapiProfile.requireCoverage(
                        FapiProfile.requiredOfRequest(request), covered, RefusalReason.COVERAGE_MISSING),
                policy,
                signatures,
                clock,
                nonces);
    }

    /**
     * Verifies a request. Never throws for what a client sent.
     *
     * @param request as received, with its whole content
     * @param client the keys of the client that the access token was issued to, nobody else's
     * @throws IllegalArgumentException when the message is a response
     */
    public Verification verify(HttpMessage request, VerificationKeys client) {
        if (!request.isRequest()) {
            throw new IllegalArgumentException("a request is needed");
        }
        for (String field : List.of("authorization", "dpop")) {
            if (request.values(field).size() > 1) {
                return new Verification.Refused(
                        RefusalReason.AUTHORIZATION_AMBIGUOUS, "there is more than one line of " + field);
            }
        }
        return verifier.verify(request, client);
    }
}
