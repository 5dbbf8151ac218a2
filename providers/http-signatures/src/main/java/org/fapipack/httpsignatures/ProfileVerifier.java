package org.fapipack.httpsignatures;

import java.security.GeneralSecurityException;
import java.security.interfaces.RSAKey;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The order of checks that both directions share. */
final class ProfileVerifier {

    /** What the direction demands to be covered. */
    interface Coverage {
        void require(HttpMessage message, Set<ComponentIdentifier> covered) throws HttpSignatureException;
    }

    private final String tag;
    private final Coverage coverage;
    private final VerificationPolicy policy;
    private final MessageVerifier signatures;
    private final Clock clock;
    private final Optional<NonceStore> nonces;
    private final ComponentValues componentValues;

    ProfileVerifier(
            String tag,
            Coverage coverage,
            VerificationPolicy policy,
            MessageVerifier signatures,
            Clock clock,
            Optional<NonceStore> nonces) {
        this.tag = tag;
        this.coverage = coverage;
        this.policy = policy;
        this.signatures = signatures;
        this.clock = clock;
        this.nonces = nonces;
        this.componentValues = new ComponentValues(policy.fieldTypes(), policy.limits());
        if (policy.nonceRequired() && nonces.isEmpty()) {
            throw new IllegalArgumentException("nonces that are demanded have to be remembered");
        }
    }

    Verification verify(HttpMessage message, VerificationKeys keys) {
        try {
            return new Verification.Accepted(verified(message, keys));
        } catch (HttpSignatureException refused) {
            return new Verification.Refused(refused.reason(), refused.getMessage());
        }
    }

    private List<Evidence> verified(HttpMessage message, VerificationKeys keys) throws HttpSignatureException {
        List<ReceivedSignature> candidates = FapiProfile.tagged(tag, ReceivedSignature.of(message, policy.limits()));
        if (candidates.isEmpty()) {
            throw new HttpSignatureException(RefusalReason.TAG_MISSING_OR_WRONG, "no signature has the tag " + tag);
        }
        Instant now = clock.instant();
        List<Evidence> evidence = new ArrayList<>();
        HttpSignatureException first = null;
        for (ReceivedSignature candidate : ofThisSigner(candidates, keys)) {
            try {
                evidence.add(verified(candidate, message, keys, now));
                if (!policy.everySignature()) {
                    break;
                }
            } catch (HttpSignatureException refused) {
                if (policy.everySignature()) {
                    throw refused;
                }
                first = first == null ? refused : first;
            }
        }
        if (evidence.isEmpty()) {
            throw first;
        }
        return evidence;
    }

    /** Others may sign, too: a signature by a key that is not this signer's is left out as long as there is another one. */
    private List<ReceivedSignature> ofThisSigner(List<ReceivedSignature> candidates, VerificationKeys keys)
            throws HttpSignatureException {
        if (candidates.size() == 1) {
            return candidates;
        }
        List<ReceivedSignature> own = new ArrayList<>();
        for (ReceivedSignature candidate : candidates) {
            Optional<String> keyId = candidate.input().keyId();
            if (keyId.isEmpty() || keys.all().stream().anyMatch(key -> keyId.equals(key.keyId()))) {
                own.add(candidate);
            }
        }
        return own.isEmpty() ? candidates : own;
    }

    private Evidence verified(ReceivedSignature candidate, HttpMessage message, VerificationKeys keys, Instant now)
            throws HttpSignatureException {
        SignatureInput input = candidate.input();
        Optional<Instant> created = input.created();
        Optional<Instant> expires = input.expires();
        Optional<String> nonce = input.nonce();
        Optional<String> algorithm = input.algorithm();
        Optional<String> keyId = input.keyId();
        requireWindow(created, expires, now);
        Set<ComponentIdentifier> covered = input.components();
        requireLegal(covered, message);
        if (message.content().isPresent() && !message.has(ContentDigest.FIELD)) {
            throw new HttpSignatureException(RefusalReason.DIGEST_MISSING, "there is content without Content-Digest");
        }
        coverage.require(message, covered);
        VerificationKeys.Resolved key = keys.resolve(keyId, algorithm, policy.algorithms(), policy.ofRsa());
        SignatureBase base = SignatureBase.of(message, input, covered, componentValues);
        requireSignature(key, base, candidate.octets());
        if (message.content().isPresent() || covered.contains(ComponentIdentifier.CONTENT_DIGEST)) {
            ContentDigest.verify(message.values(ContentDigest.FIELD), message.content(), policy.limits());
        }
        requireFirstUse(nonce, key.key(), created.orElseThrow());
        return new Evidence(message, candidate, base, key, now);
    }

    private void requireWindow(Optional<Instant> created, Optional<Instant> expires, Instant now)
            throws HttpSignatureException {
        if (created.isEmpty()) {
            throw new HttpSignatureException(RefusalReason.CREATED_MISSING, "there is no created");
        }
        // Both sides count whole seconds: a signature is as old as the difference of two such numbers.
        long age = now.getEpochSecond() - created.get().getEpochSecond();
        if (age > policy.maxAge().plus(policy.clockSkew()).toSeconds()
                || -age > policy.clockSkew().toSeconds()) {
            throw new HttpSignatureException(
                    RefusalReason.CREATED_OUT_OF_WINDOW, "created lies %d seconds back".formatted(age));
        }
        if (expires.isPresent()
                && (expires.get().isBefore(created.get()) || expires.get().getEpochSecond() < now.getEpochSecond())) {
            throw new HttpSignatureException(RefusalReason.EXPIRED, "expires is past, or before created");
        }
    }

    /** What can be said of the identifiers alone; their values come later, with the base. */
    private static void requireLegal(Set<ComponentIdentifier> covered, HttpMessage message)
            throws HttpSignatureException {
        for (ComponentIdentifier component : covered) {
            if (component.isOfRequest() && message.isRequest()) {
                throw component.error("has req, but this is a request");
            }
            boolean ofRequest = message.isRequest() || component.isOfRequest();
            if (component.isDerived() && component.name().equals("@status") == ofRequest) {
                throw component.error("does not exist in this message");
            }
        }
    }

    private void requireSignature(VerificationKeys.Resolved key, SignatureBase base, byte[] signature)
            throws HttpSignatureException {
        boolean valid;
        try {
            valid = signature.length == expectedLength(key)
                    && signatures.verifies(key.key(), key.algorithm(), base.octets(), signature);
        } catch (GeneralSecurityException | RuntimeException oddSignature) {
            throw new HttpSignatureException(
                    RefusalReason.SIGNATURE_INVALID, "the signature cannot be verified", oddSignature);
        }
        if (!valid) {
            throw new HttpSignatureException(
                    RefusalReason.SIGNATURE_INVALID, "the signature is not one of this key over this message");
        }
    }

    private static int expectedLength(VerificationKeys.Resolved key) {
        return switch (key.algorithm()) {
            case ES256, EDDSA -> 64;
            case ES384 -> 96;
            case PS256, PS512 -> (((RSAKey) key.key().publicKey()).getModulus().bitLength() + 7) / 8;
        };
    }

    private void requireFirstUse(Optional<String> nonce, VerificationKey key, Instant created)
            throws HttpSignatureException {
        if (nonce.isEmpty()) {
            if (policy.nonceRequired()) {
                throw new HttpSignatureException(RefusalReason.NONCE_MISSING, "there is no nonce");
            }
            return;
        }
        Instant until = created.plus(policy.maxAge()).plus(policy.clockSkew()).plusSeconds(1);
        if (nonces.isPresent() && !nonces.get().remember(key.thumbprint(), nonce.get(), until)) {
            throw new HttpSignatureException(RefusalReason.REPLAY, "the nonce was used before");
        }
    }
}
