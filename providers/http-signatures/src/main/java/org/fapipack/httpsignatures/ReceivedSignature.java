package org.fapipack.httpsignatures;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.greenbytes.http.sfv.ByteSequenceItem;
import org.greenbytes.http.sfv.InnerList;
import org.greenbytes.http.sfv.Item;
import org.greenbytes.http.sfv.ListElement;
import org.greenbytes.http.sfv.StringItem;

/** One signature of a message, not verified. */
final class ReceivedSignature {

    private final SignatureInput input;
    private final byte[] octets;

    private ReceivedSignature(SignatureInput input, byte[] octets) {
        this.input = input;
        this.octets = octets;
    }

    /** What it says to cover. */
    SignatureInput input() {
        return input;
    }

    /** The signature itself, not copied. */
    byte[] octets() {
        return octets;
    }

    /**
     * All signatures of a message, whatever they are for.
     *
     * @throws HttpSignatureException {@link RefusalReason#SIGNATURE_MISSING}, {@link RefusalReason#SIGNATURE_MALFORMED} or
     *     {@link RefusalReason#LIMIT_EXCEEDED}
     */
    static List<ReceivedSignature> of(HttpMessage message, Limits limits) throws HttpSignatureException {
        List<String> inputLines = message.values("signature-input");
        List<String> signatureLines = message.values("signature");
        if (inputLines.isEmpty() || signatureLines.isEmpty()) {
            throw new HttpSignatureException(RefusalReason.SIGNATURE_MISSING, "Signature-Input or Signature is absent");
        }
        StructuredFields fields = new StructuredFields(limits, RefusalReason.SIGNATURE_MALFORMED);
        Map<String, ListElement<?>> inputs = fields.dictionaryWithUniqueKeys("Signature-Input", inputLines);
        Map<String, ListElement<?>> signatures = fields.dictionaryWithUniqueKeys("Signature", signatureLines);
        if (inputs.isEmpty() || !inputs.keySet().equals(signatures.keySet())) {
            throw new HttpSignatureException(
                    RefusalReason.SIGNATURE_MISSING, "Signature-Input and Signature have not the same labels");
        }
        List<ReceivedSignature> received = new ArrayList<>(inputs.size());
        for (Map.Entry<String, ListElement<?>> entry : inputs.entrySet()) {
            received.add(new ReceivedSignature(
                    input(entry.getKey(), entry.getValue()), octets(entry.getKey(), signatures.get(entry.getKey()))));
        }
        return received;
    }

    private static SignatureInput input(String label, ListElement<?> member) throws HttpSignatureException {
        if (!(member instanceof InnerList list)) {
            throw malformed(label, "no Inner List in Signature-Input");
        }
        for (Item<?> item : list.get()) {
            if (!(item instanceof StringItem)) {
                throw malformed(label, "a component that is no String");
            }
        }
        return new SignatureInput(label, list);
    }

    private static byte[] octets(String label, ListElement<?> member) throws HttpSignatureException {
        if (!(member instanceof ByteSequenceItem sequence)) {
            throw malformed(label, "no Byte Sequence in Signature");
        }
        return ContentDigest.octets(sequence);
    }

    private static HttpSignatureException malformed(String label, String what) {
        return new HttpSignatureException(
                RefusalReason.SIGNATURE_MALFORMED, "signature \"%s\" has %s".formatted(label, what));
    }
}
