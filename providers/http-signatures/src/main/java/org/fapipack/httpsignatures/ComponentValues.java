package org.fapipack.httpsignatures;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.greenbytes.http.sfv.ByteSequenceItem;
import org.greenbytes.http.sfv.ListElement;

/**
 * The value of a component in a signature base.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9421.html#section-2.1">RFC 9421 sections 2.1 and 2.2</a>
 */
final class ComponentValues {

    private final FieldTypes types;
    private final StructuredFields structuredFields;

    ComponentValues(FieldTypes types, Limits limits) {
        this.types = types;
        this.structuredFields = new StructuredFields(limits, RefusalReason.BASE_ERROR);
    }

    String of(HttpMessage message, ComponentIdentifier component) throws HttpSignatureException {
        HttpMessage source = message;
        if (component.isOfRequest()) {
            if (message.isRequest() || message.request().isEmpty()) {
                throw component.error("is one of the request, which there is none to");
            }
            source = message.request().get();
        }
        String value = component.isDerived() ? derived(source, component) : field(source, component);
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            if ((character < 0x20 && character != '\t') || character > 0x7e) {
                throw component.error("has a character that is not printable ASCII");
            }
        }
        return value;
    }

    private static String derived(HttpMessage source, ComponentIdentifier component) throws HttpSignatureException {
        boolean status = component.name().equals("@status");
        if (status == source.isRequest()) {
            throw component.error("does not exist in this message");
        }
        if (status) {
            if (source.status() < 100 || source.status() > 999) {
                throw component.error("has not three digits");
            }
            return Integer.toString(source.status());
        }
        if (component.name().equals("@method")) {
            return source.method().orElseThrow();
        }
        String uri = source.targetUri().orElseThrow();
        if (component.name().equals("@target-uri")) {
            TargetUri.parse(uri, component);
            return uri;
        }
        TargetUri target = TargetUri.parse(uri, component);
        return switch (component.name()) {
            case "@authority" -> target.authority();
            case "@scheme" -> target.scheme();
            case "@path" -> target.path();
            case "@query" -> target.query();
            case "@request-target" -> source.requestTarget().orElse(target.originForm());
            case "@query-param" -> target.queryParameter(component);
            default -> throw component.error("is unknown");
        };
    }

    private String field(HttpMessage source, ComponentIdentifier component) throws HttpSignatureException {
        List<String> values =
                component.isTrailer() ? source.trailerValues(component.name()) : source.values(component.name());
        List<String> lines = new ArrayList<>(values.size());
        for (String line : values) {
            lines.add(trimmed(line));
        }
        if (lines.isEmpty()) {
            throw component.error("is not in the message");
        }
        if (component.isByteSequence()) {
            List<String> encoded = new ArrayList<>();
            for (String line : lines) {
                encoded.add(byteSequence(line, component));
            }
            return String.join(", ", encoded);
        }
        if (component.key().isPresent()) {
            return member(lines, component);
        }
        if (component.isStrict()) {
            return strict(lines, component);
        }
        return lines.size() == 1 ? lines.get(0) : String.join(", ", lines);
    }

    private static String trimmed(String line) {
        String unfolded = line.indexOf('\r') < 0 ? line : unfolded(line);
        int begin = 0;
        int end = unfolded.length();
        while (begin < end && isWhiteSpace(unfolded.charAt(begin))) {
            begin++;
        }
        while (begin < end && isWhiteSpace(unfolded.charAt(end - 1))) {
            end--;
        }
        return unfolded.substring(begin, end);
    }

    /** Each obsolete line folding (RFC 9112 section 5.2), with the white space around it, becomes one space; in one pass. */
    private static String unfolded(String line) {
        StringBuilder unfolded = new StringBuilder(line.length());
        int afterFold = 0;
        for (int i = 0; i < line.length(); i++) {
            if (line.startsWith("\r\n", i) && i + 2 < line.length() && isWhiteSpace(line.charAt(i + 2))) {
                int end = unfolded.length();
                while (end > afterFold && isWhiteSpace(unfolded.charAt(end - 1))) {
                    end--;
                }
                unfolded.setLength(end);
                afterFold = unfolded.append(' ').length();
                i += 2;
                while (i + 1 < line.length() && isWhiteSpace(line.charAt(i + 1))) {
                    i++;
                }
            } else {
                unfolded.append(line.charAt(i));
            }
        }
        return unfolded.toString();
    }

    private static boolean isWhiteSpace(char character) {
        return character == ' ' || character == '\t';
    }

    private static String byteSequence(String line, ComponentIdentifier component) throws HttpSignatureException {
        for (int i = 0; i < line.length(); i++) {
            if (line.charAt(i) > 0xff || line.charAt(i) == '\r' || line.charAt(i) == '\n') {
                throw component.error("has a character that is no octet of a field");
            }
        }
        return ByteSequenceItem.valueOf(line.getBytes(StandardCharsets.ISO_8859_1))
                .serialize();
    }

    private String member(List<String> lines, ComponentIdentifier component) throws HttpSignatureException {
        if (types.of(component.name()).orElse(null) != FieldTypes.Type.DICTIONARY) {
            throw component.error("is not known as a Dictionary");
        }
        Map<String, ListElement<?>> members = structuredFields.dictionary(component.name(), lines);
        ListElement<?> member = members.get(component.key().orElseThrow());
        if (member == null) {
            throw component.error("has no such member");
        }
        return member.serialize();
    }

    private String strict(List<String> lines, ComponentIdentifier component) throws HttpSignatureException {
        FieldTypes.Type type =
                types.of(component.name()).orElseThrow(() -> component.error("is not known as a structured field"));
        return structuredFields.strict(component.name(), lines, type);
    }
}
