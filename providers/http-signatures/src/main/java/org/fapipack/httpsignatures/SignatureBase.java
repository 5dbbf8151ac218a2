package org.fapipack.httpsignatures;

import java.nio.charset.StandardCharsets;

/**
 * The octets that are signed: one line for each covered component and one for the signature parameters. Immutable.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9421.html#section-2.5">RFC 9421 section 2.5</a>
 */
public final class SignatureBase {

    private final String text;

    private SignatureBase(String text) {
        this.text = text;
    }

    /**
     * Makes the signature base.
     *
     * @param message the message, for a response with its request if components of that are covered; not null
     * @param input what is covered, not null
     * @throws HttpSignatureException {@link RefusalReason#BASE_ERROR} when a component is absent, not legal in this message, or has no
     *     unambiguous value of printable ASCII; {@link RefusalReason#LIMIT_EXCEEDED}
     */
    public static SignatureBase of(HttpMessage message, SignatureInput input) throws HttpSignatureException {
        return of(message, input, FieldTypes.STANDARD, Limits.DEFAULT);
    }

    /** The same, for messages with structured fields of one's own. */
    public static SignatureBase of(HttpMessage message, SignatureInput input, FieldTypes types, Limits limits)
            throws HttpSignatureException {
        return of(message, input, input.components(), new ComponentValues(types, limits));
    }

    static SignatureBase of(
            HttpMessage message, SignatureInput input, Iterable<ComponentIdentifier> components, ComponentValues values)
            throws HttpSignatureException {
        StringBuilder base = new StringBuilder(2048); // enough for a token and a proof
        for (ComponentIdentifier component : components) {
            base.append(component)
                    .append(": ")
                    .append(values.of(message, component))
                    .append('\n');
        }
        return new SignatureBase(base.append("\"@signature-params\": ")
                .append(input.signatureParams())
                .toString());
    }

    /** The octets to sign. */
    public byte[] octets() {
        return text.getBytes(StandardCharsets.ISO_8859_1); // the same for ASCII, but the JDK copies it whole
    }

    /** The same as text; ASCII. */
    @Override
    public String toString() {
        return text;
    }
}
