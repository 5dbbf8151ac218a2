package org.fapipack.httpsignatures;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.greenbytes.http.sfv.ByteSequenceItem;

/** A new signature of a message, and the field lines that carry it. Immutable. */
public final class MessageSignature {

    private final SignatureInput input;
    private final byte[] octets;
    private final SignatureBase base;
    private final Optional<String> contentDigest;

    MessageSignature(SignatureInput input, byte[] octets, SignatureBase base, Optional<String> contentDigest) {
        this.input = input;
        this.octets = octets;
        this.base = base;
        this.contentDigest = contentDigest;
    }

    /** What is covered. */
    public SignatureInput input() {
        return input;
    }

    /** The signature's octets. */
    public byte[] octets() {
        return octets.clone();
    }

    /** What was signed. */
    public SignatureBase base() {
        return base;
    }

    /** The lines to add to the message before it is sent: {@code Content-Digest} where it is lacking, {@code Signature-Input}, {@code Signature}. */
    public List<FieldLine> fields() {
        List<FieldLine> fields = new ArrayList<>(3);
        contentDigest.ifPresent(value -> fields.add(new FieldLine(ContentDigest.FIELD, value)));
        fields.add(new FieldLine("Signature-Input", input.toString()));
        fields.add(new FieldLine(
                "Signature",
                input.label() + "=" + ByteSequenceItem.valueOf(octets).serialize()));
        return fields;
    }
}
