package org.fapipack.httpsignatures.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Keeps what is written, up to a limit. Not thread-safe. */
public final class LimitedBuffer extends OutputStream {

    private final int maxOctets;
    private final ByteArrayOutputStream octets = new ByteArrayOutputStream();
    private boolean tooLong;

    /**
     * An empty one.
     *
     * @param maxOctets most octets, inclusive
     */
    public LimitedBuffer(int maxOctets) {
        this.maxOctets = maxOctets;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    /** Takes more. @throws IOException above the limit; the buffer then keeps nothing */
    @Override
    public void write(byte[] more, int offset, int count) throws IOException {
        if (tooLong || count > maxOctets - octets.size()) {
            tooLong = true;
            octets.reset();
            throw new IOException("more than %d octets".formatted(maxOctets));
        }
        octets.write(more, offset, count);
    }

    /** Whether more was written than is kept; stays so, whatever happens afterwards. */
    public boolean isTooLong() {
        return tooLong;
    }

    /** Forgets what was written. */
    public void reset() {
        octets.reset();
    }

    /** What was written. */
    public byte[] octets() {
        return octets.toByteArray();
    }
}
