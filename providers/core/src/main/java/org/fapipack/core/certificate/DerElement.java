package org.fapipack.core.certificate;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One element of a DER encoding. Equal when type and content are.
 *
 * @param tag identifier octet; tags above 30 are not read, names have none
 * @param content content octets
 */
record DerElement(int tag, ByteBuffer content) {

    /** The element that these octets are.
     *
     * @throws IllegalArgumentException when they are not exactly one element
     */
    static DerElement read(byte[] encoded) {
        List<DerElement> elements = all(ByteBuffer.wrap(encoded));
        if (elements.size() != 1) {
            throw new IllegalArgumentException("not one DER element");
        }
        return elements.get(0);
    }

    /**
     * The elements within a constructed one.
     *
     * @throws IllegalArgumentException when the content is not made of elements
     */
    List<DerElement> elements() {
        return all(content.duplicate());
    }

    byte[] octets() {
        byte[] octets = new byte[content.remaining()];
        content.duplicate().get(octets);
        return octets;
    }

    private static List<DerElement> all(ByteBuffer encoded) {
        List<DerElement> elements = new ArrayList<>();
        try {
            while (encoded.hasRemaining()) {
                int tag = encoded.get() & 0xff;
                int length = length(encoded);
                elements.add(new DerElement(tag, encoded.slice(encoded.position(), length)));
                encoded.position(encoded.position() + length);
            }
        } catch (BufferUnderflowException | IndexOutOfBoundsException truncated) {
            throw new IllegalArgumentException("truncated DER", truncated);
        }
        return elements;
    }

    private static int length(ByteBuffer encoded) {
        int first = encoded.get() & 0xff;
        if (first < 0x80) {
            return first;
        }
        int octets = first & 0x7f;
        if (octets == 0 || octets > 3) {
            throw new IllegalArgumentException("no DER length");
        }
        int length = 0;
        for (int i = 0; i < octets; i++) {
            length = (length << 8) | (encoded.get() & 0xff);
        }
        return length;
    }
}
