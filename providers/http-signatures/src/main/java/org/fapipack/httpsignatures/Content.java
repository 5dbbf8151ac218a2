package org.fapipack.httpsignatures;

import static java.util.Objects.requireNonNull;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The content of a message: the octets after content coding (gzip, br) and without transfer coding; or, for content that was streamed past,
 * its digests only. Immutable as long as nobody changes the arrays handed in, which are not copied.
 */
public final class Content {

    private static final Content EMPTY = new Content(new byte[0], 0, Map.of());

    private final byte[] octets;
    private final long length;
    private final Map<DigestAlgorithm, byte[]> digests;

    private Content(byte[] octets, long length, Map<DigestAlgorithm, byte[]> digests) {
        this.octets = octets;
        this.length = length;
        this.digests = digests;
    }

    /** No content: also what a response to HEAD, a 204 and a 304 have. */
    public static Content empty() {
        return EMPTY;
    }

    /** Content that is at hand. */
    public static Content of(byte[] octets) {
        return octets.length == 0 ? EMPTY : new Content(requireNonNull(octets, "octets"), octets.length, Map.of());
    }

    /**
     * Content of which only the digests were kept; {@link ContentDigester} makes it.
     *
     * @param length number of octets, not negative
     * @param digests the digest of all octets under each algorithm; not null. A message whose {@code Content-Digest} has none of these is refused
     */
    public static Content digested(long length, Map<DigestAlgorithm, byte[]> digests) {
        if (length < 0) {
            throw new IllegalArgumentException("a content's length is not negative");
        }
        Map<DigestAlgorithm, byte[]> copy = new EnumMap<>(DigestAlgorithm.class);
        digests.forEach((algorithm, digest) -> copy.put(algorithm, digest.clone()));
        return new Content(null, length, copy);
    }

    /** Number of octets. */
    public long length() {
        return length;
    }

    /** Whether there is at least one octet: what the profile calls a body. */
    public boolean isPresent() {
        return length > 0;
    }

    /** The octets; empty when only the digests were kept. */
    public Optional<byte[]> octets() {
        return Optional.ofNullable(octets);
    }

    /** The digest of all octets; empty when only the digests were kept and this is not one of them. */
    public Optional<byte[]> digest(DigestAlgorithm algorithm) {
        if (octets != null) {
            return Optional.of(algorithm.newDigest().digest(octets));
        }
        return Optional.ofNullable(digests.get(algorithm)).map(byte[]::clone);
    }
}
