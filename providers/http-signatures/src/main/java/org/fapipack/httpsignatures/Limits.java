package org.fapipack.httpsignatures;

/**
 * How much of a peer's fields is looked at. Whatever is larger is refused with {@link RefusalReason#LIMIT_EXCEEDED} before it is parsed.
 *
 * @param maxFieldLength most characters of all lines of one structured field ({@code Signature-Input}, {@code Signature}, ...) together
 * @param maxSignatures most signatures of one message, and members of any other Dictionary
 * @param maxComponents most components that one signature covers, and parameters of one member
 */
public record Limits(int maxFieldLength, int maxSignatures, int maxComponents) {

    /** 16384 characters, twice what most servers accept as one field; 16 signatures; 64 components, where the profile needs 5 to 10. */
    public static final Limits DEFAULT = new Limits(16_384, 16, 64);

    public Limits {
        if (maxFieldLength < 1 || maxSignatures < 1 || maxComponents < 1) {
            throw new IllegalArgumentException("a limit is at least 1");
        }
    }
}
