package org.fapipack.core.certificate;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/**
 * A distinguished name that compares as names do, not as strings: attribute types by their object identifiers, values without regard to case,
 * insignificant spaces and string type, the attributes of one multi-valued RDN in any order, the RDNs in theirs.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280.html#section-7.1">RFC 5280 section 7.1</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc4517.html#section-4.2.15">RFC 4517 section 4.2.15</a>
 */
public final class DistinguishedName {

    private static final Charset UTF_32 = Charset.forName("UTF-32BE");

    /** The string types that a directory string, or an attribute with a syntax of its own, may have in a certificate. */
    private static final Map<Integer, Charset> STRING_TYPES = Map.of(
            0x0c, StandardCharsets.UTF_8,
            0x12, StandardCharsets.US_ASCII, // NumericString
            0x13, StandardCharsets.US_ASCII, // PrintableString
            0x14, StandardCharsets.ISO_8859_1, // TeletexString, as everybody reads it
            0x16, StandardCharsets.US_ASCII, // IA5String
            0x1a, StandardCharsets.US_ASCII, // VisibleString
            0x1c, UTF_32, // UniversalString
            0x1e, StandardCharsets.UTF_16BE); // BMPString

    /** Names of attribute types, in capitals, besides those that the JDK knows (RFC 4519, ETSI EN 319 412-1, CA/Browser Forum). */
    private static final Map<String, String> ATTRIBUTE_TYPES = Map.ofEntries(
            Map.entry("COMMONNAME", "2.5.4.3"),
            Map.entry("SN", "2.5.4.4"),
            Map.entry("SERIALNUMBER", "2.5.4.5"),
            Map.entry("COUNTRYNAME", "2.5.4.6"),
            Map.entry("LOCALITYNAME", "2.5.4.7"),
            Map.entry("STATEORPROVINCENAME", "2.5.4.8"),
            Map.entry("STREETADDRESS", "2.5.4.9"),
            Map.entry("ORGANIZATIONNAME", "2.5.4.10"),
            Map.entry("ORGANIZATIONALUNITNAME", "2.5.4.11"),
            Map.entry("DESCRIPTION", "2.5.4.13"),
            Map.entry("BUSINESSCATEGORY", "2.5.4.15"),
            Map.entry("POSTALCODE", "2.5.4.17"),
            Map.entry("TELEPHONENUMBER", "2.5.4.20"),
            Map.entry("NAME", "2.5.4.41"),
            Map.entry("GENERATIONQUALIFIER", "2.5.4.44"),
            Map.entry("PSEUDONYM", "2.5.4.65"),
            Map.entry("ORGANIZATIONIDENTIFIER", "2.5.4.97"),
            Map.entry("USERID", "0.9.2342.19200300.100.1.1"),
            Map.entry("DOMAINCOMPONENT", "0.9.2342.19200300.100.1.25"),
            Map.entry("E", "1.2.840.113549.1.9.1"),
            Map.entry("EMAILADDRESS", "1.2.840.113549.1.9.1"),
            Map.entry("JURISDICTIONL", "1.3.6.1.4.1.311.60.2.1.1"),
            Map.entry("JURISDICTIONLOCALITYNAME", "1.3.6.1.4.1.311.60.2.1.1"),
            Map.entry("JURISDICTIONST", "1.3.6.1.4.1.311.60.2.1.2"),
            Map.entry("JURISDICTIONSTATEORPROVINCENAME", "1.3.6.1.4.1.311.60.2.1.2"),
            Map.entry("JURISDICTIONC", "1.3.6.1.4.1.311.60.2.1.3"),
            Map.entry("JURISDICTIONCOUNTRY", "1.3.6.1.4.1.311.60.2.1.3"),
            Map.entry("JURISDICTIONCOUNTRYNAME", "1.3.6.1.4.1.311.60.2.1.3"));

    /** The value is a prepared string, or the element itself where the attribute is no string. */
    private record Attribute(DerElement type, Object value) {}

    /** The first is the root's: the order of the encoding, not that of the string. */
    private final List<Set<Attribute>> relativeNames;

    private DistinguishedName(List<Set<Attribute>> relativeNames) {
        this.relativeNames = relativeNames;
    }

    /**
     * Reads the string form of RFC 4514, in which the most specific RDN comes first. Attribute types may be names, or dotted object identifiers
     * with and without the prefix {@code OID.}; values may be hexadecimal ({@code #0c...}).
     *
     * @return empty for text that is no name, for the empty name, and for one with an attribute that cannot be compared
     */
    public static Optional<DistinguishedName> parse(String text) {
        try {
            return of(new X500Principal(text, ATTRIBUTE_TYPES));
        } catch (IllegalArgumentException noName) {
            return Optional.empty();
        }
    }

    /** The name of a certificate's subject or issuer; empty for the empty name, and for one with an attribute that cannot be compared. */
    public static Optional<DistinguishedName> of(X500Principal principal) {
        try {
            List<Set<Attribute>> names = new ArrayList<>();
            for (DerElement relativeName :
                    DerElement.read(principal.getEncoded()).elements()) {
                names.add(attributes(relativeName));
            }
            return names.isEmpty() ? Optional.empty() : Optional.of(new DistinguishedName(names));
        } catch (IllegalArgumentException | CharacterCodingException notComparable) {
            return Optional.empty();
        }
    }

    private static Set<Attribute> attributes(DerElement relativeName) throws CharacterCodingException {
        Set<Attribute> attributes = new HashSet<>();
        for (DerElement encoded : relativeName.elements()) {
            List<DerElement> typeAndValue = encoded.elements();
            if (typeAndValue.size() != 2
                    || !attributes.add(new Attribute(typeAndValue.get(0), comparable(typeAndValue.get(1))))) {
                throw new IllegalArgumentException("no set of attributes");
            }
        }
        return attributes;
    }

    private static Object comparable(DerElement value) throws CharacterCodingException {
        Charset charset = STRING_TYPES.get(value.tag());
        if (charset == null) {
            return value;
        }
        // A decoder of its own, since it shall report what is malformed and not replace it.
        String text =
                charset.newDecoder().decode(ByteBuffer.wrap(value.octets())).toString();
        return PreparedString.of(text).orElseThrow(() -> new IllegalArgumentException("prohibited character"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DistinguishedName name && relativeNames.equals(name.relativeNames);
    }

    @Override
    public int hashCode() {
        return relativeNames.hashCode();
    }
}
