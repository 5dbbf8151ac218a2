package org.fapipack.httpsignatures;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * Digests content while it streams past, up to a limit; keeps none of it. For one message; not thread-safe.
 *
 * <p>What was read before the end is not verified: whoever acts on it acts on content that may be forged.
 */
public final class ContentDigester {

    /** Content is longer than allowed; a resource server answers 413. */
    public static final class ContentTooLongException extends IOException {
        ContentTooLongException(long maxLength) {
            super("the content is longer than %d octets".formatted(maxLength));
        }
    }

    private final Map<DigestAlgorithm, MessageDigest> digests = new EnumMap<>(DigestAlgorithm.class);
    private final long maxLength;
    private long length;

    /**
     * @param algorithms those to digest with, from {@link ContentDigest#algorithms} for a message received; may be empty
     * @param maxLength most octets, inclusive
     */
    public ContentDigester(Set<DigestAlgorithm> algorithms, long maxLength) {
        for (DigestAlgorithm algorithm : algorithms) {
            digests.put(algorithm, algorithm.newDigest());
        }
        this.maxLength = maxLength;
    }

    /** Takes the next octets. @throws ContentTooLongException when they are more than allowed; none of them is taken */
    public void update(byte[] octets, int offset, int count) throws ContentTooLongException {
        if (count > maxLength - length) {
            throw new ContentTooLongException(maxLength);
        }
        length += count;
        for (MessageDigest digest : digests.values()) {
            digest.update(octets, offset, count);
        }
    }

    /** The stream, each octet of which is digested when it is read or skipped; its reads throw {@link ContentTooLongException}. */
    public InputStream reading(InputStream content) {
        return new Reading(content);
    }

    /** The content as far as it came; to be asked once, at the end. */
    public Content content() {
        Map<DigestAlgorithm, byte[]> results = new EnumMap<>(DigestAlgorithm.class);
        digests.forEach((algorithm, digest) -> results.put(algorithm, digest.digest()));
        return Content.digested(length, results);
    }

    private final class Reading extends FilterInputStream {
        private static final int SKIP_BUFFER = 4096;

        private Reading(InputStream content) {
            super(content);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int count) throws IOException {
            int read = in.read(buffer, offset, count);
            if (read > 0) {
                update(buffer, offset, read);
            }
            return read;
        }

        @Override
        public long skip(long count) throws IOException {
            byte[] buffer = new byte[SKIP_BUFFER];
            long skipped = 0;
            while (skipped < count) {
                int read = read(buffer, 0, (int) Math.min(buffer.length, count - skipped));
                if (read < 0) {
                    break;
                }
                skipped += read;
            }
            return skipped;
        }

        @Override
        public boolean markSupported() {
            return false;
        }
    }
}
