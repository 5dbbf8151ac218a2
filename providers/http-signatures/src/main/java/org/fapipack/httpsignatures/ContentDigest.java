package org.fapipack.httpsignatures;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.greenbytes.http.sfv.ByteSequenceItem;
import org.greenbytes.http.sfv.ListElement;

/**
 * The field {@code Content-Digest}: a hash of the content as it is sent.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9530.html#section-2">RFC 9530 section 2</a>
 */
public final class ContentDigest {

    /** The field's name. */
    public static final String FIELD = "Content-Digest";

    private ContentDigest() {}

    /**
     * The field's value for some content.
     *
     * @throws IllegalArgumentException when only digests of the content were kept, and not this one
     */
    public static String of(Content content, DigestAlgorithm algorithm) {
        byte[] digest = content.digest(algorithm)
                .orElseThrow(
                        () -> new IllegalArgumentException("the content was not digested with " + algorithm.key()));
        return algorithm.key() + "=" + ByteSequenceItem.valueOf(digest).serialize();
    }

    /**
     * Compares the content with what the field says of it. Every digest of a known algorithm must match, and there must be one; others are
     * ignored. Where a key stands twice, the last one counts.
     *
     * @param lines the values of all lines of the field, in their order
     * @param content the content received, possibly empty
     * @throws HttpSignatureException {@link RefusalReason#DIGEST_MISSING}, {@link RefusalReason#DIGEST_MALFORMED},
     *     {@link RefusalReason#DIGEST_ALGORITHM}, {@link RefusalReason#DIGEST_MISMATCH} or {@link RefusalReason#LIMIT_EXCEEDED}
     */
    public static void verify(List<String> lines, Content content) throws HttpSignatureException {
        verify(lines, content, Limits.DEFAULT);
    }

    static void verify(List<String> lines, Content content, Limits limits) throws HttpSignatureException {
        Map<String, ListElement<?>> members = members(lines, limits);
        Set<DigestAlgorithm> matching = EnumSet.noneOf(DigestAlgorithm.class);
        for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
            ListElement<?> member = members.get(algorithm.key());
            if (member == null) {
                continue;
            }
            if (!(member instanceof ByteSequenceItem digest)) {
                throw new HttpSignatureException(
                        RefusalReason.DIGEST_MALFORMED, algorithm.key() + " is no Byte Sequence");
            }
            byte[] actual = content.digest(algorithm)
                    .orElseThrow(() -> new HttpSignatureException(
                            RefusalReason.DIGEST_ALGORITHM, algorithm.key() + " was not computed for this content"));
            if (!MessageDigest.isEqual(actual, octets(digest))) {
                throw new HttpSignatureException(
                        RefusalReason.DIGEST_MISMATCH, algorithm.key() + " is not that of the content");
            }
            matching.add(algorithm);
        }
        if (matching.isEmpty()) {
            throw new HttpSignatureException(
                    RefusalReason.DIGEST_ALGORITHM, "Content-Digest has neither sha-256 nor sha-512");
        }
    }

    /**
     * The algorithms with which some content has to be digested before {@link #verify} can compare it: those of the field that are known.
     *
     * @throws HttpSignatureException {@link RefusalReason#DIGEST_MISSING}, {@link RefusalReason#DIGEST_MALFORMED} or
     *     {@link RefusalReason#LIMIT_EXCEEDED}
     */
    public static Set<DigestAlgorithm> algorithms(List<String> lines) throws HttpSignatureException {
        Map<String, ListElement<?>> members = members(lines, Limits.DEFAULT);
        Set<DigestAlgorithm> algorithms = EnumSet.noneOf(DigestAlgorithm.class);
        for (String key : members.keySet()) {
            DigestAlgorithm.ofKey(key).ifPresent(algorithms::add);
        }
        return algorithms;
    }

    private static Map<String, ListElement<?>> members(List<String> lines, Limits limits)
            throws HttpSignatureException {
        if (lines.isEmpty()) {
            throw new HttpSignatureException(RefusalReason.DIGEST_MISSING, "there is no Content-Digest");
        }
        return new StructuredFields(limits, RefusalReason.DIGEST_MALFORMED).dictionary(FIELD, lines);
    }

    static byte[] octets(ByteSequenceItem item) {
        ByteBuffer buffer = item.get().duplicate();
        byte[] octets = new byte[buffer.remaining()];
        buffer.get(octets);
        return octets;
    }
}
