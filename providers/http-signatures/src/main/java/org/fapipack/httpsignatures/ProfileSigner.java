package org.fapipack.httpsignatures;

import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What signing has in common in both directions. */
final class ProfileSigner {

    /** Not demanded by the profile, but worth signing where they are sent: how the content is to be read, and which call this is. */
    static final List<ComponentIdentifier> RECOMMENDED =
            List.of(ComponentIdentifier.of("content-type"), ComponentIdentifier.of("x-fapi-interaction-id"));

    private ProfileSigner() {}

    /** The message with a {@code Content-Digest} if it has content; one that is there already must be right. */
    static Optional<String> digestToAdd(HttpMessage message) throws HttpSignatureException {
        if (message.has(ContentDigest.FIELD)) {
            ContentDigest.verify(message.values(ContentDigest.FIELD), message.content());
            return Optional.empty();
        }
        return message.content().isPresent()
                ? Optional.of(ContentDigest.of(message.content(), DigestAlgorithm.SHA_256))
                : Optional.empty();
    }

    static HttpMessage withDigest(HttpMessage message, Optional<String> digest) {
        return digest.map(value -> message.with(List.of(new FieldLine(ContentDigest.FIELD, value))))
                .orElse(message);
    }

    /** A label that no signature of the message has yet. */
    static String freeLabel(HttpMessage message, String preferred) throws HttpSignatureException {
        if (!message.has("signature-input") && !message.has("signature")) {
            return preferred;
        }
        Set<String> taken = new StructuredFields(Limits.DEFAULT, RefusalReason.SIGNATURE_MALFORMED)
                .dictionaryWithUniqueKeys("Signature-Input", message.values("signature-input"))
                .keySet();
        String label = preferred;
        for (int i = 2; taken.contains(label); i++) {
            label = preferred + "-" + i;
        }
        return label;
    }

    static MessageSignature sign(
            HttpMessage message, Optional<String> addedDigest, SignatureInput input, MessageSigner signer)
            throws HttpSignatureException, GeneralSecurityException {
        SignatureBase base = SignatureBase.of(message, input);
        return new MessageSignature(input, signer.sign(base.octets()), base, addedDigest);
    }
}
